"""What a wall shows: computed for a unit, the same for every screen of it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.figures.measures import Measure
from actions.figures.reading import Step, by_way, read_counts, read_series, sums
from actions.org.org import Org, Tree, Unit
from actions.reports.intervals import SATISFIED_ONLY, Counts
from actions.reports.periods import Period, read_period
from actions.wall.months import Months, read_months
from actions.wall.rates import Held, Rates
from actions.wall.reading import read_burning, read_cases
from actions.wall.snapshot import Point, Snapshot, Tile, Topic, Way

USUAL = Rates(SATISFIED_ONLY, 30)
DAYS, WINDOW = 30, 7  # the trend's points, and the days that each of them looks back on
MOST_BURNING = 8
MOST_TOPICS = 4
MONTH_FRESH = 60.0  # seconds: it hardly moves, and is read for every unit by itself
TOPICS_FRESH = 600.0  # seconds
TOPICS_WAIT = 20.0

log = structlog.get_logger()

type Came = tuple[str, str]  # channel, way
type TopicsOf = Callable[[Unit, Period], Awaitable[Sequence[Topic]]]
"""The topics of a unit and all below it, the most important first. It must not hold up the event
loop: whatever computes for long does so in a thread of its own.
"""
_NONE = Counts(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Read:
    """What the counters say, before anything is held back. Days are Beijing's."""

    today: dict[Came, Counts]
    series: dict[date, dict[Came, Counts]]
    opened: int
    closed: int

    def lately(self) -> list[Came]:
        """The ways of the trend's days and today, the most ratings first."""
        found: Counter[Came] = Counter()
        for ways in (*self.series.values(), self.today):
            found.update({came: counts.total for came, counts in ways.items()})
        return sorted(found, key=lambda came: (-found[came], came))


@dataclass(frozen=True, slots=True)
class _KeptMonths:
    at: float
    day: date
    months: Months


@dataclass(slots=True)
class _Kept:
    at: float = -TOPICS_FRESH
    topics: tuple[Topic, ...] = field(default_factory=tuple)


