"""The cases behind a figure: numbers to be opened, no words of citizens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.cases.kinds import CaseKind
from actions.cases.standing import not_barred
from actions.cases.states import State
from actions.errors import Refusal
from actions.org.org import Org, Unit
from actions.people.roles import covers
from actions.reports.periods import Period
from actions.reports.scopes import Scopes
from actions.store.engine import reading
from actions.store.tables import cases, units
from actions.turn import Turn

PAGE = 10


@dataclass(frozen=True, slots=True)
class ListedCase:
    number: str
    kind: CaseKind
    state: State
    unit_label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CaseList:
    """A page of the cases submitted in the period, the latest first, and how many there are."""

    unit: Unit
    total: int
    page: int
    listed: Sequence[ListedCase]

    @property
    def more(self) -> bool:
        return (self.page + 1) * PAGE < self.total


class CaseLists:
    def __init__(self, engine: AsyncEngine, org: Org, scopes: Scopes) -> None:
        self._engine = engine
        self._org = org
        self._scopes = scopes

    async def submitted(
        self, turn: Turn, unit_id: int, period: Period, kind: CaseKind | None, page: int = 0
    ) -> CaseList:
        """The cases of the unit and all below it, of one kind or any; pages count from 0. What is
        about oneself, or about somebody whom one leads directly, is left out and not counted. Refuses
        who sees no figures, and units outside their subtree. ix_cases_unit_id_created_at serves it.
        """
        viewer = await self._scopes.viewer(turn)
        unit = await self._org.unit(unit_id)
        if not covers(viewer.unit_path, unit.path):
            raise Refusal("not_yours", text=unit.label)
        wanted = [
            units.c.path.startswith(unit.path, autoescape=True),
            not_barred(viewer),
            cases.c.created_at >= period.start,
            cases.c.created_at < period.end,
        ]
        if kind is not None:
            wanted.append(cases.c.kind == kind)
        joined = cases.join(units, units.c.id == cases.c.unit_id)
        rows = (
            select(cases.c.number, cases.c.kind, cases.c.state, cases.c.unit_id, cases.c.created_at)
            .select_from(joined)
            .where(*wanted)
            .order_by(cases.c.created_at.desc(), cases.c.number.desc())
            .offset(page * PAGE)
            .limit(PAGE)
        )
        async with reading(self._engine) as connection:
            count = select(func.count()).select_from(joined).where(*wanted)
            total = (await connection.execute(count)).scalar_one()
            found = (await connection.execute(rows)).all()
            listed = [
                ListedCase(
                    row.number,
                    CaseKind(row.kind),
                    State(row.state),
                    await self._org.unit_label(row.unit_id, connection),
                    row.created_at,
                )
                for row in found
            ]
        return CaseList(unit, total, page, listed)
