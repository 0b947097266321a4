"""The only place where grades leave the counters: drawn in to what tells of nobody (disclosure.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Integer

from actions.figures.disclosure import (
    CITIZENS_COUNTED,
    FEW,
    Span,
    drawn_in,
    month_of,
    months_between,
    rest_of_month,
    shown_of_today,
    ways_shown,
)
from actions.figures.graded import Graded, read_graded, totals
from actions.figures.measures import GRADES, Measure
from actions.figures.reading import (
    Count,
    by_way,
    grades,
    read_counts,
    read_table,
    read_ways,
    sums,
)
from actions.org.org import Unit
from actions.reports.intervals import Counts

type CameBy = tuple[str, str]  # channel and way

NOTHING = Counts(0, 0, 0)
_GLANCE = 10  # ratings of a unit in which FEW citizens are looked for first
_DAY = timedelta(days=1)

# Served by ix_units_path (':' follows the digits and '/') and ix_ratings_unit_id_rated_at, for spans
# with few ratings only.
_CITIZENS = text("""
SELECT asked.id, (
  SELECT count(DISTINCT few.identity_id) FROM (
    SELECT r.identity_id FROM units AS u JOIN ratings AS r ON r.unit_id = u.id
      AND r.rated_at >= asked.first::timestamp AT TIME ZONE 'Asia/Shanghai'
      AND r.rated_at < asked.until::timestamp AT TIME ZONE 'Asia/Shanghai'
    WHERE u.path ~>=~ top.path AND u.path ~<~ (top.path || ':')
    LIMIT :most
  ) AS few
) AS citizens
FROM unnest(CAST(:units AS int[]), CAST(:firsts AS date[]), CAST(:ends AS date[]))
  AS asked (id, first, until)
