"""The period before a period, of which as much is compared as has gone by of this one. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from actions.clock import BEIJING
from actions.reports.periods import Period


def period_before(period: Period, now: datetime) -> Period:
    """Before months the same number of months, else the days that went before: as many.

    Of a period that runs still, as long a piece: on Wednesday noon 本周 is compared with last week
    until Wednesday noon. `now` is aware.
    """
    first, after = (moment.astimezone(BEIJING).date() for moment in (period.start, period.end))
    begins = _midnight(_months_earlier(first, after) or first - (after - first))
    gone = min(period.end, now) - period.start
    end = min(period.start, begins + gone) if now < period.end else period.start
    return Period(_said(begins, end), begins, end, _said(begins, end, english=True))


def _months_earlier(first: date, after: date) -> date | None:
    """So many months earlier as the days are long; None when they are no whole months."""
    if first.day != 1 or after.day != 1:
        return None
    months = first.year * 12 + first.month - 1
    months -= (after.year - first.year) * 12 + after.month - first.month
    return date(months // 12, months % 12 + 1, 1)


def _said(start: datetime, end: datetime, *, english: bool = False) -> str:
    """The days, the last one in: 10 月 1 日–10 月 31 日."""
    last = end - timedelta(seconds=1)
    days = dict.fromkeys(moment.astimezone(BEIJING).date() for moment in (start, last))
    return "–".join(f"{d.day} {d:%B}" if english else f"{d.month} 月 {d.day} 日" for d in days)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)
