"""What somebody means who answers an invitation: "1", "２", "不满意 等了两个小时", "T". Pure.

What is plainly something else ("进度", a complaint without a grade, a phone number) is None and goes
to the dialogue like any text. What looks like an answer and cannot be one ("7", "1 不满意", "？？") is
unclear: the question is put once more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from actions.clock import CODE_ALPHABET
from actions.ratings.rating import Grade
from actions.spelling import spell_code

CODE_LENGTH = 7  # a case's short code has six characters, a binding code eight
LONGEST_UNCLEAR = 6  # characters; longer nonsense is words


class Meaning(StrEnum):
    GRADE = "grade"
    CODE = "code"  # a code and nothing else
    STOP = "stop"
    RESUME = "resume"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Reply:
    """`grade` for GRADE only; `comment` are the words behind it; `code` in its one spelling."""

    meaning: Meaning
    grade: Grade | None = None
    comment: str = ""
    code: str = ""


_STOP = re.compile(
    r"(回复?)?(t|td|n|退订?|退定|取消订阅|别(再)?发(了|短信)*|不要(再)?发(了|短信)*|stop|unsubscribe)"
)
_RESUME = re.compile(r"恢复(短信|评价|邀评)|resume")
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{7}(?![0-9A-Za-z])")
_MARKS = r"\s.,，。、;；:：!！~～\"'“”‘’()（）\[\]【】<>《》\-—_*#+/"
_DIGIT = re.compile(rf"(?:回复?|选|第)?[{_MARKS}]*([1-9])(?![0-9%％])(.*)", re.DOTALL)
_COUNTED = re.compile(
    r"[个位名次天周月年号楼点分秒小时钟块元米公里层排度台件张份趟遍回]"
    r"|星期|多|几|[:：/.\-]\d"
)
_NEGATED = "不是很|不太|不怎么|不够|不甚|很不|非常不|十分不|太不|极不|特别不|一点都不|一点也不|并不|完全不|不"

_WORDS: Sequence[tuple[Grade, str]] = (
    (Grade.UNSATISFIED, rf"(?:{_NEGATED})\s*满意|差评|很差|太差了?|差劲|👎"),
    (Grade.UNSATISFIED, r"(?:not|un|dis|in)[ -]?satisf(?:ied|actory)|(?:very )?(?:bad|poor)\b"),
    (Grade.BASICALLY, r"基本上?满意|比较满意|还算满意|勉强满意|大致满意|basically(?: satisfied)?"),
    (Grade.SATISFIED, r"(?:非常|很|十分|特别|挺|相当|都|太|超级?|最)?满意|好评|👍"),
    (Grade.SATISFIED, r"(?:very |quite )?satisf(?:ied|actory)"),
)
_LEADING = [
    (grade, re.compile(rf"[{_MARKS}]*(?:我)?(?:觉得|感觉|表示|对这次)?(?:{words})", re.IGNORECASE))
    for grade, words in _WORDS
]
_WHOLE = {
    Grade.SATISFIED: "好 很好 非常好 挺好 挺好的 很好的 真好 不错 很不错 挺不错 棒 很棒 赞 点赞 a"
    " good great fine excellent",
    Grade.BASICALLY: "还行 还可以 一般 一般般 凑合 将就 马马虎虎 还好 ok okay so-so b",
    Grade.UNSATISFIED: "差 不好 很不好 太差 垃圾 不行 太慢 c",
}
_TURNED = re.compile(
    rf"[{_MARKS}]*(?:个[鬼屁头]|才怪|吗|么|嘛|[?？]|的话|度|率|不满意|与否|还是不)"
)
_AROUND = ' \t\n.,，。、;；:：!！~～—-)）】”’"'
_HALF = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
_HALF |= {wide: wide - 0xFEE0 for wide in range(0xFF41, 0xFF5B)}
_HALF |= {0x2460 + place: 0x31 + place for place in range(9)} | {0x3000: 0x20}  # ①, U+3000
_WORDLESS = re.compile(rf"[{_MARKS}?？0-9]*")

# Left to the dialogue these would be answered with a menu, whose digits then mean something else
# than those in the message that puzzled them.
_PUZZLED = re.compile(r"[嗯啊哦噢喂诶]+|什么|什么意思|啥|啥意思")

# In doubt it is an alarm: what may be danger is never swallowed as a remark.
_ALARM = re.compile(
    r"救命|报警|110|杀|砍|捅|着火|起火|打我|打人|砸|撬|闯|持刀|拿刀|跟踪|尾随|抢劫|绑架|强奸|猥亵|家暴"
    r"|自杀|轻生|跳楼|割腕|不想活|活不下去|想死|遗书|help me|kill|knife|attack|suicide",
    re.IGNORECASE,
)
_CHINESE, _ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2,}")
_NUMBER = re.compile(r"[Qq]\d{2}[- ]?\d{4}")
_COMMAND = re.compile(
    r"/|进度|查询|查一下|帮助|菜单|投诉|举报|求助|人工|客服|你好|您好|在吗|help|english|语言"
)


def read_reply(text: str, scale: Sequence[Grade]) -> Reply | None:
    """What the words say about an invitation, by the policy's grades; None: something else."""
    plain = _half_width(text).strip()
    code, words = _without_code(plain)
    bare = re.sub(rf"[{_MARKS}]", "", words).lower()
    if _STOP.fullmatch(bare):
        return Reply(Meaning.STOP, code=code)
    if _RESUME.fullmatch(bare):
        return Reply(Meaning.RESUME, code=code)
    if code and not bare:
        return Reply(Meaning.CODE, code=code)
    found = _graded(words, bare, scale)
    if isinstance(found, Reply):
        return Reply(found.meaning, found.grade, found.comment, code)
    if code:
        return Reply(Meaning.CODE, comment=words.strip(), code=code)
    wordless = len(plain) <= LONGEST_UNCLEAR and _WORDLESS.fullmatch(words)
    puzzled = _PUZZLED.fullmatch(bare.strip("?？"))
    return Reply(Meaning.UNCLEAR) if wordless or puzzled else None


