"""Who does not want to be asked: they say so themselves, or somebody at the hotline notes it."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.invitations.open_ones import OpenOnes
from actions.people.people import People
from actions.people.roles import REVIEWS
from actions.phones import mask, normalise
from actions.privacy.vault import Vault
from actions.store.tables import opt_outs
from actions.turn import Turn

DESK = "desk"


class OptOuts:
    """Sub-centres, the centre and inspectors note it for others, nobody whose own work is rated:
    it must be no way to keep the discontented from answering. Who noted it stays on record.
    """

    def __init__(
        self, engine: AsyncEngine, vault: Vault, people: People, open_ones: OpenOnes
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._open_ones = open_ones

    async def own(self, turn: Turn, *, stop: bool) -> None:
        """This person is not asked any more, or may be again."""
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            await (self._open_ones.stop if stop else self._open_ones.resume)(connection, person)

    async def note(self, turn: Turn, written: str, *, stop: bool) -> str:
        """The same for a number, as people write it; returns it masked."""
        async with self._engine.begin() as connection:
            officer = (await self._people.person(connection, turn.conversation)).officer
            if officer is None or officer.role not in REVIEWS:
                raise Refusal("opt_out_not_yours")
            return await self._keep(connection, written, stop=stop, officer_id=officer.id)

    async def by_administrator(self, written: str, *, stop: bool) -> str:
        """The same from the command line."""
        async with self._engine.begin() as connection:
            return await self._keep(connection, written, stop=stop, officer_id=None)

    async def _keep(
        self, connection: AsyncConnection, written: str, *, stop: bool, officer_id: int | None
    ) -> str:
        phone = normalise(written)
        if phone is None:
            raise Refusal("opt_out_no_number")
        digest = self._vault.digest(f"phone:{phone}")
        if stop:
            statement = insert(opt_outs).values(
                person_digest=digest, channel=DESK, officer_id=officer_id, at=clock.now()
            )
            await connection.execute(statement.on_conflict_do_nothing())
        else:
            gone = opt_outs.c.person_digest == digest
            await connection.execute(delete(opt_outs).where(gone))
        return mask(phone)
