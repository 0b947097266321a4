"""The month's spot checks: drawn by lot from what was closed the month before, for all to check."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.callbacks.attempts import first_attempt
from actions.callbacks.callers import Callers
from actions.callbacks.draw import draw
from actions.callbacks.months import end_of_month, month_before, month_bounds
from actions.callbacks.population import Member, population
from actions.callbacks.tasks import CallKind
from actions.org.org import Org, Tree, Unit
from actions.policy.model import Policy, SpotChecks
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import callback_tasks, draws

ATTEMPTS = 3  # where the policy has no first calls that say how often to try
_SEED_BYTES = 16


@dataclass(frozen=True, slots=True)
class Lot:
    """Where lots are drawn, and who calls; `whole` with everything below the unit."""

    unit: Unit
    role: str
    whole: bool


class Draws:
    """Every draw is kept with its seed; each case looked at, drawn or passed over, has its task."""

    def __init__(
        self, engine: AsyncEngine, vault: Vault, policy: Policy, org: Org, callers: Callers
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._policy = policy
        self._org = org
        self._callers = callers

    async def draw_month(self, now: datetime) -> int:
        """Draws from what was closed in the Beijing month before `now` (aware); how many draws.

        Drawn already: left as it is. May be called as often as one likes, by several at once.
        """
        rule = self._policy.spot_checks
        if rule is None:
            return 0
        period = month_before(now)
        async with reading(self._engine) as connection:
            lots = _lots(await self._org.tree(connection), rule)
            query = select(draws.c.unit_id).where(draws.c.period == period)
            drawn = set((await connection.execute(query)).scalars())
        made = 0
        for lot in lots:
            if lot.unit.id not in drawn:
                async with self._engine.begin() as connection:
                    made += await self._draw(connection, lot, rule, period, now)
        return made

    async def _draw(
        self,
        connection: AsyncConnection,
        lot: Lot,
        rule: SpotChecks,
        period: str,
        now: datetime,
    ) -> bool:
        """Draws at one unit; False when another worker was faster."""
        start, end = month_bounds(period)
        found = await population(
            connection, self._vault, lot.unit.path, start, end, rule.of, whole=lot.whole
        )
        seed = secrets.token_hex(_SEED_BYTES)
        looked_at, chosen = _taken(found, rule.each_month, seed)
        role = await self._callers.serving(connection, lot.role, lot.unit)
        statement = (
            upsert(draws)
            .values(
                id=clock.new_id(),
                period=period,
                unit_id=lot.unit.id,
                seed=seed,
                population=len(found),
                chosen=len(chosen),
                drawn_at=now,
            )
            .on_conflict_do_nothing(index_elements=["period", "unit_id"])
            .returning(draws.c.id)
        )
        draw_id = (await connection.execute(statement)).scalar_one_or_none()
        if draw_id is None:
            return False
        await self._add_tasks(connection, draw_id, looked_at, chosen, role, now)
        if chosen:
            counts = {"count": str(len(chosen)), "population": str(len(found))}
            await self._callers.tell(connection, draw_id, role, lot.unit, period, counts)
        return True

    async def _add_tasks(
        self,
        connection: AsyncConnection,
        draw_id: uuid.UUID,
        looked_at: Sequence[Member],
        chosen: Sequence[Member],
        role: str,
        now: datetime,
    ) -> None:
        callback, drawn = self._policy.callback, set(chosen)
        rows = [
            {
                "id": clock.new_id(),
                "kind": CallKind.SPOT_CHECK,
                "case_id": member.case_id,
                "role": role,
                "draw_id": draw_id,
                "attempts_at_most": callback.attempts if callback else ATTEMPTS,
                "next_at": first_attempt(now, self._policy.hours.hours.calls),
                "due_at": end_of_month(now),
                "state": "open" if member in drawn else "dropped",
                "created_at": now,
                "done_at": None if member in drawn else now,
            }
            for member in looked_at
        ]
        if rows:
            await connection.execute(insert(callback_tasks), rows)


def _taken(found: Sequence[Member], n: int, seed: str) -> tuple[list[Member], list[Member]]:
    """The members looked at in the order of their lots, and the first `n` that can be reached."""
    by_number = {member.number: member for member in found}
    looked_at: list[Member] = []
    chosen: list[Member] = []
    for number in draw(list(by_number), len(by_number), seed):
        if len(chosen) == n:
            break
        looked_at.append(by_number[number])
        if by_number[number].reachable:
            chosen.append(by_number[number])
    return looked_at, chosen


def _lots(tree: Tree, rule: SpotChecks) -> list[Lot]:
    """The centre draws once for the city; sub-centres for their counties, and what is nobody's
    county the centre."""
    city = next(unit for unit in tree.units.values() if unit.parent_id is None)
    if rule.by == "centre":
        return [Lot(city, "centre", whole=True)]
    counties = [unit for unit in tree.units.values() if unit.parent_id == city.id]
    return [
        Lot(city, "centre", whole=False),
        *(Lot(unit, "sub_centre", whole=True) for unit in counties),
    ]
