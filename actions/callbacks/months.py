"""Months as draws know them: "2026-10", in Beijing time. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from actions.clock import BEIJING


def month_before(now: datetime) -> str:
    """The month before the one that the aware moment lies in."""
    last = now.astimezone(BEIJING).replace(day=1) - timedelta(days=1)
    return f"{last:%Y-%m}"


def month_bounds(period: str) -> tuple[datetime, datetime]:
    """From the month's first midnight up to the next month's, in UTC. Raises ValueError."""
    first = datetime.strptime(f"{period} +0800", "%Y-%m %z").replace(tzinfo=BEIJING)
    after = (first + timedelta(days=31)).replace(day=1)
    return first.astimezone(UTC), after.astimezone(UTC)


def end_of_month(now: datetime) -> datetime:
    """The last minute of the month that the aware moment lies in, in UTC."""
    local = now.astimezone(BEIJING)
    after = (local.replace(day=1) + timedelta(days=31)).replace(day=1)
    last = after.date() - timedelta(days=1)
    return datetime.combine(last, time(23, 59), BEIJING).astimezone(UTC)
