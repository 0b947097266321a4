"""The month of a wall: what the chat says of it, up to yesterday, way by way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.figures.cells import CameBy, see
from actions.figures.compared import counted_until, days_in, other_period, period_of
from actions.figures.disclosure import Span, month_of
from actions.figures.question import Against
from actions.org.org import Tree, Unit
from actions.reports.intervals import Counts
from actions.reports.periods import Period

type Ways = Mapping[CameBy, Counts]


@dataclass(frozen=True, slots=True)
class Months:
    """By unit what may be shown of the month (of what came one way, where that may stand alone) and
    of the days of the month before it is set beside; `count`: how many of `unit`'s ratings are
    shown, of all ways together.
    """

    now: Mapping[int, Ways]
    before: Mapping[int, Ways]
    count: int


async def read_months(
    connection: AsyncConnection, tree: Tree, unit: Unit, below: Sequence[Unit], now: datetime
) -> Months:
    """Of the unit and those directly below it. The connection reads one state of the database
    throughout (REPEATABLE READ); `now` is aware.
    """
    today = clock.beijing(now).date()
    span = month_of(today)
    month = period_of(span.first, span.end)
    other = other_period(month, Against.BEFORE, counted_until(month, now))
    inside = {each.id: [one.id for one in tree.below(each.path)] for each in (unit, *below)}

    async def ways_of(each: Unit, period: Period) -> tuple[Ways, int]:
        asked = Span(*days_in(period))
        if asked.first == today:  # nothing has gone by: today is a number of its own
            return {}, 0
        seen = await see(connection, each, inside[each.id], asked, today)
        return seen.by_way, seen.counts.total

    own, count = await ways_of(unit, month)
    return Months(
        {unit.id: own, **{each.id: (await ways_of(each, month))[0] for each in below}},
        {each.id: (await ways_of(each, other))[0] for each in below},
        count,
    )
