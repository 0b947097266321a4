"""Reading the counters: whole months where the span holds them, days at its ends, and what has not
been added up yet. One statement, so that nothing is seen twice or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.clock import BEIJING
from actions.figures.measures import GRADES, Measure

_READ = text("""
SELECT measure, channel, way, sum(n)::bigint AS n FROM (
  SELECT measure, channel, way, n FROM figure_months
  WHERE unit_id = :unit AND day >= :whole_from AND day < :whole_until
  UNION ALL
  SELECT measure, channel, way, n FROM figure_days
  WHERE unit_id = :unit AND day >= :first AND day < :whole_from
  UNION ALL
  SELECT measure, channel, way, n FROM figure_days
  WHERE unit_id = :unit AND day >= :whole_until AND day < :end
  UNION ALL
  SELECT c.measure, c.channel, c.way, c.n FROM figure_changes AS c
  JOIN units AS u ON u.id = c.unit_id
  WHERE starts_with(u.path, :path) AND c.day >= :first AND c.day < :end
) AS counted GROUP BY 1, 2, 3 HAVING sum(n) <> 0 ORDER BY 1, 2, 3
""")


@dataclass(frozen=True, slots=True)
class Count:
    measure: Measure
    channel: str
    way: str
    n: int


async def read_counts(
    connection: AsyncConnection, unit_id: int, path: str, first: date, end: date
) -> list[Count]:
    """What was counted of the unit and all below it, from the day `first` up to, not with, `end`.

    Days are Beijing's.
    """
    whole_from, whole_until = whole_months(first, end)
    given = {
        "unit": unit_id,
        "path": path,
        "first": first,
        "end": end,
        "whole_from": whole_from,
        "whole_until": whole_until,
    }
    rows = (await connection.execute(_READ, given)).all()
    return [Count(Measure(row.measure), row.channel, row.way, row.n) for row in rows]


def whole_months(first: date, end: date) -> tuple[date, date]:
    """The whole months within [first, end), as [from, until); both `end` when there is none."""
    begins = first if first.day == 1 else month_after(first)
    ends = end.replace(day=1)
    return (begins, ends) if begins < ends else (end, end)


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def days_of(start: datetime, end: datetime) -> tuple[date, date]:
    """The Beijing days of a span that begins and ends at Beijing midnights."""
    return start.astimezone(BEIJING).date(), end.astimezone(BEIJING).date()


def sums(counts: Iterable[Count]) -> dict[Measure, int]:
    """The total of each measure; 0 where nothing was counted."""
    found: dict[Measure, int] = defaultdict(int)
    for count in counts:
        found[count.measure] += count.n
    return {measure: found[measure] for measure in Measure}


def by_way(counts: Iterable[Count]) -> dict[tuple[str, str], dict[Measure, int]]:
    """The grades by channel and way, in their order."""
    found: dict[tuple[str, str], dict[Measure, int]] = {}
    for count in counts:
        if count.measure in GRADES:
            grades = found.setdefault((count.channel, count.way), dict.fromkeys(GRADES, 0))
            grades[count.measure] += count.n
    return dict(sorted(found.items()))
