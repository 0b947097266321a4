"""When to call somebody again who was not reached: at another time of day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from actions.clock import BEIJING

PARTS = (time(9), time(14), time(18, 30))  # morning, afternoon, evening: when a part begins


def part_of(moment: datetime) -> int:
    """Which part of the day (index in PARTS) an aware moment lies in; before the first: the last."""
    local = moment.astimezone(BEIJING).time()
    begun = [number for number, start in enumerate(PARTS) if local >= start]
    return begun[-1] if begun else len(PARTS) - 1


def first_attempt(now: datetime, calls: tuple[time, time]) -> datetime:
    """When a call may first be made: now, or when the next calling hours begin.

    `now` aware, the result UTC; `calls` in Beijing time, beginning before they end.
    """
    local = now.astimezone(BEIJING)
    if calls[0] <= local.time() < calls[1]:
        return now.astimezone(UTC)
    days = 0 if local.time() < calls[0] else 1
    return datetime.combine(local.date() + timedelta(days), calls[0], BEIJING).astimezone(UTC)


def next_attempt(tried: Sequence[datetime], now: datetime, calls: tuple[time, time]) -> datetime:
    """The next beginning of a part of the day not tried yet, within the calling hours.

    All parts tried: simply the next part. Moments aware, the result UTC; `calls` and the parts are
    Beijing time; a part that does not begin within the calling hours is passed over, unless none
    does: then the next beginning of the calling hours.
    """
    known = {part_of(moment) for moment in tried}
    usable = [n for n, start in enumerate(PARTS) if calls[0] <= start < calls[1]]
    wanted = [n for n in usable if n not in known] or usable
    starts = [PARTS[number] for number in wanted] or [calls[0]]
    local = now.astimezone(BEIJING)
    ahead = (
        datetime.combine(local.date() + timedelta(days), start, BEIJING)
        for days in (0, 1)
        for start in starts
    )
    return next(begins for begins in ahead if begins > local).astimezone(UTC)