class Wall:
    """`topics`: where hot topics come from; without it there are none."""

    def __init__(
        self,
        engine: AsyncEngine,
        org: Org,
        rates: Rates = USUAL,
        topics: TopicsOf | None = None,
    ) -> None:
        self._engine = engine
        self._org = org
        self._rates = rates
        self._topics_of = topics
        self._topics: dict[int, _Kept] = {}
        self._months: dict[int, _KeptMonths] = {}

    async def look(self, unit_id: int, shown: Mapping[str, Counts]) -> tuple[Snapshot, Held]:
        """What a wall of this unit shows now, and what of it is to be handed in the next time.

        Raises KeyError when there is no such unit.
        """
        now, tree = clock.now(), await self._org.tree()
        unit = await self._org.unit(unit_id)
        today = clock.beijing(now).date()
        below = _directly_below(tree, unit)
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ")
            read = await _read(connection, unit, today)
            months = await self._month(connection, tree, unit, below, now)
            cases = await read_cases(connection, unit, read.opened, read.closed)
            fire = await read_burning(connection, unit, tree, now, MOST_BURNING)
        held = self._rates.held(_counted(read, today), shown)
        ways = self._ways(read, held, months.now[unit_id], today)
        came = (ways[0].channel, ways[0].way) if ways else None
        return Snapshot(
            unit=unit.label,
            kind=unit.kind,
            today=today,
            minimum=self._rates.minimum,
            formula=self._rates.formula.label,
            formula_en=self._rates.formula.label_en,
            ways=tuple(ways),
            below=tuple(self._tile(each, months, came) for each in below),
            month_count=months.count,
            cases=cases,
            burning=fire.rows,
            late=fire.late,
            soon=fire.soon,
            trend=tuple(self._trend(read, came, today)),
            topics=await self._hot(unit, now),
        ), held

    async def _month(
        self,
        connection: AsyncConnection,
        tree: Tree,
        unit: Unit,
        below: Sequence[Unit],
        now: datetime,
    ) -> Months:
        """The month's figures, MONTH_FRESH seconds old at most and never of yesterday."""
        kept, day = self._months.get(unit.id), clock.beijing(now).date()
        if kept is None or kept.day != day or time.monotonic() - kept.at >= MONTH_FRESH:
            months = await read_months(connection, tree, unit, below, now)
            kept = self._months[unit.id] = _KeptMonths(time.monotonic(), day, months)
        return kept.months

    def _ways(self, read: Read, held: Held, month: Mapping[Came, Counts], today: date) -> list[Way]:
        """Each way by which ratings came lately, the most first: on the first of a month, too."""
        shown = self._rates.shown
        return [
            Way(
                *came,
                shown(held.get(_today_key(today, came), _NONE)),
                shown(month.get(came, _NONE)),
            )
            for came in read.lately()
        ]

    def _tile(self, unit: Unit, months: Months, came: Came | None) -> Tile:
        if came is None:
            return Tile(unit.name, self._rates.shown(_NONE), "")
        counts = months.now[unit.id].get(came, _NONE)
        before = months.before[unit.id].get(came, _NONE)
        return Tile(unit.name, self._rates.shown(counts), self._rates.trend(counts, before))

    def _trend(self, read: Read, came: Came | None, today: date) -> list[Point]:
        """A point for each of the last days up to yesterday; too few ratings are a gap."""
        if came is None:
            return []
        points = []
        for back in range(DAYS, 0, -1):
            day = today - timedelta(days=back)
            window = [day - timedelta(days=each) for each in range(WINDOW)]
            counts = [read.series.get(each, {}).get(came, _NONE) for each in window]
            points.append(Point(day, self._rates.shown(_added(counts))))
        return points

    async def _hot(self, unit: Unit, now: datetime) -> tuple[Topic, ...]:
        """The topics of the last thirty days, asked for now and then; none when that fails."""
        if self._topics_of is None:
            return ()
        kept = self._topics.setdefault(unit.id, _Kept())
        span = read_period("近30天", now)
        if span is not None and time.monotonic() - kept.at >= TOPICS_FRESH:
            kept.at = time.monotonic()
            try:
                async with asyncio.timeout(TOPICS_WAIT):
                    found = await self._topics_of(unit, span)
                kept.topics = tuple(found[:MOST_TOPICS])
            except Exception:  # whoever gives them: the wall goes on without
                log.exception("no topics for the wall", unit=unit.code)
                kept.topics = ()
        return kept.topics


async def _read(connection: AsyncConnection, unit: Unit, today: date) -> Read:
    """Each of them by the counters' primary key: see actions/figures/reading.py."""
    now = await read_counts(connection, unit.id, today, today + timedelta(days=1))
    first = today - timedelta(days=DAYS + WINDOW - 1)
    series = await read_series(connection, unit.id, first, today, Step.DAY)
    found = sums(now)
    return Read(
        today=by_way(now),
        series={day: by_way(counts) for day, counts in series.items()},
        opened=found[Measure.OPENED],
        closed=found[Measure.CLOSED],
    )


def _counted(read: Read, today: date) -> Held:
    """Every figure that moves while it is looked at, by a name that has the day in it."""
    return {_today_key(today, came): counts for came, counts in read.today.items()}


def _today_key(today: date, came: Came) -> str:
    return f"{today:%Y-%m-%d} {'/'.join(came)}"


def _directly_below(tree: Tree, unit: Unit) -> list[Unit]:
    """In the order of the tree, so that everybody finds theirs where it was yesterday."""
    return [each for each in tree.units.values() if each.parent_id == unit.id]


def _added(counts: Sequence[Counts]) -> Counts:
    return Counts(
        sum(each.satisfied for each in counts),
        sum(each.basically for each in counts),
        sum(each.unsatisfied for each in counts),
    )
