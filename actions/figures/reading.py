"""Reading the counters: whole months where the span holds them, days at its ends, and what has not
been added up yet. Each question one statement, so that nothing is seen twice or not at all.

Days are Beijing's; every span is half-open: from `first` up to, not with, `end`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.figures.measures import GRADES, Measure
from actions.reports.intervals import Counts

# The units' own rows by the primary key; what is not added up yet belongs to all above it.
_READ = text("""
SELECT unit_id, measure, channel, way, sum(n)::bigint AS n FROM (
  SELECT unit_id, measure, channel, way, n FROM figure_months
  WHERE unit_id = ANY(:units) AND day >= :whole_from AND day < :whole_until
  UNION ALL
  SELECT unit_id, measure, channel, way, n FROM figure_days
  WHERE unit_id = ANY(:units) AND day >= :first AND day < :whole_from
  UNION ALL
  SELECT unit_id, measure, channel, way, n FROM figure_days
  WHERE unit_id = ANY(:units) AND day >= :whole_until AND day < :end
  UNION ALL
  SELECT node::int, c.measure, c.channel, c.way, c.n FROM figure_changes AS c
  JOIN units AS u ON u.id = c.unit_id
  CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM u.path), '/')) AS node
  WHERE node::int = ANY(:units) AND c.day >= :first AND c.day < :end
) AS counted GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4
""")

_SERIES = """
SELECT date_trunc('{step}', day)::date AS begins, measure, channel, way, sum(n)::bigint AS n FROM (
  SELECT day, measure, channel, way, n FROM figure_months
  WHERE unit_id = :unit AND day >= :whole_from AND day < :whole_until
  UNION ALL
  SELECT day, measure, channel, way, n FROM figure_days
  WHERE unit_id = :unit AND day >= :first AND day < :whole_from
  UNION ALL
  SELECT day, measure, channel, way, n FROM figure_days
  WHERE unit_id = :unit AND day >= :whole_until AND day < :end
  UNION ALL
  SELECT c.day, c.measure, c.channel, c.way, c.n FROM figure_changes AS c
  JOIN units AS u ON u.id = c.unit_id
  CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM u.path), '/')) AS node
  WHERE node::int = :unit AND c.day >= :first AND c.day < :end
) AS counted GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4
"""

# Ratings by way in several spans, each with its name.
_WAYS = text("""
SELECT name, channel, way, sum(n)::bigint AS n FROM (
  SELECT a.name, f.channel, f.way, f.n
  FROM unnest(CAST(:names AS text[]), CAST(:firsts AS date[]), CAST(:ends AS date[]))
    AS a (name, first, until)
  JOIN figure_days AS f ON f.unit_id = :unit AND f.day >= a.first AND f.day < a.until
  WHERE f.measure = ANY(:grades)
  UNION ALL
  SELECT a.name, c.channel, c.way, c.n
  FROM figure_changes AS c JOIN units AS u ON u.id = c.unit_id
  JOIN unnest(CAST(:names AS text[]), CAST(:firsts AS date[]), CAST(:ends AS date[]))
    AS a (name, first, until) ON c.day >= a.first AND c.day < a.until
  WHERE u.path LIKE '%/' || :unit || '/%' AND c.measure = ANY(:grades)
) AS counted GROUP BY 1, 2, 3 HAVING sum(n) <> 0
""")

_OPEN = text("""
SELECT coalesce(sum(CASE measure WHEN 'opened' THEN n ELSE -n END), 0)::bigint FROM (
  SELECT measure, n FROM figure_months
  WHERE unit_id = :unit AND measure IN ('opened', 'closed')
  UNION ALL
  SELECT c.measure, c.n FROM figure_changes AS c JOIN units AS u ON u.id = c.unit_id
  WHERE u.path LIKE '%/' || :unit || '/%' AND c.measure IN ('opened', 'closed')
) AS counted
""")


class Step(StrEnum):
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


_BY_STEP = {step: text(_SERIES.format(step=step)) for step in Step}


@dataclass(frozen=True, slots=True)
class Count:
    measure: Measure
    channel: str
    way: str
    n: int


async def read_counts(
    connection: AsyncConnection, unit_id: int, first: date, end: date
) -> list[Count]:
    """What was counted of the unit and all below it."""
    return (await read_table(connection, [unit_id], first, end))[unit_id]


async def read_table(
    connection: AsyncConnection, unit_ids: Sequence[int], first: date, end: date
) -> dict[int, list[Count]]:
    """The same of many units, each with all below it; every unit asked for has its line."""
    whole_from, whole_until = whole_months(first, end)
    given = {
        "units": list(unit_ids),
        "first": first,
        "end": end,
        "whole_from": whole_from,
        "whole_until": whole_until,
    }
    found: dict[int, list[Count]] = {unit_id: [] for unit_id in unit_ids}
    for row in (await connection.execute(_READ, given)).all():
        found[row.unit_id].append(_count(row))
    return found


async def read_series(
    connection: AsyncConnection, unit_id: int, first: date, end: date, step: Step
) -> dict[date, list[Count]]:
    """What was counted of the unit and all below it, by the day, week or month in which it lies,
    each given by its first day; where nothing was counted there is no line.
    """
    whole_from, whole_until = whole_months(first, end) if step is Step.MONTH else (end, end)
    given = {
        "unit": unit_id,
        "first": first,
        "end": end,
        "whole_from": whole_from,
        "whole_until": whole_until,
    }
    found: dict[date, list[Count]] = defaultdict(list)
    for row in (await connection.execute(_BY_STEP[step], given)).all():
        found[row.begins].append(_count(row))
    return dict(found)


async def read_ways[Name: str](
    connection: AsyncConnection, unit_id: int, spans: Mapping[Name, tuple[date, date]]
) -> dict[Name, dict[tuple[str, str], int]]:
    """The ratings of the unit and all below it by channel and way, in spans (first, end) of days."""
    given = {
        "unit": unit_id,
        "names": list(spans),
        "firsts": [first for first, _ in spans.values()],
        "ends": [end for _, end in spans.values()],
        "grades": list(GRADES),
    }
    found: dict[Name, dict[tuple[str, str], int]] = {name: {} for name in spans}
    for row in (await connection.execute(_WAYS, given)).all():
        found[row.name][row.channel, row.way] = row.n
    return found


async def read_open(connection: AsyncConnection, unit_id: int) -> int:
    """How many cases of the unit and all below it are open now: all ever opened, less all closed."""
    return int((await connection.execute(_OPEN, {"unit": unit_id})).scalar_one())


def _count(row: Any) -> Count:
    return Count(Measure(row.measure), row.channel, row.way, row.n)


def whole_months(first: date, end: date) -> tuple[date, date]:
    """The whole months within [first, end), as [from, until); both `end` when there is none."""
    begins = first if first.day == 1 else month_after(first)
    ends = end.replace(day=1)
    return (begins, ends) if begins < ends else (end, end)


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def sums(counts: Iterable[Count]) -> dict[Measure, int]:
    """The total of each measure; 0 where nothing was counted."""
    found: dict[Measure, int] = defaultdict(int)
    for count in counts:
        found[count.measure] += count.n
    return {measure: found[measure] for measure in Measure}


def grades(found: Mapping[Measure, int]) -> Counts:
    """The valid ratings of such a total, by grade."""
    return Counts(*(found[grade] for grade in GRADES))


def by_way(counts: Iterable[Count]) -> dict[tuple[str, str], Counts]:
    """The valid ratings by channel and way, in their order."""
    apart: dict[tuple[str, str], list[Count]] = {}
    for count in counts:
        if count.measure in GRADES:
            apart.setdefault((count.channel, count.way), []).append(count)
    return {came: grades(sums(those)) for came, those in sorted(apart.items())}
