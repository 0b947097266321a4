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
from actions.figures.measures import GRADES, Measure
from actions.figures.reading import (
    Count,
    by_way,
    grades,
    read_counts,
    read_grades,
    read_months,
    read_table,
    read_totals,
    sums,
)
from actions.org.org import Unit
from actions.reports.intervals import Counts

type CameBy = tuple[str, str]  # channel and way

NOTHING = Counts(0, 0, 0)
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
    span, given = (await _spans(connection, [unit.id], asked, today))[unit.id]
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
    ids = [unit.id for unit in units]
    found = {}
    spans: dict[int, Span] = {}
    for unit_id, (span, given) in (await _spans(connection, ids, asked, today)).items():
        found[unit_id] = Seen(given)
        if span is not None and given >= least:
            spans[unit_id] = span
    counted = await read_grades(connection, {each: (s.first, s.end) for each, s in spans.items()})
    enough = {each: counted[each].total for each in spans if counted[each].total >= least}
    few = await _few(connection, spans, enough)
    for unit_id in enough.keys() - few:
        found[unit_id] = Seen(found[unit_id].given, spans[unit_id], counted[unit_id])
    return found


async def _spans(
    connection: AsyncConnection, ids: Sequence[int], asked: Span, today: date
) -> dict[int, tuple[Span | None, int]]:
    """Of each unit the span that may be shown, and all its ratings in the one asked for."""
    end = min(asked.end, today + _DAY)
    if asked.first >= end:
        return dict.fromkeys(ids, (None, 0))
    months = months_between(asked.first, end)
    cut = [month for month in months if _is_cut(month, Span(asked.first, end), today)]
    whole = [month for month in months if month not in cut]
    by_day: dict[int, dict[date, int]] = {unit_id: {} for unit_id in ids}
    for month in cut:
        found = await read_totals(connection, ids, month, month_of(month).end)
        for unit_id, days in found.items():
            by_day[unit_id].update(days)
    by_month: dict[int, dict[date, int]] = {unit_id: {} for unit_id in ids}
    if whole:
        until = month_of(whole[-1]).end
        by_month = await read_months(connection, ids, whole[0], until)
    return {
        unit_id: (
            drawn_in(asked, by_day[unit_id], by_month[unit_id], today),
            sum(n for day, n in by_day[unit_id].items() if asked.first <= day < end)
            + sum(by_month[unit_id].values()),
        )
        for unit_id in ids
    }


def _is_cut(month: date, span: Span, today: date) -> bool:
    """Whether the month lies not wholly in the span, or has not ended yet."""
    end = month_of(month).end
    return month < span.first or end > span.end or end > today


async def _few(
    connection: AsyncConnection, spans: Mapping[int, Span], ratings: Mapping[int, int]
) -> frozenset[int]:
    """Those of the units that fewer than FEW citizens rated, each in its span; `ratings` there."""
    unsure = [unit_id for unit_id, n in ratings.items() if FEW <= n < CITIZENS_COUNTED]
    citizens: dict[int, int] = {}
    if unsure:
        given = {
            "units": unsure,
            "firsts": [spans[unit_id].first for unit_id in unsure],
            "ends": [spans[unit_id].end for unit_id in unsure],
            "most": CITIZENS_COUNTED,
        }
        rows = (await connection.execute(_CITIZENS, given)).all()
        citizens = {row.id: row.citizens for row in rows}
    return frozenset(
        unit_id for unit_id, n in ratings.items() if n < FEW or citizens.get(unit_id, n) < FEW
    )


async def _beside(
    connection: AsyncConnection, unit_id: int, span: Span, today: date
) -> dict[CameBy, tuple[int, ...]]:
    """The ratings by way in the rest of the months that the span cuts: before it, and after it."""
    first, last = month_of(span.first), month_of(span.end)
    before = await _ways(connection, unit_id, Span(first.first, span.first))
    after = await _ways(
        connection, unit_id, Span(span.end, last.end if span.end.day != 1 else span.end)
    )
    so_far = await _ways(connection, unit_id, Span(last.first, span.end))
    return {
        way: (
            before.get(way, 0),
            rest_of_month(after.get(way, 0), so_far[way], span.end, today)
            if way in so_far
            else after.get(way, 0),
        )
        for way in {*before, *after, *so_far}
    }


async def _ways(connection: AsyncConnection, unit_id: int, span: Span) -> dict[CameBy, int]:
    if span.first >= span.end:
        return {}
    found = by_way(await read_counts(connection, unit_id, span.first, span.end))
    return {way: counts.total for way, counts in found.items()}


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
