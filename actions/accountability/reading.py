"""What the rules look at, by month and unit: ratings from the counters, cases found substantiated.

Months are Beijing's. A case counts in the month in which it was found so for the last time, as the
finding stands now; a case that was merged into another is one with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.accountability.rule import MonthFigures, Rule, RuledBy
from actions.clock import BEIJING
from actions.figures.measures import GRADES, Measure
from actions.figures.ranking import Entry
from actions.figures.reading import Count, by_way, grades, month_after, sums
from actions.org.org import Unit

# One statement, so that nothing is seen twice or not at all; by the primary key, and what has not
# been added up yet.
_RATINGS = text("""
SELECT unit_id, month, measure, channel, way, sum(n)::bigint AS n FROM (
  SELECT unit_id, day AS month, measure, channel, way, n FROM figure_months
  WHERE unit_id = ANY(:units) AND day >= :first AND day < :end
  UNION ALL
  SELECT node::int, date_trunc('month', c.day)::date, c.measure, c.channel, c.way, c.n
  FROM figure_changes AS c JOIN units AS u ON u.id = c.unit_id
  CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM u.path), '/')) AS node
  WHERE node::int = ANY(:units) AND c.day >= :first AND c.day < :end
) AS counted WHERE measure = ANY(:grades) AND way = ANY(:ways)
GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4, 5
""")

# Once a month over the cases found substantiated; their events by ix_case_events_case_id_id.
_CASES = text("""
SELECT node::int AS unit_id, date_trunc('month', v.at AT TIME ZONE 'Asia/Shanghai')::date AS month,
  count(*) AS n
FROM cases AS c
CROSS JOIN LATERAL (
  SELECT max(e.at) AS at FROM case_events AS e WHERE e.case_id = c.id AND e.verb = 'verify'
) AS v
JOIN units AS u ON u.id = c.unit_id
CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM u.path), '/')) AS node
WHERE c.finding = 'substantiated' AND c.merged_into IS NULL AND c.created_at < :until
  AND v.at >= :since AND v.at < :until AND node::int = ANY(:units)
GROUP BY 1, 2
""")


async def read_figures(
    connection: AsyncConnection, rule: Rule, units: Sequence[Unit], months: Sequence[date]
) -> dict[date, MonthFigures]:
    """What the rule looks at of these units in these months (first days, one after the other);
    every month asked for has its line, and in it every unit.
    """
    first, end = months[0], month_after(months[-1])
    ids = [unit.id for unit in units]
    counts: dict[tuple[date, int], list[Count]] = defaultdict(list)
    cases: dict[date, dict[int, int]] = defaultdict(dict)
    if rule.figure is RuledBy.SATISFACTION:
        for row in await _ratings(connection, rule, ids, first, end):
            count = Count(Measure(row.measure), row.channel, row.way, row.n)
            counts[row.month, row.unit_id].append(count)
    else:
        for row in await _cases(connection, ids, first, end):
            cases[row.month][row.unit_id] = row.n
    return {month: _month(units, month, counts, cases.get(month, {})) for month in months}


def _month(
    units: Sequence[Unit],
    month: date,
    counts: dict[tuple[date, int], list[Count]],
    cases: dict[int, int],
) -> MonthFigures:
    entries, came = [], {}
    for unit in units:
        found = counts.get((month, unit.id), [])
        entries.append(Entry(unit.id, unit.label, unit.kind, grades(sums(found))))
        came[unit.id] = tuple((*way, given.total) for way, given in by_way(found).items())
    return MonthFigures(tuple(entries), cases, came)


async def _ratings(
    connection: AsyncConnection, rule: Rule, ids: Sequence[int], first: date, end: date
) -> Sequence[Any]:
    given = {
        "units": list(ids),
        "first": first,
        "end": end,
        "grades": [str(grade) for grade in GRADES],
        "ways": list(rule.ways),
    }
    return (await connection.execute(_RATINGS, given)).all()


async def _cases(
    connection: AsyncConnection, ids: Sequence[int], first: date, end: date
) -> Sequence[Any]:
    given = {"units": list(ids), "since": _midnight(first), "until": _midnight(end)}
    return (await connection.execute(_CASES, given)).all()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING)
