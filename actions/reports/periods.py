"""Periods as people say them: 今天, 上个月, 近三十天, 二季度, 10月25日, "last week". Pure.

Bounds are half-open and UTC, drawn at midnights of Beijing; weeks begin on Monday.

- A month, quarter or day without a year is the latest that has begun: 12月 said in November is last
  year's. 最近 N 天 ends with today and includes it.
- A period that has begun keeps its whole length (本月 runs to the end of the month); one that lies
  wholly in the future is no period (None): there is nothing to count yet.
- Two periods joined by 到, 至, - or ~ run from the beginning of the first to the end of the second.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from actions.clock import BEIJING
from actions.reports.calendar_words import PATTERNS, Days

_JOINT = re.compile(r"\s*(?:到|至|-|–|—+|~)\s*")


@dataclass(frozen=True, slots=True)
class Period:
    """`start` ≤ a moment of the period < `end`; aware, UTC. The labels name it in a reply."""

    label: str
    start: datetime
    end: datetime
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    days: Days | None  # None: written like a period, and none (2月30日)


def read_period(text: str, now: datetime) -> Period | None:
    """The period that the whole text names. Empty text is today; what is not understood, None."""
    words = _plain(text).strip() or "今天"
    today = now.astimezone(BEIJING).date()
    found = _find(words, today)
    if found is None or found.start > 0 or found.end < len(words):
        return None
    return _bounds(found.days, today)


def find_period(sentence: str, now: datetime) -> tuple[Period | None, str]:
    """The period that a sentence names, and the rest of its words (half-width, lower case).

    None, and the sentence as it is, when it names no period or one wholly in the future:
    上个月桥西分局满意率多少 → (October, 桥西分局满意率多少).
    """
    words = _plain(sentence)
    today = now.astimezone(BEIJING).date()
    found = _find(words, today)
    known = _bounds(found.days, today) if found else None
    if found is None or known is None:
        return None, sentence
    rest = f"{words[: found.start].rstrip()} {words[found.end :].lstrip()}"
    return known, rest.strip(" ,，、。?？").replace("  ", " ")


def names_period(sentence: str, now: datetime) -> bool:
    """Whether the sentence names a period at all, possible or not (明年, 2月30日)."""
    return _find(_plain(sentence), now.astimezone(BEIJING).date()) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _find(words: str, today: date) -> _Found | None:
    """The first period of the words, with the one joined to it by 到 if there is one."""
    first = _find_one(words, today)
    if first is None or first.days is None:
        return first
    joint = _JOINT.match(words, first.end)
    second = _find_one(words, today, joint.end()) if joint else None
    if joint is None or second is None or second.start > joint.end() or second.days is None:
        return first
    days = Days(
        first.days.first,
        second.days.after,
        f"{first.days.label}–{second.days.label}",
        f"{first.days.label_en} – {second.days.label_en}",
    )
    return _Found(first.start, second.end, days)


def _find_one(words: str, today: date, begin: int = 0) -> _Found | None:
    """The earliest piece that is written like a period, and of those there the longest."""
    return min(_all(words, today, begin), key=lambda f: (f.start, -f.end), default=None)


def _all(words: str, today: date, begin: int) -> Iterator[_Found]:
    for pattern, meaning in PATTERNS:
        if match := pattern.search(words, begin):
            yield _Found(match.start(), match.end(), meaning(match, today))


def _bounds(days: Days | None, today: date) -> Period | None:
    if days is None or days.first > today or days.after <= days.first:
        return None
    return Period(days.label, _midnight(days.first), _midnight(days.after), days.label_en)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)
