"""Periods as people say them: 今天, 上个月, 近三十天, 二季度, 10月25日, "last week". Pure.

Bounds are half-open and UTC, drawn at midnights of Beijing; weeks begin on Monday.

- A month, quarter or day without a year is the latest that has begun: 12月 said in November is last
  year's. 最近 N 天 ends with today and includes it.
- A period that has begun keeps its whole length (本月 runs to the end of the month); one that lies
  wholly in the future is no period (None): there is nothing to count yet.
- Two periods joined by 到, 至, - or ~ run from the beginning of the first to the end of the second;
  with 以来 or 至今 behind it, one that is over runs on until today.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from actions.clock import BEIJING
from actions.reports.calendar_words import PATTERNS
from actions.reports.days import Days, Unpublished

_JOINT = re.compile(r"\s*(?:到|至|-|–|—+|~)\s*")
_SINCE = re.compile(r"\s*(?:以来|至今|到现在|到目前(?:为止)?)$|^\s*(?:至今|到现在|到目前(?:为止)?)")


@dataclass(frozen=True, slots=True)
class Period:
    """`start` ≤ a moment of the period < `end`; aware, UTC. The labels name it in a reply."""

    label: str
    start: datetime
    end: datetime
    label_en: str = ""


class Unfit(StrEnum):
    """Why what is written like a period has no figures."""

    IMPOSSIBLE = "impossible"  # 2月30日
    FUTURE = "future"
    UNPUBLISHED = "unpublished"  # a holiday of a year whose days off are not known


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a sentence, from `start` up to `end`, that is written like a period."""

    start: int
    end: int
    period: Period | None
    unfit: Unfit | None

    @property
    def refusal(self) -> str:
        """The key of the sentence that says why it has no figures."""
        return _REFUSALS[self.unfit or Unfit.IMPOSSIBLE]


_REFUSALS = {
    Unfit.IMPOSSIBLE: "period_impossible",
    Unfit.FUTURE: "period_future",
    Unfit.UNPUBLISHED: "period_unpublished",
}


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    days: Days | Unpublished | None  # None: written like a period, and none (2月30日)


def read_period(text: str, now: datetime) -> Period | None:
    """The period that the whole text names. Empty text is today; what is not understood, None."""
    words = plain(text).strip() or "今天"
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
    words = plain(sentence)
    first = next(periods_in(words, now), None)
    if first is None or first.period is None:
        return None, sentence
    rest = f"{words[: first.start].rstrip()} {words[first.end :].lstrip()}"
    return first.period, rest.strip(" ,，、。?？").replace("  ", " ")


def periods_in(words: str, now: datetime) -> Iterator[Said]:
    """All that is written like a period in plain words, from left to right."""
    today = now.astimezone(BEIJING).date()
    found = _find(words, today)
    while found is not None:
        period = _bounds(found.days, today)
        yield Said(found.start, found.end, period, None if period else _unfit(found.days, today))
        found = _find(words, today, found.end)


def plain(text: str) -> str:
    """Half-width and lower case, as periods are looked for."""
    return unicodedata.normalize("NFKC", text).lower()


def _find(words: str, today: date, begin: int = 0) -> _Found | None:
    """The first period of the words, with the one joined to it by 到 if there is one."""
    first = _find_one(words, today, begin)
    if first is None or not isinstance(first.days, Days):
        return first
    joint = _JOINT.match(words, first.end)
    second = _find_one(words, today, joint.end()) if joint else None
    if joint and second and second.start == joint.end() and isinstance(second.days, Days):
        days = Days(
            first.days.first,
            second.days.after,
            f"{first.days.label}–{second.days.label}",
            f"{first.days.label_en} – {second.days.label_en}",
        )
        return _Found(first.start, second.end, days)
    return _until_today(words, first, first.days, today)


def _until_today(words: str, found: _Found, days: Days, today: date) -> _Found:
    """What is over and named with 以来 or 至今 runs on until today."""
    inside = _SINCE.search(words[found.start : found.end])
    behind = None if inside else _SINCE.match(words[found.end :])
    end = found.end + (behind.end() if behind else 0)
    if days.after > today or not (inside or behind):
        return _Found(found.start, end, days)
    since = Days(
        days.first, today + timedelta(days=1), f"{days.label}以来", f"since {days.label_en}"
    )
    return _Found(found.start, end, since)


def _find_one(words: str, today: date, begin: int = 0) -> _Found | None:
    """The earliest piece that is written like a period, and of those there the longest."""
    return min(_all(words, today, begin), key=lambda f: (f.start, -f.end), default=None)


def _all(words: str, today: date, begin: int) -> Iterator[_Found]:
    for pattern, meaning in PATTERNS:
        if match := pattern.search(words, begin):
            yield _Found(match.start(), match.end(), meaning(match, today))


def _bounds(days: Days | Unpublished | None, today: date) -> Period | None:
    if not isinstance(days, Days) or days.first > today or days.after <= days.first:
        return None
    return Period(days.label, _midnight(days.first), _midnight(days.after), days.label_en)


def _unfit(days: Days | Unpublished | None, today: date) -> Unfit:
    if isinstance(days, Unpublished):
        return Unfit.UNPUBLISHED
    return Unfit.FUTURE if days is not None and days.first > today else Unfit.IMPOSSIBLE


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)