JOIN units AS top ON top.id = asked.id
""")

# The latest ratings of a day by way; the same index serves it.
_LATEST = text("""
SELECT channel, way, grade, place FROM (
  SELECT r.channel, r.way, r.grade,
    row_number() OVER (PARTITION BY r.channel, r.way ORDER BY r.rated_at DESC, r.id DESC) AS place
  FROM ratings AS r
  WHERE r.unit_id = ANY(:units)
    AND r.rated_at >= (:day)::timestamp AT TIME ZONE 'Asia/Shanghai'
) AS latest WHERE place < :most
""").bindparams(bindparam("units", type_=ARRAY(Integer)))


@dataclass(frozen=True, slots=True)
class Seen:
    """`given`: all ratings of the span asked for. The grades are those of `span`, which lies within
    it, or of a part of today; None: none may be shown. `by_way` has the ways that may stand alone.
    """

    given: int
    span: Span | None = None
    counts: Counts = NOTHING
    by_way: Mapping[CameBy, Counts] = field(default_factory=dict)


async def see(
    connection: AsyncConnection, unit: Unit, below: Sequence[int], asked: Span, today: date
) -> Seen:
    """What may be shown of the unit and all below it (`below`: the ids, its own among them).

    The connection reads one state of the database throughout (REPEATABLE READ).
    """
    if asked == Span(today, today + _DAY):
        return await _today(connection, unit, below, today)
    graded = (await _graded(connection, [unit.id], asked, today))[unit.id]
    span, given = _drawn_in(graded, asked, today)
    if span is None:
        return Seen(given)
    ids = [unit.id, *([unit.parent_id] if unit.parent_id else [])]
    table = await read_table(connection, ids, span.first, span.end)
    counts = grades(sums(table[unit.id]))
    around = grades(sums(table[unit.parent_id])).total if unit.parent_id else counts.total
    if 0 < around - counts.total < FEW or await _few(
        connection, {unit.id: span}, {unit.id: counts.total}
    ):
        return Seen(given)
    apart = by_way(table[unit.id])
    beside = await _beside(connection, unit.id, span, today)
    shown = ways_shown({way: each.total for way, each in apart.items()}, beside)
    return Seen(given, span, counts, {way: apart[way] for way in apart if way in shown})


async def see_many(
    connection: AsyncConnection, units: Sequence[Unit], asked: Span, today: date, least: int = FEW
) -> dict[int, Seen]:
    """The same of many units, to be set beside each other: their grades, not by way, and only of
    those with at least `least` ratings.
    """
    found, spans, counted = {}, {}, {}
    graded = await _graded(connection, [unit.id for unit in units], asked, today)
    for unit_id, read in graded.items():
        span, given = _drawn_in(read, asked, today)
        found[unit_id] = Seen(given)
        if given < least:
            continue
        counts = read.counts(span.first, span.end) if span is not None else NOTHING
        if span is not None and counts.total >= least:
            spans[unit_id], counted[unit_id] = span, counts
    few = await _few(connection, spans, {each: counts.total for each, counts in counted.items()})
    for unit_id in spans.keys() - few:
        found[unit_id] = Seen(found[unit_id].given, spans[unit_id], counted[unit_id])
    return found


async def _graded(
    connection: AsyncConnection, ids: Sequence[int], asked: Span, today: date
) -> dict[int, Graded]:
    """What is to be known of the units: the days of the months that `asked` cuts or that still run,
    and the others within it.
    """
    end = min(asked.end, today + _DAY)
    if asked.first >= end:
        return {unit_id: Graded() for unit_id in ids}
    months = months_between(asked.first, end)
    cut = [month for month in months if _is_cut(month, Span(asked.first, end), today)]
    return await read_graded(connection, ids, cut, [each for each in months if each not in cut])


def _drawn_in(read: Graded, asked: Span, today: date) -> tuple[Span | None, int]:
    """The span of the unit that may be shown, and all its ratings in the one asked for."""
    end = min(asked.end, today + _DAY)
    if asked.first >= end:
        return None, 0
    by_day, by_month = totals(read.days), totals(read.months)
    return drawn_in(asked, by_day, by_month, today), read.counts(asked.first, end).total


def _is_cut(month: date, span: Span, today: date) -> bool:
    """Whether the month lies not wholly in the span, or has not ended yet."""
    end = month_of(month).end
    return month < span.first or end > span.end or end > today


async def _few(
    connection: AsyncConnection, spans: Mapping[int, Span], ratings: Mapping[int, int]
) -> frozenset[int]:
    """Those of the units that fewer than FEW citizens rated, each in its span; `ratings` there."""
    unsure = [unit_id for unit_id, n in ratings.items() if FEW <= n < CITIZENS_COUNTED]
    for most in (_GLANCE, CITIZENS_COUNTED):  # a glance is enough for nearly all
        if unsure:
            given = {
                "units": unsure,
                "firsts": [spans[unit_id].first for unit_id in unsure],
                "ends": [spans[unit_id].end for unit_id in unsure],
                "most": most,
            }
            rows = (await connection.execute(_CITIZENS, given)).all()
            unsure = [row.id for row in rows if row.citizens < FEW]
    return frozenset(unsure).union(unit_id for unit_id, n in ratings.items() if n < FEW)


async def _beside(
    connection: AsyncConnection, unit_id: int, span: Span, today: date
) -> dict[CameBy, tuple[int, ...]]:
    """The ratings by way in the rest of the months that the span cuts: before it, and after it."""
    first, last = month_of(span.first), month_of(span.end)
    rest = {
        "before": (first.first, span.first),
        "after": (span.end, last.end if span.end.day != 1 else span.end),
        "so_far": (last.first, span.end),
    }
    if all(begin == end for begin, end in rest.values()):
        return {}
    found = await read_ways(connection, unit_id, rest)
    before, after, so_far = found["before"], found["after"], found["so_far"]
    return {
        way: (
            before.get(way, 0),
            rest_of_month(after.get(way, 0), so_far[way], span.end, today)
            if way in so_far
            else after.get(way, 0),
        )
        for way in {*before, *after, *so_far}
    }


async def _today(
    connection: AsyncConnection, unit: Unit, below: Sequence[int], today: date
) -> Seen:
    """Of each way the first ratings of today, in steps; together they are what is shown."""
    counted = by_way(await read_counts(connection, unit.id, today, today + _DAY))
    given = sum(counts.total for counts in counted.values())
    latest = await _latest(connection, below, today)
    shown = {
        way: _without(counts, latest[way][: counts.total - shown_of_today(counts.total)])
        for way, counts in counted.items()
        if shown_of_today(counts.total)
    }
    together = _together(shown.values())
    span = Span(today, today + _DAY)
    if not shown or await _few(connection, {unit.id: span}, {unit.id: together.total}):
        return Seen(given)
    return Seen(given, span, together, shown)


async def _latest(
    connection: AsyncConnection, below: Sequence[int], today: date
) -> dict[CameBy, list[Measure]]:
    """The grades of the last ratings by way, the latest first."""
    asked = {"units": list(below), "day": today, "most": 2 * FEW}
    found: dict[CameBy, list[Measure]] = defaultdict(list)
    rows = (await connection.execute(_LATEST, asked)).all()
    for row in sorted(rows, key=lambda row: row.place):
        found[row.channel, row.way].append(Measure(row.grade))
    return found


def _without(counts: Counts, latest: Iterable[Measure]) -> Counts:
    gone = sums(Count(grade, "", "", 1) for grade in latest)
    left = (getattr(counts, grade) - gone[grade] for grade in GRADES)
    return Counts(*left)


def _together(parts: Iterable[Counts]) -> Counts:
    all_of_them = list(parts)
    return Counts(*(sum(getattr(each, grade) for each in all_of_them) for grade in GRADES))
