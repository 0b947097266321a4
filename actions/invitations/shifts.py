"""Which shift a moment belongs to: the roster's, else the policy's hours of the day. Pure.

A shift belongs to the day on which it began, in Beijing: 02:00 on the 21st lies in the night of the
20th.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import gcd

from actions.clock import BEIJING
from actions.deadlines.hours import MIDNIGHT, Pair, at


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """From `begins` up to, not including, `ends` (aware, UTC); `day` is when it began in Beijing."""

    day: date
    begins: datetime
    ends: datetime


def shift_of(
    moment: datetime, roster: Sequence[tuple[datetime, datetime]], plan: Sequence[Pair]
) -> Shift:
    """The shift of one officer in which the moment lies.

    `roster` are the officer's own lines; where none holds the moment, `plan` counts, whose hours
    fill the day. Of two lines that hold it the later one counts. Raises ValueError for a plan with
    a gap.
    """
    own = [line for line in roster if line[0] <= moment < line[1]]
    if own:
        begins, ends = max(own)
        return Shift(begins.astimezone(BEIJING).date(), begins, ends)
    local = moment.astimezone(BEIJING)
    for begins_at, ends_at in plan:
        day = local.date()
        if ends_at <= begins_at and ends_at != MIDNIGHT and local.time() < ends_at:
            day -= timedelta(days=1)
        elif local.time() < begins_at or (begins_at < ends_at <= local.time()):
            continue
        last = day if begins_at < ends_at else day + timedelta(days=1)
        return Shift(day, at(day, begins_at), at(last, ends_at))
    raise ValueError("the shifts do not fill the day")


def undivided(plan: Sequence[Pair], roster: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """The longest part of an hour such that no shift begins or ends inside one, counted from the
    full hour: what happened in the same one, happened in the same shift.
    """
    edges = [_seconds(edge) for pair in plan for edge in pair]
    edges += [_seconds(edge.time()) for line in roster for edge in line]
    return timedelta(seconds=gcd(3600, *edges))


def _seconds(edge: time) -> int:
    """Seconds into the day; zones differ by whole hours from Beijing's, so UTC does as well."""
    return edge.hour * 3600 + edge.minute * 60 + edge.second
