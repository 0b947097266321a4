"""Commands, menu words and codes, recognised with certainty before any guess. Pure.

Each row: a pattern that the whole (plain) text must match, the intent, fixed entities. Named groups
become entities: `case` a case number, `code` a code, `query` the number of a query, `words` free
text behind a command.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, Optional, Tuple

from nlu.codes import CODE, NUMBER, is_short_code, number_in, tidy_code
from nlu.figure_commands import FIGURE_ROWS
from nlu.found import Found

_NO = rf"(?:案件|编号|第)?\s*(?P<case>{NUMBER})(?:号(?![码牌线])|件|\s*这件)?"  # not: 号码没有重
_SAID = r"\s*[:：,，。]?\s*(?P<words>.+)"
_END = r"\s*(?:吧|了|啊|呀|哦|哈|的)?"

_WHEN = (
    r"(?:是|要|得|定在?|会)*\s*(?:[这那][一个]?天|[今明后]天|(?:周|星期)[一二三四五六日天]|\d+\s*[月号日点]\s*(?:\d+\s*[号日])?"
    r"|这时候|这个时间|那么[快早晚])?\s*(?:之?前)?就?"
)
_DUE = r"(?:到期|到时间|截止|超期)的?[?？]?"

# The verbs of the work: the intent, what it is called before or behind a number, and the names that
# need no number ("延期 2天 等街道回复"): those that citizens hardly use.
_WORK: Tuple[Tuple[str, str, str], ...] = (
    (
        "call_back",
        r"call(?:ed)?(?: back)?|回访|已回访|电话回访|已电话回访",
        r"回访|已回访|电话回访|已电话回访",
    ),
    ("ask_citizen", r"ask|问群众|问一下群众|问一?下?", r"问群众|问一下群众"),
    (
        "message_citizen",
        r"tell|message|告诉群众|告知群众|转告群众|转告|告诉|告知",
        r"告诉群众|告知群众|转告群众",
    ),
    ("continue_case", r"continue|go on|继续办?|接着办|不等了接着办|不等了", ""),
    ("visit_case", r"visit(?:ed)?|上门|已上门|走访|已走访|上门记录", ""),
    ("verify_case", r"verify|verified|finding|核查|核查结论|核实", r"verify|核查|核查结论"),
    ("rectify_case", r"rectify|rectified|整改|已整改|整改完成", r"rectify|整改|已整改|整改完成"),
    ("explain_case", r"explain(?:ed)?|说明|改不了说明|改不了|无法整改", ""),
    ("extend_case", r"extend|extension|延期|申请延期|延长", r"extend|延期|申请延期|延长"),
    ("transfer_case", r"transfer|转办|转给|转到|转派|移送", r"transfer|转办|转派|移送"),
    ("hand_over_case", r"hand ?over|移交|移交给|交给", r"hand ?over|移交|移交给"),
    ("merge_case", r"merge|并案|合并|并入", r"merge|并案|并入"),
    ("review_case", r"pass|approve|通过|复核通过|审核通过", ""),
    ("send_back", r"send back|return|退回|打回|退回重办", r"send back|退回|打回|退回重办"),
    ("revisit", r"re-?visit(?:ed)?|复访|已复访", r"re-?visit|复访|已复访"),
    ("close_case", r"close|办结|结案", ""),
    ("deny_case", r"refuse|deny|不同意延期|驳回延期|不批|不批准|不同意", ""),
    ("grant_case", r"grant|同意延期|批准延期|批准|准了|同意", ""),
    ("dispatch", r"dispatch|分派|派给|分派给|派单", r"dispatch|分派|分派给"),
    ("name_subject", r"name|点明|被反映人|被投诉人", ""),
    ("supervise_case", r"supervise|督办|发督办", ""),
    ("confirm_visit", r"code|确认码|核对确认码", r"确认码|核对确认码"),
    ("answer_case", r"answer|reply|回复|答复", r"answer|答复"),
)
# What is certain even without a number and without a word behind it.
_ALONE: Dict[str, str] = {
    "answer_case": r"answer|reply|回复|答复",
    "continue_case": r"不等了接着办|接着办",
    "verify_case": r"verify|核查|核查结论",
    "rectify_case": r"rectify|整改",
    "extend_case": r"extend|延期|申请延期",
    "transfer_case": r"transfer|转办",
    "hand_over_case": r"hand ?over|移交",
    "merge_case": r"merge|并案",
    "review_case": r"复核通过|审核通过",
    "send_back": r"send back|退回|打回|退回重办",
    "revisit": r"revisit",
    "grant_case": r"grant|同意延期|批准延期",
    "deny_case": r"不同意延期|驳回延期",
    "dispatch": r"dispatch|分派",
    "supervise_case": r"supervise|督办",
    "ask_citizen": r"问群众|问一下群众",
    "message_citizen": r"告诉群众|告知群众|转告群众",
}
WORK_INTENTS = frozenset(intent for intent, _, _ in _WORK) | {"accept_case"}


def _work_rows() -> Iterator[Tuple[str, str, Dict[str, str]]]:
    """Each verb with a number and words, the number in front, with a number alone, by itself."""
    for intent, names, free in _WORK:
        yield rf"(?:{names})\s*{_NO}{_SAID}", intent, {}
        yield rf"{_NO}\s*(?:{names})了?(?:\s|[:：,，])\s*(?P<words>.+)", intent, {}
        yield rf"(?:{names})\s*{_NO}{_END}", intent, {}
        yield rf"{_NO}\s*(?:{names}){_END}", intent, {}
        if free:
            yield rf"(?:{free})\s*(?:[:：,，]|\s)\s*(?P<words>.{{2,}})", intent, {}
        if intent in _ALONE:
            yield _ALONE[intent], intent, {}


_ROWS: Tuple[Tuple[str, str, Dict[str, str]], ...] = (
    # officers and supervisors
    (r"(?:stats?|统计(?!局|部门|员|学|年鉴))(?:\s.*|[^\s\w].*|[\u4e00-\u9fff].*)?", "stats", {}),
    *FIGURE_ROWS,
    (
        r"(?:link(?: my)?(?: phone)?(?: number)?|绑定?(?:我的)?(?:手机号?码?|电话号?码?|号码)|绑定(?=\s*1[3-9]\d))"
        r"\s*[:：]?\s*(?P<words>[+＋\d][\d\s+＋-]{5,20})?",
        "link_number",
        {},
    ),
    (
        r"(?:unlink(?: my)?(?: phone)?(?: number)?|(?:解绑|解除绑定|取消绑定)(?:我的)?(?:手机号?码?|电话|号码)?)",
        "unlink_number",
        {},
    ),
    (
        r"(?:(?:delete|erase|remove)(?: all)? my (?:data|information)"
        r"|(?:请|我要|我想)?(?:删除|删掉|清除|注销)(?:我的?)?(?:全部|所有)?(?:个人)?(?:资料|信息|数据|账号|聊天记录))",
        "forget_me",
        {},
    ),
    (
        r"(?:opt ?out|退订|unsubscribe|不再邀评|不要再邀评|取消邀评)(?:\s*[:：]?\s*(?P<words>[+＋\d].*))?",
        "opt_out",
        {"stop": "yes"},
    ),
    (
        r"(?:opt ?in|恢复邀评)(?:\s*[:：]?\s*(?P<words>[+＋\d].*))?",
        "opt_out",
        {"stop": "no"},
    ),
    # asking for a rating face to face; who asked and who did not; how far invitations came
    (
        r"(?:coverage|(?:邀评|邀码)覆盖率?|我的邀评|邀评记录)(?:\s.*|[\u4e00-\u9fff].*)?",
        "coverage",
        {},
    ),
    (
        r"(?:invitations|(?:邀评|邀请)(?:情况|进展|统计))(?:\s.*|[\u4e00-\u9fff].*)?",
        "follow_invitations",
        {},
    ),
    (
        r"(?:invite(?![a-z])|(?:我?要|给我|再?来|再给我|拿|发我?|换)?\s*(?:一|几|个|张|下)*\s*(?:邀码|邀评码))"
        r"(?!.*(?:过期|失效|用过|不能用|怎么))(?:\s*[:：,，]?\s*(?P<words>.{1,60}))?",
        "invite",
        {},
    ),
    (r"邀评", "invite", {}),
    (r"(?:bind|绑定)\s*(?:码|code)?\s*[:：]?\s*(?P<code>[0-9A-Za-z-]{4,12})?", "bind", {}),
    (rf"(?:accept|接单|接件|我接|接)\s*{_NO}{_END}", "accept_case", {}),
    (rf"{_NO}\s*(?:我?接单?了?|accept)", "accept_case", {}),
    (r"(?:accept|接单|接了|我接了?|我来接?|接件|我接单)", "accept_case", {}),
    *_work_rows(),
    (rf"(?:case|details?|详情|查案|查看|看看?|看详情|案件详情)\s*{_NO}", "show_case", {}),
    (rf"(?:history|log|经过|全部记录|记录|历史)\s*(?:{_NO})?", "history_case", {}),
    (rf"{_NO}\s*的?(?:history|经过|全部记录|记录|历史)", "history_case", {}),
    (rf"(?:why|为什么|为啥)\s*{_NO}\s*(?:{_WHEN})?(?:{_DUE})?", "why_due", {}),
    (rf"(?:{_NO})?\s*(?:为什么|为啥|咋|怎么)\s*(?:{_WHEN})?{_DUE}", "why_due", {}),
    (rf"{_NO}\s*(?:why|为什么|为啥)|why", "why_due", {}),
    (rf"(?:links|similar|相似|相似的?件?|查重|重复件?)\s*(?:{_NO})?", "links", {}),
    (r"(?:bind[ _]group|绑定?本群|绑定?这个群|绑群)", "bind_group", {}),
    (r"(?:cases|open cases|案件|在办|待办|在办案件|待办案件|我的待办|看案件)", "officer_cases", {}),
    (r"(?:on leave|leave|休假|请假|年休假?)(?:\s*.{1,30})?", "take_leave", {}),
    (r"(?:back|i am back|销假|我销假了?)", "come_back", {}),
    (rf"(?:photos?|pictures?|照片|图片|看照片|看图片?)(?:\s*(?:of)?\s*{_NO})?", "show_photos", {}),
    (r"(?:duty|on duty|值班|值班表|谁值班|谁在值班)", "on_duty", {}),
    # the desk: writing down for a citizen, its page, what to say in a call
    (
        r"(?:record(?! of)|代录|代登记|登记来电|来电登记|来访登记|上门登记)(?:\s*[:：,，]?\s*(?P<words>.+))?",
        "record_for",
        {},
    ),
    (r"(?:热线来电|来电|接到来电|代群众登记|帮群众登记|上门记录)", "record_for", {}),
    (r"(?:desk|录入页面?|网页录入|录入网页|打开录入页|登录录入页)", "desk_page", {}),
    # the wall screen; not: 大屏幕坏了, which citizens say of the one in the hall
    (r"(?:wall(?: screen)?|(?:打开|开|挂|要)?大屏)", "wall", {}),
    (
        r"wall(?: screen)?\s+(?P<words>(?:off|close|list)(?:\s*\d{1,2})?|for\s+.{1,40}|[\u4e00-\u9fff].{0,39})",
        "wall",
        {},
    ),
    (
        r"(?P<words>(?:关|关掉|关闭|收回)大屏(?:\s*\d{1,2})?|大屏\s*(?:关|关掉|关闭|off|列表|list)(?:\s*\d{1,2})?)",
        "wall",
        {},
    ),
    (r"大屏\s+(?P<words>.{1,40})", "wall", {}),
    (r"(?P<words>.{2,20}(?:分局|县局|市局|派出所|所|大队))的?大屏", "wall", {}),
    (
        r"(?P<words>(?:请|麻烦|帮我|给我|我要|我想|把)+.{0,16}大屏的?(?:链接|网址|地址|打开|关掉|关了|关上|撤了|收回来?了?)吧?)",
        "wall",
        {},
    ),
    (r"(?P<words>我?(?:挂|开)[了着]?(?:哪些|几块|哪几块)大屏)[?？]?", "wall", {}),
    (
        r"(?P<words>(?:please )?(?:open|show|give me|take down|close)(?: me)?(?: the| a| my)?"
        r"(?: link (?:to|for) the)? wall screens?(?: for .{1,40})?)",
        "wall",
        {},
    ),
    (rf"(?:script|call script|话术|回访话术|电话话术)\s*(?:{_NO})?", "call_script", {}),
    (rf"{_NO}\s*的?(?:话术|回访话术|script)", "call_script", {}),
    # calls, spot checks, figures of the work, locked identities
    (
        r"(?:callbacks?|回访|回访任务|回访列表|回访清单|我的回访|待回访|复访|复访任务)",
        "callbacks",
        {},
    ),
    (r"(?:draws?|抽查|抽查记录|抽样|抽样记录|本月抽查)", "draws", {}),
    (
        r"(?:办件统计|办件情况|work)(?:\s*[^\s\w].*|[\s]*[\u4e00-\u9fff0-9].*"
        r"|\s+(?:this|last|today|yesterday|week|month|year|figures)\b.*)?",
        "work_figures",
        {},
    ),
    # rules about units: what is proposed, deciding on it, the dry run
    (
        r"(?:proposals?|(?:看看?|查看?|有[什哪][么些])?提议(?:清单|列表)?)(?:\s*(?:第|no\.?|#)?\s*(?P<proposal>\d{1,9})\s*号?)?",
        "proposals",
        {},
    ),
    (
        rf"(?:adopt|采纳)\s*(?:提议|proposal)?\s*(?:(?P<proposal>\d{{1,9}})\s*号?(?:{_SAID})?)?",
        "adopt_proposal",
        {},
    ),
    (
        rf"(?:decline|不采纳|不予采纳)\s*(?:提议|proposal)?\s*(?:(?P<proposal>\d{{1,9}})\s*号?(?:{_SAID})?)?",
        "decline_proposal",
        {},
    ),
    (
        r"(?:recheck|compare|再算一遍|重算|重新算)\s*(?:提议|proposal)?\s*(?P<proposal>\d{1,9})\s*号?",
        "compare_proposal",
        {},
    ),
    (
        r"(?:rules(?=$|\s+(?:this|last|past|20\d\d|[a-z]+_|[\u4e00-\u9fff]))|(?:规则)?试算)"
        r"(?:\s*[:：,，]?\s*(?P<words>.+))?",
        "try_rules",
        {},
    ),
    (rf"(?:unseal|启封|申请启封)\s*{_NO}{_SAID}", "unseal", {}),
    (rf"(?:unseal|启封|申请启封)(?:\s*{_NO})?", "unseal", {}),
    (rf"(?:grant unseal|同意启封|批准启封)(?:\s*{_NO})?", "grant_unseal", {}),
    (rf"(?:deny unseal|不同意启封|拒绝启封|不批启封)(?:\s*{_NO})?", "deny_unseal", {}),
    (rf"(?:reveals?|谁看过|谁看了)\s*{_NO}(?:的?(?:号码|电话|联系方式))?[?？]?", "reveals", {}),
    (rf"{_NO}\s*(?:的?(?:号码|电话|联系方式))?谁看过了?[?？]?", "reveals", {}),
    # following a case
    (rf"(?:add|add facts|补充|补充说明|追加){_END}\s*(?:to)?\s*{_NO}{_SAID}", "add_facts", {}),
    (rf"(?:add|add facts|补充|补充说明|追加){_END}\s*(?:to)?\s*(?:{_NO})?", "add_facts", {}),
    (r"(?:add facts|补充说明|补充|追加)\s*(?:[:：,，]|\s)\s*(?P<words>.{2,})", "add_facts", {}),
    (rf"(?:reply to|回答|回答民警|回答警官){_END}\s*{_NO}{_SAID}", "reply_officer", {}),
    (rf"{_NO}\s*回答[:：]?{_SAID}", "reply_officer", {}),
    (rf"(?:回答|回答民警|回答警官|回答问题)(?:\s*{_NO})?{_END}", "reply_officer", {}),
    (r"(?:回答|回答民警|回答警官)(?:[:：,，]|\s)\s*(?P<words>.{2,})", "reply_officer", {}),
    (rf"(?:reopen|重开|重办|重新办){_END}\s*{_NO}(?:{_SAID})?", "reopen_case", {}),
    (rf"{_NO}\s*(?:我?要?(?:重开|重办|重新办)|reopen){_END}(?:{_SAID})?", "reopen_case", {}),
    (rf"(?:reopen|重开|重办|重新办理?){_END}", "reopen_case", {}),
    (rf"(?:(?:上门)?(?:情况|记录)?属实)\s*(?:{_NO})?{_END}", "confirm_visit", {}),
    (rf"(?:urge|催办?|催一下|催催|催单)\s*(?:{_NO})?{_END}", "urge", {}),
    (rf"(?:withdraw|撤回|撤销|撤诉|撤案)\s*(?:{_NO})?{_END}", "withdraw", {}),
    (
        rf"(?:progress|status|进度|查进度|查询进度|办理进度|查询|查一下|查)?\s*{_NO}"
        r"\s*(?:的?(?:进度|进展|情况|结果))?(?:怎么样|咋样|如何|到哪了|呢)?了?",
        "case_progress",
        {},
    ),
    (r"(?:progress|status|进度|查进度|查询进度|办理进度|进展)", "case_progress", {}),
    (r"(?:my cases|mine|我的案件|我的投诉|我的件|我的)", "my_cases", {}),
    # the menu
    (r"(?:help|帮助|菜单|menu|使用说明|功能|怎么用|\?|？)", "help", {}),
    (r"(?:start|开始)", "start", {}),
    (r"(?:rate|评价|我要评价|打分)", "rate", {}),
    (r"(?:complain|投诉|我要投诉|举报|我要举报|投拆)", "complain", {}),
    (r"(?:suggest|suggestion|建议|我要建议|提建议)", "suggest", {}),
    (r"(?:求助|我要求助|ask for help)", "ask_help", {}),
    (r"(?:praise|表扬|我要表扬|点赞)", "praise", {}),
    (r"(?:你们|你们的)?(?:热线|客服)(?:电话|号码)?(?:是)?(?:多少|几号)?", "hand_over", {}),
    (r"(?:转?人工(?:客服|服务)?|热线|客服|hotline|human|agent|talk to a person)", "hand_over", {}),
    (r"(?:english|英文|英语|in english|speak english|en)", "switch_language", {"language": "en"}),
    (r"(?:chinese|中文|汉语|普通话|说中文|zh)", "switch_language", {"language": "zh"}),
    # short answers
    (
        r"(?:cancel|never ?mind|forget it|stop|quit|取消|算了|算了吧|退出|不说了|不写了|不投诉了|不投了|不弄了"
        r"|不评了|不办了|不填了|放弃)",
        "cancel",
        {},
    ),
    (
        r"(?:skip|pass|跳过|下一[步个]|略过?|先跳过|不清楚|不知道|不记得了?|忘了|记不清了?)",
        "skip",
        {},
    ),
    (r"(?:submit|提交|确认提交|提交吧|就这样提交|confirm)", "confirm", {}),
    (
        r"(?:yes|y|ok|okay|yep|sure|是|是的|对|对的|好|好的|好了|行|可以|嗯+|确认|确定|没错|没问题|就这样|done|发完了|正确)"
        r"[吧啊呀哦的!！。.]*",
        "affirm",
        {},
    ),
    (
        r"(?:no|n|nope|none|不|不是|不对|没有了?|没了|没|无|不用了?|不要了?|不需要|不留|不了|不必)[!！。.]*",
        "deny",
        {},
    ),
    (r"(?:thanks?|thank you|thx|3q|谢谢您?你?|多谢|谢了|感谢)[!！。.~]*", "thanks", {}),
    (
        r"(?:很|非常|挺|特别|十分|都)?满意|好评|very satisfied|satisfied|good",
        "grade",
        {"grade": "satisfied"},
    ),
    (
        r"基本满意|一般般?|还行|还可以|凑合|马马虎虎|so-?so|okay-ish|fair",
        "grade",
        {"grade": "basically"},
    ),
    (
        r"(?:很|非常|特别|十分|太|都)?不满意|差评|太差了?|很差|不怎么样|not satisfied|unsatisfied|bad",
        "grade",
        {"grade": "unsatisfied"},
    ),
)
_TABLE = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), intent, fixed)
    for pattern, intent, fixed in _ROWS
)
_CODED = re.compile(
    rf"(?:凭|查|查询|进度|progress|status|code)?\s*(?:查询码|短码|码)?\s*[:：]?\s*(?P<code>{CODE})",
    re.IGNORECASE,
)
_SAYS_CODE = re.compile(r"码|code|进度|progress|status", re.IGNORECASE)


def command_in(text: str) -> Optional[Found]:
    """The command that the whole text is, or None."""
    said = text.strip(" 。.!！~")
    coded = _CODED.fullmatch(said)
    if coded and (is_short_code(coded["code"]) or _SAYS_CODE.search(said)):
        return Found("case_progress", {"code": tidy_code(coded["code"])})
    for pattern, intent, fixed in _TABLE:
        found = pattern.fullmatch(said)
        if found:
            return Found(intent, {**fixed, **_values(found.groupdict())})
    return None


def _values(groups: Dict[str, Optional[str]]) -> Dict[str, str]:
    values = {name: value.strip() for name, value in groups.items() if value}
    if "case" in values:
        values["case"] = number_in(values["case"]) or values["case"]
    for name in ("code", "query"):
        if name in values:
            values[name] = tidy_code(values[name])
    return values