def read_marks(text: str, count: int) -> list[int] | None:
    """So many marks from 1 to 5, written in one or apart: "54455", "5 4 4 5 5"; or None."""
    plain = re.sub(rf"[{_MARKS}分]", "", _half_width(text))
    return [int(each) for each in plain] if re.fullmatch(rf"[1-5]{{{count}}}", plain) else None


def is_alarming(text: str) -> bool:
    """Whether the words may speak of danger, now or told of; rather once too often."""
    return _ALARM.search(_half_width(text)) is not None


def is_afterword(text: str) -> bool:
    """Whether a text that follows an answer by SMS is a remark on it, and no request of its own."""
    plain = _half_width(text).strip()
    words = len(_CHINESE.findall(plain)) >= 3 or len(_ENGLISH.findall(plain)) >= 3
    asks = "?" in plain or "？" in plain or plain.endswith(("吗", "么", "呢"))
    known = _COMMAND.match(plain.lower()) or _NUMBER.search(plain)
    return bool(words and not asks and not known and not is_alarming(plain))


def _half_width(text: str) -> str:
    """Letters and digits half-width, ① as 1; everything else as it was written, at its place."""
    return text.translate(_HALF)


def _without_code(plain: str) -> tuple[str, str]:
    """The invitation's code in the text, and the words without it. A word or number is none."""
    for found in _CODE.finditer(plain):
        code = spell_code(found.group())
        mixed = any(c.isdigit() for c in found.group()) and any(c.isalpha() for c in found.group())
        if mixed and all(letter in CODE_ALPHABET for letter in code):
            return code, f"{plain[: found.start()]} {plain[found.end() :]}".strip()
    return "", plain


def _graded(words: str, bare: str, scale: Sequence[Grade]) -> Reply | None:
    """The grade that the words begin with; unclear when what follows takes it back."""
    digit = _DIGIT.fullmatch(words.strip())
    if digit and not _COUNTED.match(digit[2]):
        place, comment = int(digit[1]), digit[2].strip(_AROUND)
        if place > len(scale):
            return Reply(Meaning.UNCLEAR) if not comment else None
        said = _leading(comment)
        if said is None:
            return Reply(Meaning.GRADE, scale[place - 1], comment)
        agrees = said[0] is scale[place - 1]
        return (
            Reply(Meaning.GRADE, said[0], said[1].strip(_AROUND))
            if agrees
            else Reply(Meaning.UNCLEAR)
        )
    for grade, table in _WHOLE.items():
        if bare in table.split():
            return Reply(Meaning.GRADE, grade) if grade in scale else Reply(Meaning.UNCLEAR)
    said = _leading(words)
    if said is None:
        return None
    if said[0] not in scale or _TURNED.match(said[1]):
        return Reply(Meaning.UNCLEAR)
    return Reply(Meaning.GRADE, said[0], said[1].strip(_AROUND))


def _leading(words: str) -> tuple[Grade, str] | None:
    """The grade at the beginning, and the rest."""
    for grade, pattern in _LEADING:
        found = pattern.match(words)
        if found:
            return grade, words[found.end() :]
    return None
