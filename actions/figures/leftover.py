"""What is left of a question once figure, period and view are cut out of it: whose figures. Pure.

Cutting leaves breaks in the words; the pieces between them lose the words of asking at their ends
(帮我看一下 … 怎么样), never in their middle: 看守所 and 有为路派出所 stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from actions.errors import Refusal
from actions.figures.vocabulary import KIND_ALONE

BREAK = "\n"
SHOWN = 20  # characters of a person's words that a refusal repeats

_COUNTED = r"(?:[这那]|前|后|其中)*[\d零一二两三四五六七八九十几]+(?:名|位|个|家|件|条|起|座|辆)的?"
_LEADING = re.compile(
    rf"""(?:请问?|麻烦你?|劳驾|帮[我忙]|给(?!水)我?|你?(?:能不能|可以|能否)|我?(?:想|要)(?!塞)(?:知道|看看?|了解|查一?下?)?
    |(?:[查看](?!守|岗|所)一?[查看下]?|说说|报一?下|发一?下|来一?[下份个]|列(?:出来?)?一?下?|调(?:出来?)?|拉个?|搞个?)
    |知道|了解|谁|哪些案[子件]|做(?:一?份|个)|一天(?:里|之?中|当中|内)?|把|将(?!军|台)|那么?(?!曲|坡|大|洛)|再|还有|换成?|改成?|改看|关于|对于?(?![面山岸])|[在从往](?=[\u4e00-\u9fff]{{2}})
    |跟|与(?!儿)|按|以|用|的|是|有(?=多少|几|没|哪|$)|你们?|一下|一份|现在|目前|当前|截[至止]到?|到底|究竟|总共|一共|合计
    |[发报查看](?!守|岗|案|所|展)|群众|(?:老)?百姓|市民|都(?![江匀安昌])|各(?!庄|山)|在办|新开|新增|收到?了?|邀评|来[自源]|各?(?:种|个)?渠道(?:的)?|{_COUNTED}
    |[\s,.;:!?"'“”‘’()\[\]<>·、。…—~+#*&=-]+
    |\b(?:show|me|send|complaints?|most|give|what(?:'?s)?|is|are|was|were|did|do|does|doing|the|an?|of|for|in|at|please|how|many|much
    |about|and|rate|ratings?|cases?|numbers?|figures|statistics|on|i|want|to|see|get|list|all|there|have|has
    |compared?|with|than|by|from|which|where|over|can|you|tell|between|share|it|its|that|those|these|out|up|best|new)\b)+""",
    re.VERBOSE,
)
_TRAILING = re.compile(
    r"""(?:呢|吗|嘛|啊|呀|吧|啦|哈|哦|么|了|的|得|多少|几[个件条名]?|怎么样?|怎样|咋[样个]?|如何|咋回事|情况|状况|数据|数字
    |报表|汇总|概况|结果|表现|水平|服务|工作|评价|评分|打分|测评|案件|[事案]?件(?!厂)|投诉量?|工单|(?:不|基本|很|最)?满意|好评|差评
    |有没有|有哪些?|有(?!为)|是什么|是(?=$|\s)|是啥|是多少|哪些|哪里|什么|啥|高不高|好不好|哪一?个(?:更|比较)?[好坏差高低强]?|(?:更|比较)[好坏差高低]|高吗?|低吗?|[好坏差](?=$)|各是?|分别是?|合计|总共|一共|总量|数量|比[例率重]|占比
    |看一?[看下]|看|查一?下|一下|一份|出来|列出来?|拉出来|调出来|给我(?:看看?|列)?|列|画[个张成]?图|发给?我|清单|名单|明细|列表|统计|(?:做|干)得?|排|现在|目前|(?<![成首古])都|已经?|还|没有?|在办|新开|新增|收了?|[\s,.;:!?"'“”‘’()\[\]<>·、。…—~+#*&=-]+
    |\b(?:is|are|was|were|did|do|does|doing|the|of|for|in|at|please|rate|ratings?|cases?|complaints?|numbers?|figures|statistics|most|on|me
    |list|all|there|have|has|compared?|with|than|by|now|and|it|there|to|looking|go|going|like|been|out|how)\b)+$""",
    re.VERBOSE,
)
OWN = re.compile(
    r"(?:我|咱)们?手[上里头]的?|手[上里头]的?|(?:我|咱)们?(?:这边|这里|这儿|这|那边|自己)?的?(?:单位|派出所|所里?|分局|县局|局里?|大队|支队|县里?|区里?|市局|辖区)?"
    r"(?:全[所局县区])?"
    r"|本(?:单位|派出所|所|分局|县局|局|大队|支队|县|区|辖区)|全(?:分局|县局|局|所|县|区|大队|支队|辖区|单位)|自己的?"
    r"|(?<![a-z])(?:our|my|own)(?: (?:own|unit|station|bureau|county|area))?(?![a-z])"
    r"|(?<![a-z])(?:we|us)(?![a-z])"
)
THAT_UNIT = re.compile(
    r"[这那](?:一?个|家|边|里|儿)?(?:所|局|分局|单位|窗口|县|大队)|该(?:所|局|分局|单位)|它们?|他们"
)
_JOINT = re.compile(
    r"\s*(?:、|,|/|;|和(?![谐平顺睦兴美合田县悦])|与|跟|以?及|还有|对比|比(?![较起])"
    r"|(?<![a-z])(?:and|or|vs\.?|versus)(?![a-z]))\s*"
)
_OF_KIND = re.compile(r"(?P<unit>.{2,}?)的(?P<kind>.+)")
_CJK_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_OWN_IN_SHORT = frozenset({"所", "局", "分局", "县局", "县", "区县", "大队", "中队"})
_ASKER = re.compile(r"(?:我|咱)们?的?|我的?|our|us|we|my")


@dataclass
class Left:
    """The words that name a unit; a kind of units; whether it was the asker's own."""

    unit: str = ""
    kind: str = ""
    named_kind: bool = False
    own: bool = False
    pieces: list[str] = field(default_factory=list)


def read_leftover(words: str, *, ranked: bool) -> Left:
    """Whose figures the pieces between the breaks ask for; `ranked`: units are compared.

    Raises Refusal two_units where two are named.
    """
    left = Left()
    for piece in words.split(BREAK):
        _take(left, piece, ranked=ranked)
    _only_one(left.pieces)
    left.unit = _CJK_GAP.sub("", " ".join(left.pieces)).strip()
    left.own = left.own and not left.unit
    return left


def asking_stripped(piece: str) -> str:
    """The piece without the words of asking at its ends."""
    before = ""
    while piece != before:
        before = piece
        if (found := _LEADING.match(piece)) is not None:
            piece = piece[found.end() :]
        piece = _TRAILING.sub("", piece.strip())
    return piece


def _take(left: Left, piece: str, *, ranked: bool) -> None:
    joined = bool(left.pieces) and _JOINT.match(piece.strip()) is not None
    words = asking_stripped(THAT_UNIT.sub("", piece, count=1))
    if _ASKER.fullmatch(words):
        left.own = left.own or words.endswith(("们", "us"))
        return
    if (own := OWN.match(words)) is not None:
        left.own = left.own or not _ASKER.fullmatch(own.group())
        words = asking_stripped(words[own.end() :])
    if not words or _is_kind(left, words, ranked=ranked):
        return
    of_kind = _OF_KIND.fullmatch(words)
    if of_kind and ranked and _is_kind(left, of_kind["kind"], ranked=True):
        words = of_kind["unit"]
    if joined and len(words) > 1:
        _refuse_two(left.pieces[-1], words)
    left.pieces.append(words)


def _is_kind(left: Left, words: str, *, ranked: bool) -> bool:
    """Whether the words are a kind of units by itself; 分局 without a ranking is the own one."""
    if words in _OWN_IN_SHORT and not ranked:
        left.own = True
        return True
    for pattern, kind in KIND_ALONE:
        if pattern.fullmatch(words):
            left.kind, left.named_kind = left.kind or kind, True
            return True
    return False


def _only_one(pieces: Iterable[str]) -> None:
    for piece in pieces:
        for joint in _JOINT.finditer(piece):
            first = asking_stripped(piece[: joint.start()])
            second = asking_stripped(piece[joint.end() :])
            if len(first) > 1 and len(second) > 1:
                _refuse_two(first, second)


def _refuse_two(first: str, second: str) -> None:
    raise Refusal("two_units", first=first[:SHOWN], second=second[:SHOWN])
