"""Which months may be looked at: whole ones, some days after their end. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from actions.accountability.evaluation import months_before
from actions.clock import BEIJING


def last_finished(now: datetime, grace: int) -> date:
    """The first day of the latest Beijing month that ended at least `grace` days before `now`."""
    month = now.astimezone(BEIJING).date().replace(day=1)
    while ready_at(month, grace) > now:
        month = months_before(month, 1)[0]
    return month


def ready_at(month: date, grace: int) -> datetime:
    """When the month that begins with that day may be looked at."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return datetime.combine(after + timedelta(days=grace), time(), BEIJING)


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from that of `first` to that of `last`; [] when it is earlier."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return months_before(last.replace(day=1), count) if count >= 0 else []


def read_month(text: str) -> date:
    """ "2026-10" as its first day. Raises ValueError."""
    return datetime.strptime(f"{text}-01 +0800", "%Y-%m-%d %z").date()
