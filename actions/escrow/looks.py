"""Who has seen a citizen's number in full, when and why: for those who look into officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.cases import rows, standing
from actions.cases.rows import CaseRow
from actions.errors import Refusal
from actions.people.people import People
from actions.people.roles import Role
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import escrow_openings, reveals
from actions.turn import Turn


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw the number, or asked to (aware, UTC).

    `because` is holder, caller or escrow for a look; asked, granted or denied for a request, whose
    `reason` is given. `by` is empty for an officer who has left.
    """

    at: datetime
    by: str
    because: str
    reason: str = ""


class Looks:
    def __init__(self, engine: AsyncEngine, vault: Vault, people: People, policy: Policy) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._policy = policy

    async def at(self, turn: Turn, number: str) -> list[Look]:
        """Every look at the case's number and every request for it, the oldest first.

        For inspectors above the case; refuses others, and those whom the case is about as if there
        were no such case.
        """
        async with reading(self._engine) as connection:
            person = await self._people.person(connection, turn.conversation)
            row = await rows.by_number(connection, number)
            who = await standing.actors(connection, row, person, self._policy) if row else set()
            if row is None or not who:
                raise Refusal("case_not_found")
            if person.officer is None or not person.officer.holds({Role.INSPECTOR}, row.path):
                raise Refusal("reveals_not_yours", number=row.number)
            found = await self._seen(connection, row) + await self._requests(connection, row)
        return sorted(found, key=lambda look: look.at)

    async def _seen(self, connection: AsyncConnection, row: CaseRow) -> list[Look]:
        query = select(reveals).where(reveals.c.case_id == row.id)
        return [
            Look(each.at, await self._called(connection, each.officer_id), each.because)
            for each in (await connection.execute(query)).all()
        ]

    async def _requests(self, connection: AsyncConnection, row: CaseRow) -> list[Look]:
        query = select(escrow_openings).where(escrow_openings.c.case_id == row.id)
        found = []
        for each in (await connection.execute(query)).all():
            reason = self._vault.open(each.reason_sealed)
            asker = await self._called(connection, each.asked_by)
            found.append(Look(each.asked_at, asker, "asked", reason))
            if each.decided_by is not None:
                decider = await self._called(connection, each.decided_by)
                because = "granted" if each.granted else "denied"
                found.append(Look(each.decided_at, decider, because))
        return found

    async def _called(self, connection: AsyncConnection, officer_id: int) -> str:
        """With the unit: this list is for those who have to find the very person."""
        officer = await self._people.officer(connection, officer_id)
        return f"{officer.called}（{officer.unit_label}）" if officer else ""
