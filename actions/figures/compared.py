"""The period that a period is set beside: the one before, or the same a year ago; and whether two
shares differ beyond error. Pure.
"""

from __future__ import annotations

import calendar
import math
from datetime import UTC, date, datetime, time, timedelta

from actions.clock import BEIJING
from actions.figures.question import Against
from actions.reports.days import add_months
from actions.reports.intervals import Counts, Formula
from actions.reports.periods import Period

_QUARTERS = "一二三四"


def other_period(period: Period, against: Against, this_year: int | None = None) -> Period:
    """Whole months are set beside as many months; other spans beside as many days. A year before
    29 February is the 28th. Months of `this_year` are named without it.
    """
    first, end = days_in(period)
    if against is Against.YEAR_AGO:
        return period_of(add_months(first, -12), add_months(end, -12), this_year)
    if first.day == 1 and end.day == 1:
        months = (end.year - first.year) * 12 + end.month - first.month
        return period_of(add_months(first, -months), first, this_year)
    return period_of(first - (end - first), first, this_year)


def beyond_error(one: Counts, other: Counts, formula: Formula) -> bool | None:
    """Whether the satisfactions differ by more than chance explains, 95 %: Newcombe's interval of
    the difference (1998, method 10) leaves out zero. None when one of them has no ratings.
    """
    first, second = formula.satisfaction(one), formula.satisfaction(other)
    around, beside = formula.interval(one), formula.interval(other)
    if first is None or second is None or around is None or beside is None:
        return None
    (low1, high1), (low2, high2) = around, beside
    p1, p2 = float(first), float(second)
    least = p1 - p2 - math.hypot(p1 - low1, high2 - p2)
    most = p1 - p2 + math.hypot(high1 - p1, p2 - low2)
    return not least <= 0 <= most


def days_in(period: Period) -> tuple[date, date]:
    """First day, and the day after the last, in Beijing."""
    return period.start.astimezone(BEIJING).date(), period.end.astimezone(BEIJING).date()


def period_of(first: date, end: date, this_year: int | None = None) -> Period:
    """The period of those days, named as calendars name it where they do."""
    zh, en = _names(first, end)
    if this_year is not None and first.year == this_year:
        zh, en = zh.removeprefix(f"{this_year} 年").strip() or zh, en.removesuffix(f" {this_year}")
    return Period(zh, _midnight(first), _midnight(end), en)


def _names(first: date, end: date) -> tuple[str, str]:
    """In Chinese and in English."""
    last, quarter = end - timedelta(days=1), first.month // 3
    match _whole(first, end):
        case 12 if first.month == 1:
            return f"{first.year} 年", f"{first.year}"
        case 3 if first.month % 3 == 1:
            return f"{first.year} 年{_QUARTERS[quarter]}季度", f"Q{quarter + 1} {first.year}"
        case 1:
            month = calendar.month_name[first.month]
            return f"{first.year} 年 {first.month} 月", f"{month} {first.year}"
        case 0 if first == last:
            return f"{first:%Y-%m-%d}", f"{first:%Y-%m-%d}"
        case _:
            return f"{first:%Y-%m-%d} 至 {last:%Y-%m-%d}", f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def _whole(first: date, end: date) -> int:
    """How many whole months; 0 for anything else."""
    if first.day != 1 or end.day != 1:
        return 0
    return (end.year - first.year) * 12 + end.month - first.month


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)
