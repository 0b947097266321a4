"""The kinds of bulletins, which period each is about, and when it is due. Pure.

A bulletin is about the last period that had ended at its moment: the daily one about yesterday,
the weekly one about last week (from Monday), and so on. Beijing has no summer time, so a time of the
day is one moment. A month that has no such day (the 31st) is told on its last.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from actions.clock import BEIJING
from actions.reports.days import add_months
from actions.reports.periods import Period

_DAY = timedelta(days=1)


class BulletinKind(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ASKED = "asked"  # whatever period somebody asked for


SCHEDULED = (
    BulletinKind.DAILY,
    BulletinKind.WEEKLY,
    BulletinKind.MONTHLY,
    BulletinKind.QUARTERLY,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Beijing days, from `first` up to, not with, `end`."""

    first: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def start(self) -> datetime:
        """Its first moment, aware, UTC."""
        return _moment(self.first, time())

    @property
    def until(self) -> datetime:
        """The first moment after it, aware, UTC."""
        return _moment(self.end, time())

    @classmethod
    def of(cls, period: Period) -> Span:
        """The days of a period; of its last one as much as there is."""
        last = (period.end - timedelta(microseconds=1)).astimezone(BEIJING).date()
        return cls(period.start.astimezone(BEIJING).date(), last + _DAY)


@dataclass(frozen=True, slots=True)
class Timing:
    """When a kind is due: at `at` in Beijing; `on` is the weekday (1 Monday to 7) of a weekly one,
    the day of the month of a monthly one, the day of the quarter's first month of a quarterly one.
    """

    kind: BulletinKind
    at: time
    on: int = 1


@dataclass(frozen=True, slots=True)
class Due:
    moment: datetime  # aware, UTC
    span: Span


def latest_due(timing: Timing, now: datetime) -> Due:
    """The last moment, not after `now` (aware), at which this kind was due, and its period."""
    begins, before = _PERIODS[timing.kind]
    here = begins(now.astimezone(BEIJING).date())  # the day's, week's, month's, quarter's first
    moment = _moment(_day_of(timing, here), timing.at)
    if moment > now:
        here = before(here)
        moment = _moment(_day_of(timing, here), timing.at)
    return Due(moment, Span(before(here), here))


def kind_of(span: Span) -> BulletinKind:
    """The kind whose period this is: a day, a week from Monday, a month, a quarter; else ASKED."""
    for kind, (begins, before) in _PERIODS.items():
        if begins(span.first) == span.first and before(span.end) == span.first == begins(
            span.end - _DAY
        ):
            return kind
    return BulletinKind.ASKED


def _day_of(timing: Timing, begins: date) -> date:
    """The day within the period beginning so on which the bulletin about the one before is due."""
    if timing.kind is BulletinKind.DAILY:
        return begins
    if timing.kind is BulletinKind.WEEKLY:
        return begins + timedelta(days=timing.on - 1)
    last = calendar.monthrange(begins.year, begins.month)[1]
    return begins.replace(day=min(timing.on, last))


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, BEIJING).astimezone(UTC)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


# Of each kind: the first day of the period that holds a day, and the first of the one before.
_PERIODS: dict[BulletinKind, tuple[Callable[[date], date], Callable[[date], date]]] = {
    BulletinKind.DAILY: (lambda day: day, lambda day: day - _DAY),
    BulletinKind.WEEKLY: (
        lambda day: day - timedelta(days=day.weekday()),
        lambda day: day - timedelta(days=7),
    ),
    BulletinKind.MONTHLY: (lambda day: day.replace(day=1), lambda day: add_months(day, -1)),
    BulletinKind.QUARTERLY: (_quarter, lambda day: add_months(day, -3)),
}
