"""The cases themselves: those past a running deadline, the longest overdue first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.cases.clocks import TIMERS
from actions.cases.kinds import CaseKind
from actions.cases.standing import not_barred
from actions.cases.states import Clock
from actions.errors import Refusal
from actions.org.org import Org, Unit
from actions.people.people import OfficerView, People
from actions.people.roles import SEES_FIGURES
from actions.reports.scopes import Scopes
from actions.store.engine import reading
from actions.store.tables import cases, deadlines, units
from actions.turn import Turn

PAGE = 10


@dataclass(frozen=True, slots=True)
class Late:
    """A case past its deadline: which clock ran out when (aware, UTC), and who holds the case.

    `holder` is as others are told of them, "" where nobody has accepted it; `certain` false where
    the year's holidays are not known.
    """

    number: str
    kind: CaseKind
    unit_label: str
    clock: Clock
    due_at: datetime
    certain: bool
    holder: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """A page of them; `count` is of all. `unit_id` is None for an officer's own cases."""

    unit_id: int | None
    unit_label: str
    count: int
    page: int
    cases: Sequence[Late]
    as_of: datetime

    @property
    def more(self) -> bool:
        return self.page * PAGE < self.count


class OverdueCases:
    def __init__(self, engine: AsyncEngine, people: People, org: Org, scopes: Scopes) -> None:
        self._engine = engine
        self._people = people
        self._org = org
        self._scopes = scopes

    async def overdue(
        self, turn: Turn, unit: str = "", *, unit_id: int | None = None, page: int = 1
    ) -> Overdue:
        """Those of the own subtree, or of the unit within it that is named or given.

        An officer whose post sees no figures gets those that they hold themselves, whatever is
        named. What is about oneself, or about somebody whom one leads directly, is left out and not
        counted. Refuses citizens, and units outside one's subtree.
        """
        officer = (await self._people.whoami(turn)).officer
        if officer is None:
            raise Refusal("not_allowed")
        now, page = clock.now(), max(1, page)
        if officer.role not in SEES_FIGURES:
            async with reading(self._engine) as connection:
                mine = cases.c.accepted_by == officer.id
                return await self._page(connection, mine, now, page, None, "")
        found = await self._scopes.unit(turn, unit, unit_id=unit_id)
        async with reading(self._engine) as connection:
            condition = units.c.path.startswith(found.path, autoescape=True) & not_barred(officer)
            return await self._page(connection, condition, now, page, found.id, found.label)

    async def _page(
        self,
        connection: AsyncConnection,
        whose: ColumnElement[bool],
        now: datetime,
        page: int,
        unit_id: int | None,
        label: str,
    ) -> Overdue:
        count = await connection.scalar(_late(func.count(), whose=whose, now=now)) or 0
        page = min(page, max(1, -(-count // PAGE)))
        query = (
            _late(*_COLUMNS, whose=whose, now=now)
            .order_by(cases.c.due_at, cases.c.number)
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        )
        rows = (await connection.execute(query)).all()
        listed = [await self._view(connection, row) for row in rows]
        return Overdue(unit_id, label, count, page, listed, now)

    async def _view(self, connection: AsyncConnection, row: Any) -> Late:
        holder: OfficerView | None = await self._people.officer(connection, row.accepted_by)
        return Late(
            number=row.number,
            kind=CaseKind(row.kind),
            unit_label=await self._org.unit_label(row.unit_id, connection),
            clock=Clock(row.clock),
            due_at=row.due_at,
            certain=row.certain,
            holder=holder.called if holder is not None else "",
        )


# The clock that ran out first; ux_deadlines_running serves it, for the rows of the page only.
_FIRST_CLOCK = (
    select(deadlines.c.clock)
    .where(
        deadlines.c.case_id == cases.c.id,
        deadlines.c.stopped_at.is_(None),
        deadlines.c.due_at == cases.c.due_at,
        deadlines.c.clock.not_in(TIMERS),
    )
    .order_by(deadlines.c.clock)
    .limit(1)
    .scalar_subquery()
)
_COLUMNS = (
    cases.c.number,
    cases.c.kind,
    cases.c.unit_id,
    cases.c.accepted_by,
    cases.c.due_at,
    cases.c.certain,
    _FIRST_CLOCK.label("clock"),
)


async def count_overdue(connection: AsyncConnection, unit: Unit, now: datetime) -> int:
    """All that is overdue in the unit and below it, whomever it is about: a count names nobody."""
    whose = units.c.path.startswith(unit.path, autoescape=True)
    return await connection.scalar(_late(func.count(), whose=whose, now=now)) or 0


def _late(*columns: Any, whose: ColumnElement[bool], now: datetime) -> Select[Any]:
    """Open cases past their earliest deadline: ix_cases_open by the units of the subtree,
    ix_cases_accepted_by for one's own; never a closed case."""
    return (
        select(*columns)
        .select_from(cases.join(units, units.c.id == cases.c.unit_id))
        .where(cases.c.closed_at.is_(None), cases.c.due_at < now, whose)
    )
