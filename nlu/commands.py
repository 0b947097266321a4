"""Commands, menu words and codes, recognised with certainty before any guess. Pure.

Each row: a pattern that the whole (plain) text must match, the intent, fixed entities. Named groups
become entities: `case` a case number, `code` a code, `words` free text behind a command.
"""

from __future__ import annotations

import re
from typing import Dict, Optional, Tuple

from nlu.codes import CODE, NUMBER, is_short_code, number_in, tidy_code
from nlu.found import Found

_NO = rf"(?:案件|编号|第)?\s*(?P<case>{NUMBER})\s*(?:号|这件|件)?"
_SAID = r"\s*[:：,，。]?\s*(?P<words>.+)"
_END = r"\s*(?:吧|了|啊|呀|哦|哈|的)?"

_ROWS: Tuple[Tuple[str, str, Dict[str, str]], ...] = (
    # officers and supervisors
    (r"(?:stats?|统计(?!局))(?:\s.*|[^\s\w].*|[\u4e00-\u9fff].*)?", "stats", {}),
    (r"(?:bind|绑定)\s*(?:码|code)?\s*[:：]?\s*(?P<code>[0-9A-Za-z-]{4,12})?", "bind", {}),
    (rf"(?:accept|接单|接件|我接|接)\s*{_NO}{_END}", "accept_case", {}),
    (rf"{_NO}\s*(?:我?接单?了?|accept)", "accept_case", {}),
    (r"(?:accept|接单|接了|我接了?|我来接?|接件|我接单)", "accept_case", {}),
    (rf"(?:answer|reply|回复|答复)\s*{_NO}{_SAID}", "answer_case", {}),
    (rf"{_NO}\s*(?:回复|答复)[:：]?{_SAID}", "answer_case", {}),
    (rf"(?:answer|reply|回复|答复)(?:\s*{_NO})?", "answer_case", {}),
    (rf"(?:case|details?|详情|查看|看看?|看详情|案件详情)\s*{_NO}", "show_case", {}),
    (r"(?:cases|open cases|案件|在办|待办|在办案件|待办案件|我的待办|看案件)", "officer_cases", {}),
    # following a case
    (rf"(?:add|add facts|补充|补充说明|追加){_END}\s*(?:to)?\s*{_NO}{_SAID}", "add_facts", {}),
    (rf"(?:add|add facts|补充|补充说明|追加){_END}\s*(?:to)?\s*(?:{_NO})?", "add_facts", {}),
    (r"(?:add facts|补充说明|补充|追加)\s*(?:[:：,，]|\s)\s*(?P<words>.{2,})", "add_facts", {}),
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
    if "code" in values:
        values["code"] = tidy_code(values["code"])
    return values
