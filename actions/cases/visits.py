"""Visits at the door or on the spot, and the citizen's confirmation of the record."""

from __future__ import annotations

import secrets

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases.rows import CaseRow
from actions.privacy.vault import Vault
from actions.store.tables import visits

DIGITS = 4  # of the code that the citizen tells the officer; the case is known besides


class Visits:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def record(
        self, connection: AsyncConnection, row: CaseRow, officer_id: int, *, confirm: bool
    ) -> str:
        """Notes the visit; returns the code that confirms it, empty where none is asked."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" if confirm else ""
        await connection.execute(
            insert(visits).values(
                id=clock.new_id(),
                case_id=row.id,
                officer_id=officer_id,
                at=clock.now(),
                code_digest=self._digest(row, code) if confirm else None,
            )
        )
        return code

    async def fits(self, connection: AsyncConnection, row: CaseRow, code: str) -> bool:
        """Whether the code is the one of a visit that waits for its confirmation."""
        query = select(visits.c.code_digest).where(
            visits.c.case_id == row.id, visits.c.confirmed_at.is_(None)
        )
        waiting = {bytes(d) for d in (await connection.execute(query)).scalars() if d}
        return self._digest(row, code.strip()) in waiting

    async def confirm(self, connection: AsyncConnection, row: CaseRow) -> None:
        """Marks the visits of the case as confirmed."""
        await connection.execute(
            update(visits)
            .where(visits.c.case_id == row.id, visits.c.confirmed_at.is_(None))
            .values(confirmed_at=clock.now())
        )

    def _digest(self, row: CaseRow, code: str) -> bytes:
        return self._vault.digest(f"visit:{row.number}:{code}")
