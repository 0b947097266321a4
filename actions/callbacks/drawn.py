"""Draws looked at again: how their calls went, and whether the same cases come out once more."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.callbacks.draw import draw
from actions.callbacks.months import month_bounds
from actions.callbacks.population import Member, population
from actions.errors import Refusal
from actions.org.org import Org, Unit
from actions.people.people import OfficerView
from actions.people.roles import REVIEWS, covers
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import callback_tasks, cases, draws


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw, how its calls went, and whether the same cases come out when it is drawn again.

    `period` is the month whose cases were drawn from ("2026-10"); `drawn_at` aware, UTC.
    """

    period: str
    unit_label: str
    seed: str
    population: int
    chosen: int
    done: int
    unreachable: int
    open: int
    as_recorded: bool
    drawn_at: datetime


class Drawn:
    """What is drawn again comes from the seed that was recorded and from events that stand."""

    def __init__(self, engine: AsyncEngine, vault: Vault, policy: Policy, org: Org) -> None:
        self._engine = engine
        self._vault = vault
        self._policy = policy
        self._org = org

    async def latest(self, officer: OfficerView | None) -> list[DrawView]:
        """The last month's draws within the officer's reach, the city's first. Refuses others."""
        if officer is None or not any(post.role in REVIEWS for post in officer.posts):
            raise Refusal("draws_not_yours")
        async with reading(self._engine) as connection:
            last = select(func.max(draws.c.period)).scalar_subquery()
            query = select(draws).where(draws.c.period == last).order_by(draws.c.unit_id)
            rows = (await connection.execute(query)).all()
            tree = await self._org.tree(connection)
            reach = [post.path for post in officer.posts if post.role in REVIEWS]
            return [
                await self._view(connection, row, tree.units[row.unit_id])
                for row in rows
                if any(covers(path, tree.units[row.unit_id].path) for path in reach)
            ]

    async def again(self, period: str, unit_id: int) -> list[str]:
        """The case numbers that come out when the recorded draw is drawn again, in their order.

        Raises LookupError when there was no such draw.
        """
        query = select(draws).where(draws.c.period == period, draws.c.unit_id == unit_id)
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                raise LookupError("no such draw")
            recorded = await self._recorded(connection, row.id)
            return await self._drawn_again(connection, row, len(recorded))

    async def _view(self, connection: AsyncConnection, row: Any, unit: Unit) -> DrawView:
        recorded = await self._recorded(connection, row.id)
        states = list(recorded.values())
        again = await self._drawn_again(connection, row, len(recorded))
        return DrawView(
            period=row.period,
            unit_label=unit.label,
            seed=row.seed,
            population=row.population,
            chosen=row.chosen,
            done=states.count("done"),
            unreachable=states.count("unreachable"),
            open=states.count("open"),
            as_recorded=set(again) == set(recorded),
            drawn_at=row.drawn_at,
        )

    async def _drawn_again(self, connection: AsyncConnection, row: Any, n: int) -> list[str]:
        unit = await self._org.unit(row.unit_id, connection)
        rule = self._policy.spot_checks
        whole = unit.parent_id is not None or rule is None or rule.by == "centre"
        found = await self._population(connection, unit, row.period, whole=whole)
        return draw([member.number for member in found], n, row.seed)

    async def _recorded(self, connection: AsyncConnection, draw_id: uuid.UUID) -> dict[str, str]:
        """Number and task's state of every case that the draw looked at."""
        query = (
            select(cases.c.number, callback_tasks.c.state)
            .join(cases, cases.c.id == callback_tasks.c.case_id)
            .where(callback_tasks.c.draw_id == draw_id)
        )
        return {row.number: row.state for row in (await connection.execute(query)).all()}

    async def _population(
        self, connection: AsyncConnection, unit: Unit, period: str, *, whole: bool
    ) -> list[Member]:
        rule = self._policy.spot_checks
        of = frozenset(rule.of) if rule is not None else frozenset({"closed", "satisfied"})
        start, end = month_bounds(period)
        return await population(connection, self._vault, unit.path, start, end, of, whole=whole)
