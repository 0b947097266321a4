"""A demonstration is played by day: at night the policy's quiet hours would hold every notice."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from actions import clock
from actions.cases.telling import within
from actions.policy.model import Policy

MORNING = time(10)


def day_for(now: datetime, policy: Policy) -> datetime | None:
    """The next ten o'clock (aware, Beijing) where `now` lies in the quiet hours; None by day."""
    quiet = policy.hours.quiet
    if quiet is None or not within(quiet, now):
        return None
    local = clock.beijing(now)
    days = 0 if local.time() < MORNING else 1
    return datetime.combine(local.date() + timedelta(days), MORNING, local.tzinfo)


def begin_by_day(file: Path, policy: Policy) -> datetime | None:
    """Sets the demonstration's clock, kept in `file`, to a morning where it is night; returns it."""
    clock.follow(file)
    try:
        moment = day_for(clock.now(), policy)
    finally:
        clock.freeze(None)
    if moment is not None:
        file.write_text(moment.isoformat(), encoding="ascii")
    return moment
