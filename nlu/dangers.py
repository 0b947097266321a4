"""Someone in danger now, or about to hurt themselves. Pure: words, their order, what denies them.

A complaint about the past ("去年有人砸我家门没人管") and a figure of speech ("等得想死") are no
alarm; "又来砸门了" beside "昨天" is one. In doubt an alarm: a call too many costs a minute.
"""

from __future__ import annotations

import re
from typing import Optional

_VIOLENCE = (
    r"(?:砸|撬|踹|踢|撞|闯|翻)(?:我|咱|俺|人)?(?:们)?(?:家|屋|店|车|门|窗|锁|进来|进)"
    r"|(?<!挨)打(?!电话|字|印|卡|牌|扫|工|瞌睡|游戏|麻将|车|开|算|听|官腔|太极|球|针|票|分|饭|交道|招呼|广告|包)"
    r"(?:我|人|架|起来|老婆|老人|孩子|小孩|他|她|死|得)?"
    r"|砍|捅|杀人|行凶|抢劫|抢(?:我|东西|包|手机|钱)|绑架|劫持|强奸|猥亵|非礼|放火|纵火|持刀|动刀|追着?我|跟踪我?|尾随我?"
    r"|堵(?:着|住|在)?我|围(?:着|住)我|掐(?:着|住)?我|偷(?:东西|车|我)|撬锁|闹事|斗殴|群殴|家暴"
)
_NOW = r"(?:正在|正|现在|这会儿|这时候|此刻|眼下|还在|有人在|又在|又来|一直在|在)"
_ONGOING = re.compile(
    rf"{_NOW}[^，。,.;；!！]{{0,10}}?(?:{_VIOLENCE})|(?:{_VIOLENCE})[^，。,.]{{0,4}}(?:呢|着呢)$"
)
_CRY = re.compile(
    r"救命(?!稻草|恩人|之恩|药|钱|的钱)|快来人|来人啊|要杀(?:我|了我|人)|要打死我|要弄死我|要砍|(?:拿|带|提|举|握)着?(?:一把|把)?(?:菜|砍|水果|匕首)?刀"
    r"|被[^，。,.]{0,8}(?:堵在|困在|关在|锁在|跟着|尾随|跟踪)|持刀|有刀|(?:拿|有|持|带)着?枪|被绑架|有人(?:闯进|冲进|翻进|翻墙|爬窗|撬)|(?:闯进|冲进)(?:我|来|屋|店)|有贼|进贼了|着火了|起火了|打起来了|捅人了|砍人了"
    r"|(?:someone|somebody|he|she|they|man|people)\b.{0,30}\b(?:breaking in|attacking|beating|stabbing|following me|chasing|threatening|has a (?:knife|gun)|with a (?:knife|gun))"
    r"|help me.{0,40}(?:attack|knife|gun|kill|beat)|(?:going|trying) to kill me|being (?:attacked|robbed|beaten|followed|raped)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"去年|前年|大前年|上次|上回|上个?月|上周|上星期|昨[天晚]|前[天晚]|那[天次晚]|当时|曾经|之前|以前|早先|早上|上午|过年|小时候"
    r"|\d+\s*[年月号日]|[一二三四五六七八九十几两]+(?:年|个月|天|周|个?星期|个?小时)前|后来|过了|打过|砸过|来过|偷过|抢过"
    r"|没人管|不立案|没立案|没抓|抓住了|已经抓|走了|跑了|报过警|报了警|出过警|处理结果|怎么还没|(?:被)?(?:打|砸|砍|捅|抢|偷|撬|踹|闯)了"
    r"|yesterday|last (?:year|month|week|night)|ago|was |were ",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    rf"(?<!到)(?:正在|现在|这会儿|此刻|眼下|还在|又在|又来)[^，。,.]{{0,8}}?(?:{_VIOLENCE})|救命|right now",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"没有?人?(?:在|正在)?(?:打|砸|拿刀|持刀|砍|抢)|没在|并没|不是(?:在|真)?(?:打|砸|抢)|如果|假如|假设|万一|要是|怕有人|担心|听说|新闻|电影|电视|小说|剧|游戏里"
    r"|怎么办理|宣传|演练|演习|预防|防范|刀具|菜刀怎么|\bif\b|movie|news",
    re.IGNORECASE,
)
_SELF_HARM = re.compile(
    r"不想再?活|想死|去死(?!吧你)|寻死|自杀|轻生|自残|想跳下去|要跳下去|站在(?:天台|楼顶|楼边|桥上|桥边)|跳楼|跳河|跳江|跳桥|割腕|上吊|喝农药|喝药(?:了|死)|药[^，。]{0,6}(?:都)?(?:吃|吞|喝)(?:下去)?了|吞安眠药|吃安眠药|活不下去|活着没(?:意思|意义|劲)|活够了"
    r"|不如死|死了算了|结束(?:自己|生命|这一切)|了结(?:自己|此生)|一了百了|遗书|kill(?:ing)? myself|suicid|end (?:my life|it all)|want to die|hurt(?:ing)? myself",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"(?:等|气|热|冻|烦|累|急|困|饿|笑|吵|疼|痛|堵|排队)[^，。]{0,4}(?:想死|要死|得死)|想死你|想死我了|不想死|不会(?:自杀|轻生|想不开)|没想(?:过)?(?:死|自杀)"
    r"|(?:防|预防|干预|劝阻)[^，。]{0,4}(?:自杀|轻生)|自杀式|救下|救了|救回|去世|判|保险"
    r"|(?:去年|前年|上次|以前|新闻|听说|电视)[^，。]{0,12}(?:自杀|想跳下去|要跳下去|站在(?:天台|楼顶|楼边|桥上|桥边)|跳楼|轻生|跳河)"
)

_HINT = re.compile(
    r"[打砸刀枪杀抢追堵闯撬绑救血火贼歹伤死活跳割药]|跟踪|尾随|强奸|害怕|威胁|遗书|解脱|世界|撑不下去"
    r"|kill|attack|knife|gun|beat|break|follow|help|die|suicid|end|live",
    re.IGNORECASE,
)


def danger_in(text: str) -> Optional[str]:
    """`self_harm`, `danger` or None."""
    if _SELF_HARM.search(text) and not _FIGURE.search(text):
        return "self_harm"
    alarming = _CRY.search(text) or _ONGOING.search(text)
    if alarming and not _NOT.search(text) and not _told_of_past(text):
        return "danger"
    return None


def plausible(text: str) -> bool:
    """Whether a guessed alarm may be one: a word of danger, and nothing that denies it."""
    denied = _NOT.search(text) or _FIGURE.search(text) or _told_of_past(text)
    return bool(_HINT.search(text)) and not denied


def _told_of_past(text: str) -> bool:
    return bool(_PAST.search(text)) and not _AGAIN.search(text)
