"""Who is told that an identity shall be opened, and what was decided."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases import readers
from actions.cases.readers import Reader
from actions.cases.rows import CaseRow
from actions.cases.telling import CaseNotices
from actions.notices.dates import say_date
from actions.notices.notices import Offer, Wording
from actions.people.people import OfficerView
from actions.people.roles import OPENS_ESCROW
from actions.store.tables import identities


class EscrowNotices:
    def __init__(self, telling: CaseNotices, wording: Wording) -> None:
        self._telling = telling
        self._wording = wording

    async def asked(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        request_id: uuid.UUID,
        by: OfficerView,
        reason: str,
    ) -> int:
        """Asks the nearest others who may decide; returns how many chats that are."""
        away = [each for each in (by.id, row.accepted_by, row.answered_by) if each is not None]
        found = await readers.nearest(connection, row, OPENS_ESCROW, excluding=away)
        for reader in found:
            await self._telling.note(
                connection,
                row,
                reader,
                f"escrow:{request_id.hex}:asked",
                "escrow_asked",
                offers=[
                    self._button("grant_unseal", reader, row),
                    self._button("deny_unseal", reader, row),
                    self._button("show_case", reader, row),
                ],
                by=by.called,
                reason=reason,
            )
        return len(found)

    async def decided(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        request_id: uuid.UUID,
        asker_id: int,
        by: OfficerView,
        until: datetime | None,
    ) -> None:
        """Tells whoever asked; `until` (aware) is None where it was refused."""
        for reader in await _chats_of(connection, asker_id):
            at = say_date(self._wording, until, reader.language) if until else ""
            await self._telling.note(
                connection,
                row,
                reader,
                f"escrow:{request_id.hex}:decided",
                "escrow_granted" if until else "escrow_denied",
                offers=[self._button("show_case", reader, row)],
                by=by.called,
                until=at,
            )

    def _button(self, intent: str, reader: Reader, row: CaseRow) -> Offer:
        label = self._wording.say(f"escrow_do_{intent}", reader.language)
        return Offer(label, f'/{intent}{{"case": "{row.number}"}}')


async def _chats_of(connection: AsyncConnection, officer_id: int) -> list[Reader]:
    query = select(identities.c.id, identities.c.language).where(
        identities.c.officer_id == officer_id,
        identities.c.kind == "person",
        identities.c.state == "active",
    )
    return [
        Reader(row.id, row.language, officer_id) for row in (await connection.execute(query)).all()
    ]
