"""The valid ratings of many units by grade, all ways together: single days of some months, others whole.

Of each unit and all below it; days are Beijing's, months are given by their first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.figures.measures import GRADES
from actions.figures.reading import month_after
from actions.reports.intervals import Counts

type Grades = tuple[int, int, int]  # satisfied, basically, unsatisfied

# One row for each unit and table: thousands of days of hundreds of units come as fast as a few.
_READ = text("""
SELECT unit_id, true AS whole, array_agg(day) AS days, array_agg(satisfied) AS satisfied,
  array_agg(basically) AS basically, array_agg(unsatisfied) AS unsatisfied
FROM figure_month_grades
WHERE unit_id = ANY(:units) AND day >= :whole_from AND day < :whole_until GROUP BY 1
UNION ALL
SELECT f.unit_id, false, array_agg(f.day), array_agg(satisfied), array_agg(basically),
  array_agg(unsatisfied)
FROM unnest(CAST(:firsts AS date[]), CAST(:ends AS date[])) AS month (first, until)
JOIN figure_day_grades AS f
  ON f.unit_id = ANY(:units) AND f.day >= month.first AND f.day < month.until
GROUP BY 1
UNION ALL
SELECT node::int, whole,
  array_agg(CASE WHEN whole THEN date_trunc('month', day)::date ELSE day END),
  array_agg(CASE measure WHEN 'satisfied' THEN n ELSE 0 END),
  array_agg(CASE measure WHEN 'basically' THEN n ELSE 0 END),
  array_agg(CASE measure WHEN 'unsatisfied' THEN n ELSE 0 END)
FROM (
  SELECT unit_id, day, measure, sum(n)::bigint AS n,
    day >= :whole_from AND day < :whole_until AS whole
  FROM figure_changes WHERE measure = ANY(:grades) GROUP BY 1, 2, 3
) AS c JOIN units AS u ON u.id = c.unit_id
CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM u.path), '/')) AS node
WHERE node::int = ANY(:units)
  AND (whole OR date_trunc('month', day)::date = ANY(CAST(:firsts AS date[])))
GROUP BY 1, 2
""")


@dataclass(frozen=True, slots=True)
class Graded:
    """What was read of a unit; a day or month without ratings has no line."""

    days: dict[date, Grades] = field(default_factory=dict)
    months: dict[date, Grades] = field(default_factory=dict)

    def counts(self, first: date, end: date) -> Counts:
        """All of [first, end); what lies in it was read: by day what it cuts, whole the rest."""
        satisfied = basically = unsatisfied = 0
        for by_first in (self.days, self.months):
            for day, (well, so_so, badly) in by_first.items():
                if first <= day < end:
                    satisfied += well
                    basically += so_so
                    unsatisfied += badly
        return Counts(satisfied, basically, unsatisfied)


def totals(by_day: Mapping[date, Grades]) -> dict[date, int]:
    """All grades together."""
    return {day: well + so_so + badly for day, (well, so_so, badly) in by_day.items()}


async def read_graded(
    connection: AsyncConnection,
    unit_ids: Sequence[int],
    by_day: Sequence[date],
    whole: Sequence[date] = (),
) -> dict[int, Graded]:
    """The days of the months `by_day`, and the months `whole`, which follow one another; months are
    given by their first days. Every unit asked for has its line.
    """
    given = {
        "units": list(unit_ids),
        "firsts": list(by_day),
        "ends": [month_after(month) for month in by_day],
        "whole_from": whole[0] if whole else date.max,
        "whole_until": month_after(whole[-1]) if whole else date.max,
        "grades": list(GRADES),
    }
    found = {unit_id: Graded() for unit_id in unit_ids}
    for row in (await connection.execute(_READ, given)).all():
        graded = found[row.unit_id]
        _add(graded.months if row.whole else graded.days, row)
    return found


def _add(into: dict[date, Grades], row: Row[Any]) -> None:
    """More of a day that is there already is what has not been added up yet."""
    read = list(zip(row.satisfied, row.basically, row.unsatisfied, strict=True))
    if not into:
        once = dict(zip(row.days, read, strict=True))
        if len(once) == len(read):
            into.update(once)
            return
    for day, grades in zip(row.days, read, strict=True):
        known = into.get(day, (0, 0, 0))
        into[day] = (grades[0] + known[0], grades[1] + known[1], grades[2] + known[2])
