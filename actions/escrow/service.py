"""Opening a citizen's identity that is locked away: one asks with a reason, another one decides."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.cases import rows, standing
from actions.cases.rows import CaseRow
from actions.cases.states import Actor
from actions.cases.views import OPENED_FOR
from actions.errors import Refusal
from actions.escrow.notices import EscrowNotices
from actions.people.people import OfficerView, People
from actions.people.roles import OPENS_ESCROW
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.store.tables import escrow_openings
from actions.turn import Turn

LAPSES = timedelta(days=3)  # a request that nobody has decided by then is none any more


@dataclass(frozen=True, slots=True)
class OpeningView:
    """A request and what became of it: `granted` is None while it waits.

    `until` is when the number is locked again; moments are aware, UTC.
    """

    number: str
    asked_by: str
    asked_at: datetime
    reason: str
    decided_by: str
    granted: bool | None
    decided_at: datetime | None
    until: datetime | None


class Escrow:
    """Only those whose post opens identities may ask or decide, and never for their own work."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        policy: Policy,
        notices: EscrowNotices,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._policy = policy
        self._notices = notices

    async def ask(self, turn: Turn, number: str, reason: str) -> OpeningView:
        """Asks for the case's number to be shown; another authorised person is told.

        Asked again because of the same message: the same request. Refuses who may not, a case that
        is not locked or has no number, and while a request waits or an opening lasts.
        """
        request_id = uuid.UUID(turn.inbox_id)
        async with self._engine.begin() as connection:
            row, officer = await self._authorised(connection, turn, number)
            mine = await self._request(connection, escrow_openings.c.id == request_id)
            if mine is not None:
                return await self._view(connection, row, mine)
            await self._check_free(connection, row, officer)
            await connection.execute(
                insert(escrow_openings).values(
                    id=request_id,
                    case_id=row.id,
                    asked_by=officer.id,
                    reason_sealed=self._vault.seal(reason),
                    asked_at=clock.now(),
                )
            )
            told = await self._notices.asked(connection, row, request_id, officer, reason)
            if not told:
                raise Refusal("escrow_nobody", number=row.number)
            made = await self._request(connection, escrow_openings.c.id == request_id)
            return await self._view(connection, row, made)

    async def decide(self, turn: Turn, number: str, *, grant: bool) -> OpeningView:
        """Grants or refuses the request that waits; whoever asked is told.

        Decided so by the same person already: as it is. Refuses one's own request.
        """
        async with self._engine.begin() as connection:
            row, officer = await self._authorised(connection, turn, number)
            waiting = await self._waiting(connection, row)
            if waiting is None:
                return await self._decided_before(connection, row, officer, grant=grant)
            if waiting.asked_by == officer.id:
                raise Refusal("escrow_own_request", number=row.number)
            now = clock.now()
            await connection.execute(
                update(escrow_openings)
                .where(escrow_openings.c.id == waiting.id)
                .values(decided_by=officer.id, granted=grant, decided_at=now)
            )
            until = now + OPENED_FOR if grant else None
            await self._notices.decided(
                connection, row, waiting.id, waiting.asked_by, officer, until
            )
            made = await self._request(connection, escrow_openings.c.id == waiting.id)
            return await self._view(connection, row, made)

    async def _authorised(
        self, connection: AsyncConnection, turn: Turn, number: str
    ) -> tuple[CaseRow, OfficerView]:
        """The case, locked, and the officer; refuses as not existing what is not theirs to see."""
        person = await self._people.person(connection, turn.conversation)
        row = await rows.by_number(connection, number, lock=True)
        who = await standing.actors(connection, row, person, self._policy) if row else set()
        if row is None or person.officer is None or not who - {Actor.CITIZEN}:
            raise Refusal("case_not_found")
        worked = person.officer.id in (row.accepted_by, row.answered_by)
        if worked or not person.officer.holds(OPENS_ESCROW, row.path):
            raise Refusal("escrow_not_yours", number=row.number)
        return row, person.officer

    async def _check_free(
        self, connection: AsyncConnection, row: CaseRow, officer: OfficerView
    ) -> None:
        if not row.escrow:
            raise Refusal("escrow_not_locked", number=row.number)
        if row.phone_sealed is None:
            raise Refusal("escrow_empty", number=row.number)
        waiting = await self._waiting(connection, row)
        if waiting is not None:
            asker = await self._people.officer(connection, waiting.asked_by)
            at = f"{clock.beijing(waiting.asked_at):%m-%d %H:%M}"
            who = asker.called if asker else "—"
            raise Refusal("escrow_pending", number=row.number, who=who, at=at)
        opened = await self._request(
            connection,
            escrow_openings.c.case_id == row.id,
            escrow_openings.c.asked_by == officer.id,
            escrow_openings.c.granted,
            escrow_openings.c.decided_at > clock.now() - OPENED_FOR,
        )
        if opened is not None:
            at = f"{clock.beijing(opened.decided_at + OPENED_FOR):%m-%d %H:%M}"
            raise Refusal("escrow_open", number=row.number, until=at)

    async def _decided_before(
        self, connection: AsyncConnection, row: CaseRow, officer: OfficerView, *, grant: bool
    ) -> OpeningView:
        last = await self._request(connection, escrow_openings.c.case_id == row.id)
        if last is None or last.decided_by != officer.id or last.granted is not grant:
            raise Refusal("escrow_none", number=row.number)
        return await self._view(connection, row, last)

    async def _waiting(self, connection: AsyncConnection, row: CaseRow) -> Any:
        return await self._request(
            connection,
            escrow_openings.c.case_id == row.id,
            escrow_openings.c.decided_by.is_(None),
            escrow_openings.c.asked_at > clock.now() - LAPSES,
        )

    @staticmethod
    async def _request(connection: AsyncConnection, *conditions: Any) -> Any:
        """The latest request that fits, or None; by the key or ix_escrow_openings_case_id."""
        query = select(escrow_openings).where(*conditions)
        query = query.order_by(escrow_openings.c.asked_at.desc()).limit(1)
        return (await connection.execute(query)).one_or_none()

    async def _view(self, connection: AsyncConnection, row: CaseRow, request: Any) -> OpeningView:
        asker = await self._people.officer(connection, request.asked_by)
        decider = await self._people.officer(connection, request.decided_by)
        return OpeningView(
            number=row.number,
            asked_by=asker.called if asker else "",
            asked_at=request.asked_at,
            reason=self._vault.open(request.reason_sealed),
            decided_by=decider.called if decider else "",
            granted=request.granted,
            decided_at=request.decided_at,
            until=request.decided_at + OPENED_FOR if request.granted else None,
        )
