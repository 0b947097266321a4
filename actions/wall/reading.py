"""What a wall asks of the cases: how the open ones stand, and which burn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.clocks import TIMERS
from actions.cases.states import State
from actions.org.org import Tree, Unit
from actions.wall.snapshot import Burning, CasesNow

SOON = timedelta(hours=2)
_BELOW = frozenset({"desk", "car", "community"})  # named by the unit above them

# ix_cases_open serves both: open cases are few, whatever has been closed.
_STATES = text("""
SELECT c.state, count(*) AS n FROM cases AS c JOIN units AS u ON u.id = c.unit_id
WHERE c.closed_at IS NULL AND starts_with(u.path, :path) GROUP BY 1
""")
_BURNING = text("""
SELECT c.number, c.unit_id, c.due_at, c.subject_id IS NOT NULL OR c.escrow AS hidden,
  (SELECT d.clock FROM deadlines AS d WHERE d.case_id = c.id AND d.stopped_at IS NULL
   AND d.due_at = c.due_at AND NOT d.clock = ANY(:timers) ORDER BY d.clock LIMIT 1) AS clock,
  count(*) FILTER (WHERE c.due_at < :now) OVER () AS late, count(*) OVER () AS all_of_them
FROM cases AS c JOIN units AS u ON u.id = c.unit_id
WHERE c.closed_at IS NULL AND c.due_at < :soon AND starts_with(u.path, :path)
ORDER BY c.due_at, c.number LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Fire:
    """The `most` oldest of what burns, and how many are late and will be soon."""

    rows: tuple[Burning, ...] = ()
    late: int = 0
    soon: int = 0


async def read_cases(connection: AsyncConnection, unit: Unit, opened: int, closed: int) -> CasesNow:
    """How the open cases of the unit and all below it stand; `opened` and `closed` are today's."""
    rows = (await connection.execute(_STATES, {"path": unit.path})).all()
    found: Mapping[str, int] = {row.state: row.n for row in rows}
    return CasesNow(
        opened=opened,
        closed=closed,
        open=sum(found.values()),
        new=found.get(State.SUBMITTED, 0) + found.get(State.DISPATCHED, 0),
        accepted=found.get(State.ACCEPTED, 0),
        waiting=found.get(State.WAITING, 0),
        reviewing=found.get(State.REVIEWING, 0),
        answered=found.get(State.ANSWERED, 0),
        merged=found.get(State.MERGED, 0),
    )


async def read_burning(
    connection: AsyncConnection, unit: Unit, tree: Tree, now: datetime, most: int
) -> Fire:
    """Cases that are late or will be within SOON, the oldest first."""
    given = {
        "path": unit.path,
        "now": now,
        "soon": now + SOON,
        "timers": [str(timer) for timer in TIMERS],
        "most": most,
    }
    rows = (await connection.execute(_BURNING, given)).all()
    if not rows:
        return Fire()
    burning = tuple(_burning(row, unit, tree) for row in rows)
    return Fire(burning, rows[0].late, rows[0].all_of_them - rows[0].late)


def _burning(row: Any, wall: Unit, tree: Tree) -> Burning:
    number = "" if row.hidden else row.number
    return Burning(number, _called(tree, row.unit_id, wall), row.clock or "", row.due_at)


def _called(tree: Tree, unit_id: int, wall: Unit) -> str:
    """The short name, of the station rather than of its window unless the wall is the station's."""
    unit = tree.units.get(unit_id)
    if unit is None:  # loaded a moment ago
        return ""
    above = tree.units.get(unit.parent_id or 0)
    if unit.kind in _BELOW and above is not None and unit.parent_id != wall.id:
        return above.short_name
    return unit.short_name
