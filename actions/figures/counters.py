"""Adding up what the triggers noted, and counting all anew."""

from __future__ import annotations

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.figures.measures import GRADES
from actions.store.tables import (
    figure_changes,
    figure_day_grades,
    figure_days,
    figure_month_grades,
    figure_months,
)

_ALL = (figure_changes, figure_days, figure_months, figure_day_grades, figure_month_grades)
AT_ONCE = 50_000  # changes in one transaction
_LOCK = 0x46494755  # "FIGU": whoever adds up or counts anew does it alone

_AT_LEISURE = text("SET LOCAL statement_timeout = 0")  # many millions of rows take minutes
_ALONE = text("SELECT pg_advisory_xact_lock(:lock)")

# A change counts for its unit and for all above it. In one statement, so that a reader sees it
# either here or there.
_ADD_UP = text("""
WITH moved AS (
  DELETE FROM figure_changes WHERE id IN (SELECT id FROM figure_changes ORDER BY id LIMIT :most)
  RETURNING unit_id, day, measure, channel, way, n
), above AS (
  SELECT node::int AS unit_id, day, measure, channel, way, sum(n) AS n
  FROM moved AS m JOIN units AS u ON u.id = m.unit_id
  CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM u.path), '/')) AS node
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
), days AS (
  INSERT INTO figure_days AS f (unit_id, day, measure, channel, way, n) SELECT * FROM above
  ON CONFLICT (unit_id, day, measure, channel, way) DO UPDATE SET n = f.n + excluded.n
), months AS (
  INSERT INTO figure_months AS f (unit_id, day, measure, channel, way, n)
  SELECT unit_id, date_trunc('month', day)::date, measure, channel, way, sum(n)
  FROM above GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (unit_id, day, measure, channel, way) DO UPDATE SET n = f.n + excluded.n
), graded AS (
  SELECT unit_id, day, coalesce(sum(n) FILTER (WHERE measure = 'satisfied'), 0) AS satisfied,
    coalesce(sum(n) FILTER (WHERE measure = 'basically'), 0) AS basically,
    coalesce(sum(n) FILTER (WHERE measure = 'unsatisfied'), 0) AS unsatisfied
  FROM above WHERE measure = ANY(:grades) GROUP BY 1, 2
), day_grades AS (
  INSERT INTO figure_day_grades AS f SELECT * FROM graded
  ON CONFLICT (unit_id, day) DO UPDATE SET satisfied = f.satisfied + excluded.satisfied,
    basically = f.basically + excluded.basically, unsatisfied = f.unsatisfied + excluded.unsatisfied
), month_grades AS (
  INSERT INTO figure_month_grades AS f
  SELECT unit_id, date_trunc('month', day)::date, sum(satisfied), sum(basically), sum(unsatisfied)
  FROM graded GROUP BY 1, 2
  ON CONFLICT (unit_id, day) DO UPDATE SET satisfied = f.satisfied + excluded.satisfied,
    basically = f.basically + excluded.basically, unsatisfied = f.unsatisfied + excluded.unsatisfied
)
SELECT count(*) FROM moved
""")

# Waits for whoever is writing; from then on until the end nobody writes.
_STILL = text("LOCK TABLE figure_changes IN EXCLUSIVE MODE")
_DAYS = text("""
INSERT INTO figure_days (unit_id, day, measure, channel, way, n)
SELECT node::int, day, measure, channel, way, sum(n) FROM (
  SELECT unit_id, (rated_at AT TIME ZONE 'Asia/Shanghai')::date AS day, grade AS measure,
    channel, way, count(*) AS n FROM ratings GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT unit_id, (created_at AT TIME ZONE 'Asia/Shanghai')::date, 'opened', '', kind, count(*)
  FROM cases GROUP BY 1, 2, 5
  UNION ALL
  SELECT unit_id, (closed_at AT TIME ZONE 'Asia/Shanghai')::date, 'closed', '',
    coalesce(closed_as, ''), count(*) FROM cases WHERE closed_at IS NOT NULL GROUP BY 1, 2, 5
) AS c JOIN units AS u ON u.id = c.unit_id
CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM u.path), '/')) AS node
GROUP BY 1, 2, 3, 4, 5
""")
_GRADED = """
INSERT INTO figure_{0}_grades (unit_id, day, satisfied, basically, unsatisfied)
SELECT unit_id, day, coalesce(sum(n) FILTER (WHERE measure = 'satisfied'), 0),
  coalesce(sum(n) FILTER (WHERE measure = 'basically'), 0),
  coalesce(sum(n) FILTER (WHERE measure = 'unsatisfied'), 0)
FROM figure_{0}s WHERE measure = ANY(:grades) GROUP BY 1, 2
"""
_MONTHS = text("""
INSERT INTO figure_months (unit_id, day, measure, channel, way, n)
SELECT unit_id, date_trunc('month', day)::date, measure, channel, way, sum(n)
FROM figure_days GROUP BY 1, 2, 3, 4, 5
""")


class Counters:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add_up(self) -> int:
        """Adds up all that was noted until now; how many changes that were. Readers and writers go
        on meanwhile; several workers at once do it in turn.
        """
        done = 0
        while True:
            async with self._engine.begin() as connection:
                await connection.execute(_ALONE, {"lock": _LOCK})
                moved = await connection.scalar(_ADD_UP, {"most": AT_ONCE, "grades": list(GRADES)})
            done += moved or 0
            if (moved or 0) < AT_ONCE:
                return done

    async def recount(self) -> None:
        """Counts everything anew. Writers wait meanwhile."""
        async with self._engine.begin() as connection:
            await recount(connection)


async def recount(connection: AsyncConnection) -> None:
    """The same in the caller's transaction: after units have moved in the tree."""
    await connection.execute(_AT_LEISURE)
    await connection.execute(_ALONE, {"lock": _LOCK})
    await connection.execute(_STILL)
    for table in _ALL:
        await connection.execute(delete(table))  # TRUNCATE would show readers nothing meanwhile
    for statement in (_DAYS, _MONTHS):
        await connection.execute(statement)
    for span in ("day", "month"):
        await connection.execute(text(_GRADED.format(span)), {"grades": list(GRADES)})
