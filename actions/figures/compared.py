"""The period that a period is set beside: the one before, or the same a year ago; and whether two
shares differ beyond error. Pure.

This is the one definition: chat, ranking, bulletins and topics all ask here.

- What begins on the first of a month and is longer than a week is set beside the same days so many
  months before as it touches: October beside September, a quarter beside the quarter before, 1 to 20
  November beside 1 to 20 October. Everything else is set beside as many days, those right before.
- A year ago are the same days of that year.
- Of what runs still, as much is set beside as has gone by: up to `until`, in a shorter month up to
  its end. 本月 on 21 November, counted up to yesterday, is set beside 1 to 20 October.
"""

from __future__ import annotations

import calendar
import math
from datetime import UTC, date, datetime, time, timedelta

from actions.clock import BEIJING
from actions.figures.question import Against
from actions.reports.days import add_months, several_days, written, year_en, year_zh
from actions.reports.intervals import Counts, Formula
from actions.reports.periods import Period

_QUARTERS = "一二三四"
_DAY, _WEEK, _MOMENT = timedelta(days=1), timedelta(days=7), timedelta(microseconds=1)


def other_period(
    period: Period, against: Against, until: datetime, this_year: int | None = None
) -> Period:
    """What the period is set beside, of which `until` (aware) is counted. What is of `this_year` is
    named without it.
    """
    first, end = days_in(period)
    months = 12 if against is Against.YEAR_AGO else _months_touched(first, end)
    days = (end - first).days

    def earlier(day: date) -> date:
        return add_months(day, -months) if months else day - timedelta(days=days)

    gone = min(period.end, until)
    last = (gone - _MOMENT).astimezone(BEIJING).date()
    there = earlier(last)
    if gone == period.end and first.day == end.day == 1:  # whole months, however long they are
        ends = midnight(earlier(end))
    elif months and there.day != last.day:  # a shorter month: all of it
        ends = midnight(there + _DAY)
    else:
        ends = midnight(there) + (gone - midnight(last))
    begins = earlier(first)
    named = period_of(begins, (ends - _MOMENT).astimezone(BEIJING).date() + _DAY, this_year)
    return Period(named.label, named.start, ends, named.label_en)


def counted_until(period: Period, now: datetime) -> datetime:
    """Up to when the ratings of a period are counted: those of today come in with tomorrow
    (disclosure.py), unless it begins with today. Aware.
    """
    today = now.astimezone(BEIJING).date()
    return midnight(today if period.start < midnight(today) else today + _DAY)


def beyond_error(one: Counts, other: Counts, formula: Formula) -> bool | None:
    """Whether the satisfactions differ by more than chance explains, 95 %: Newcombe's interval of
    the difference (1998, method 10) leaves out zero. None when one of them has no ratings.
    """
    p1, p2 = formula.share(one), formula.share(other)
    around, beside = formula.interval(one), formula.interval(other)
    if p1 is None or p2 is None or around is None or beside is None:
        return None
    (low1, high1), (low2, high2) = around, beside
    least = p1 - p2 - math.hypot(p1 - low1, high2 - p2)
    most = p1 - p2 + math.hypot(high1 - p1, p2 - low2)
    return not least <= 0 <= most


def days_in(period: Period) -> tuple[date, date]:
    """First day, and the day after the last, in Beijing."""
    return period.start.astimezone(BEIJING).date(), period.end.astimezone(BEIJING).date()


def period_of(first: date, end: date, this_year: int | None = None) -> Period:
    """The period of those days, named as calendars name it where they do."""
    zh, en = _names(first, end, this_year)
    return Period(zh, midnight(first), midnight(end), en)


def _names(first: date, end: date, this_year: int | None) -> tuple[str, str]:
    """In Chinese and in English."""
    this = date(this_year or 1, 1, 1)
    last, quarter = end - _DAY, first.month // 3
    match _whole(first, end):
        case 12 if first.month == 1:
            return f"{first.year} 年", f"{first.year}"
        case 3 if first.month % 3 == 1:
            named = f"{_QUARTERS[quarter]}季度", f"Q{quarter + 1}"
        case 1:
            named = f"{first.month} 月", calendar.month_name[first.month]
        case 0 if first == last:
            return written(first, this)
        case _:
            span = several_days(first, last, this)
            return span.label, span.label_en
    return year_zh(first, this, named[0]), f"{named[1]}{year_en(first, this)}"


def _months_touched(first: date, end: date) -> int:
    """Of a span that begins on the first of a month and is longer than a week; 0 of any other."""
    last = end - _DAY
    if first.day != 1 or last - first < _WEEK:
        return 0
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _whole(first: date, end: date) -> int:
    """How many whole months; 0 for anything else."""
    if first.day != 1 or end.day != 1:
        return 0
    return (end.year - first.year) * 12 + end.month - first.month


def midnight(day: date) -> datetime:
    """The day's first moment in Beijing; aware, UTC."""
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)
