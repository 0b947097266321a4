"""How long officers say that something takes: 两天, 三个工作日, 半天, "a week". Pure.

What they say is working time: 两天 are two working days, a week is five. Whoever means days of the
calendar says so (自然日).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.numerals import number

_CHINESE = "〇零一二两三四五六七八九十百"
_ENGLISH = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
}
_COUNT = rf"(?P<count>\d{{1,4}}|[{_CHINESE}]{{1,4}}|\b(?:{'|'.join(_ENGLISH)})\b)"
_HALF = re.compile(r"(?P<half>半)\s*(?:个)?\s*(?:工作)?[天日]|\bhalf a day\b", re.IGNORECASE)
_UNITS = (
    (r"自然日|日历日|calendar\s+days?", 1, "day"),
    (r"(?:个)?\s*工作[日天]|working\s+days?|business\s+days?", 1, "working day"),
    (r"(?:个)?\s*(?:周|星期|礼拜)|weeks?", 5, "working day"),
    (r"(?:个)?\s*月(?!\s*\d)|months?", 22, "working day"),
    (r"(?:个)?\s*(?:小时|钟头)|hours?|hrs?", 1, "hour"),
    (r"分钟|minutes?|mins?", 1, "minute"),
    (r"[天日](?!期)|days?", 1, "working day"),
)
_SAID = tuple(
    (re.compile(rf"{_COUNT}\s*(?:个|more)?\s*(?:{unit})", re.IGNORECASE), times, noun)
    for unit, times, noun in _UNITS
)
_HOURS_OF_HALF_A_DAY = 4


@dataclass(frozen=True, slots=True)
class SaidSpan:
    """A span as a policy writes it ("2 working days"), and where in the text it was said."""

    span: str
    start: int
    end: int


def span_in(text: str) -> SaidSpan | None:
    """The first span that the text says, or None. A count of nought is no span."""
    found: list[SaidSpan] = []
    half = _HALF.search(text)
    if half:
        found.append(SaidSpan(f"{_HOURS_OF_HALF_A_DAY} hours", *half.span()))
    for pattern, times, noun in _SAID:
        said = pattern.search(text)
        count = _count(said["count"]) if said else None
        if said and count:
            found.append(SaidSpan(_written(count * times, noun), *said.span()))
    return min(found, key=lambda each: (each.start, -each.end), default=None)


def said_span(text: str) -> str | None:
    """`申请延期两天` → `2 working days`; None when no length of time is said."""
    found = span_in(text)
    return found.span if found else None


def _count(words: str) -> int | None:
    return _ENGLISH.get(words.lower()) or number(words)


def _written(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
