"""Reading one line: 热线 投诉 桥西明德里派出所 等了两小时没人办 13900000000. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.cases.reasons import reason_in
from actions.desk.entry import EntryKind, Source
from actions.phones import find_phones
from actions.ratings.rating import Grade

_SOURCES: dict[Source, str] = {
    Source.HOTLINE: r"热线来电|热线|来电|电话|hotline|phone ?call|phone|call(?:ed)?",
    Source.WALK_IN: r"来访|来所|到所|当面|现场|窗口|walk[- ]?in|in person|counter",
    Source.DOOR_VISIT: r"上门走访|上门|走访|入户|door[- ]?visit|visit|at the door",
}
_KINDS: dict[EntryKind, str] = {
    EntryKind.COMPLAINT: r"投诉|举报|complaints?|complain",
    EntryKind.SUGGESTION: r"建议|意见|suggestions?|suggest",
    EntryKind.HELP: r"求助|帮助|help",
    EntryKind.QUESTION: r"咨询|询问|问题|questions?",
    EntryKind.PRAISE: r"表扬|感谢|praise|thanks",
    EntryKind.RATING: r"评价|打分|rating|rate",
}
_GRADES: dict[Grade, str] = {
    Grade.UNSATISFIED: r"不满意|unsatisfied|not satisfied",
    Grade.BASICALLY: r"基本满意|一般|basically(?: satisfied)?|fair",
    Grade.SATISFIED: r"满意|satisfied",
}
_COMMAND = re.compile(
    r"^[/／\s]*(?:record|代录|代登记|登记来电|来电登记|来访登记|上门登记|上门记录)\s*[:：,，]?\s*",
    re.IGNORECASE,
)
_HALF = {0xFF01 + n: 0x21 + n for n in range(94) if chr(0x21 + n).isalnum() or n == 0x0E} | {
    0x3000: 0x20
}  # letters, digits, the slash and the space; punctuation stays as it was written
_EDGE = r"(?=$|[\s:：,，。.;；])"
_SAYS = {
    EntryKind.PRAISE: re.compile(r"表扬|感谢|点赞|锦旗|praise|thank", re.IGNORECASE),
    EntryKind.SUGGESTION: re.compile(r"建议|希望能?|最好能|suggest", re.IGNORECASE),
}
_NONE = re.compile(
    r"(?:电话)?(?:不留(?:电话|号码)?|匿名|没留电话|no phone|anonymous)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a line tells; None is what it does not. `rest`: the words that are left, with the unit.

    `phone` is empty where the citizen leaves none, None where nothing is said about it.
    """

    source: Source | None = None
    kind: EntryKind | None = None
    grade: Grade | None = None
    phone: str | None = None
    rest: str = ""


def read_line(text: str) -> Line:
    """What the text tells at its front (how they came, of what kind) and of a number anywhere."""
    text = text.translate(_HALF)
    phone, rest = _phone(_without_command(text))
    source: Source | None = _source_of_command(text)
    kind: EntryKind | None = None
    grade: Grade | None = None
    for _ in range(3):
        rest = rest.strip(" \t\n:：,，。;；")
        came = _front(_SOURCES, rest)
        if source is None:
            source, rest = came
        given = _front(_GRADES, rest)
        if grade is None:
            grade, rest = given
        named = _front(_KINDS, rest)
        if kind is None:
            kind, rest = named
    if grade is not None:
        kind = EntryKind.RATING
    rest = rest.strip(" \t\n:：,，。;；")
    return Line(source, kind or _guessed(rest), grade, phone, rest)


def read_source(text: str) -> Source | None:
    """How the citizen came, when the words say that and nothing else."""
    return _whole(_SOURCES, text)


def read_kind(text: str) -> EntryKind | None:
    """The kind, when the words say that and nothing else."""
    return _whole(_KINDS, text)


def read_grade(text: str) -> Grade | None:
    """The grade that the words begin with."""
    return _front(_GRADES, text.strip())[0]


def _without_command(text: str) -> str:
    return _COMMAND.sub("", text.strip(), count=1)


def _source_of_command(text: str) -> Source | None:
    """登记来电 and 上门记录 say how the citizen came by themselves."""
    said = text.strip().lstrip("/／ ")
    if said.startswith(("登记来电", "来电登记")):
        return Source.HOTLINE
    if said.startswith("来访登记"):
        return Source.WALK_IN
    return Source.DOOR_VISIT if said.startswith(("上门登记", "上门记录")) else None


def _phone(text: str) -> tuple[str | None, str]:
    """The first number and the text without it; '' when the line says that there is none."""
    found = find_phones(text)
    if found:
        first = found[0]
        rest = f"{text[: first.start].rstrip()} {text[first.end :].lstrip()}".strip()
        return first.number, re.sub(r"(?:联系)?(?:电话|手机)[:：]?$", "", rest).strip()
    none = _NONE.search(text)
    if none:
        return "", f"{text[: none.start()]}{text[none.end() :]}".strip()
    return None, text


def _front[T](table: dict[T, str], text: str) -> tuple[T | None, str]:
    """The entry whose word stands by itself at the front, and the text behind it."""
    for value, words in table.items():
        found = re.match(rf"(?:{words}){_EDGE}", text, re.IGNORECASE)
        if found:
            return value, text[found.end() :]
    return None, text


def _whole[T](table: dict[T, str], text: str) -> T | None:
    said = text.strip(" 。.!！")
    for value, words in table.items():
        if re.fullmatch(rf"(?:是)?(?:{words})(?:的|了)?", said, re.IGNORECASE):
            return value
    return None


def _guessed(rest: str) -> EntryKind | None:
    """Of what kind the words plainly are; None: ask."""
    for kind, pattern in _SAYS.items():
        if pattern.search(rest):
            return kind
    return EntryKind.COMPLAINT if reason_in(rest) is not None else None
