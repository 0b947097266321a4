"""Deleting what is personal when the policy's days are over; what is counted stays.

An open case keeps everything. Of a closed one stay the number, kind, unit, grades, dates and who did
what when: the figures are made of these.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.audit.trail import note
from actions.feeds.record import Record
from actions.policy.model import Policy
from actions.privacy import kept
from actions.privacy.vault import Vault
from actions.store.tables import retention_marks

BATCH = 500
_START = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = uuid.UUID(int=0)
_LINES = {  # which line of the policy says how long
    "inbox": "messages",
    "deliveries": "messages",
    "ratings": "cases",
    "cases": "cases",
    "services": "services",
}


class Retention:
    """Each run goes on where the last one stopped; several at once do the same work twice, no more.

    Days that the policy shortens take effect at once; what is deleted does not come back when it
    lengthens them.
    """

    def __init__(self, engine: AsyncEngine, vault: Vault, policy: Policy) -> None:
        self._engine = engine
        self._policy = policy
        self._blank = {
            "nothing": vault.seal_json({"text": "", "offers": []}),
            "matter": vault.seal_json({"what": "", "when": "", "where": "", "who": ""}),
            "record": vault.seal_json(dataclasses.asdict(Record("", ""))),
        }

    async def run(self) -> Mapping[str, int]:
        """Empties all that is due; how many rows by kind, those with none left out."""
        done = {}
        for kind, line in _LINES.items():
            before = self._before(line)
            rows = await self._kind(kind, before) if before else 0
            if rows:
                done[kind] = rows
        before = self._before("questions")
        if before and (rows := await self._whole("questions", kept.QUESTIONS, before)):
            done["questions"] = rows
        await self._whole("proofs", (kept.PROOFS,), clock.now() - timedelta(days=1))
        return done

    def _before(self, line: str) -> datetime | None:
        """Until when (aware) that line lets it be deleted; None: it is kept."""
        lines = self._policy.retention
        days = getattr(lines, line) if lines is not None else None
        return clock.now() - timedelta(days=days) if days is not None else None

    async def _kind(self, kind: str, before: datetime) -> int:
        done = 0
        while True:
            async with self._engine.begin() as connection:
                batch = await self._batch(connection, kind, before)
            done += batch
            if batch < BATCH:
                break
        if done:
            async with self._engine.begin() as connection:
                await note(connection, "round", "forgotten", kind, rows=done, before=str(before))
        return done

    async def _batch(self, connection: AsyncConnection, kind: str, before: datetime) -> int:
        mark = (
            await connection.execute(
                select(retention_marks).where(retention_marks.c.kind == kind).with_for_update()
            )
        ).one_or_none()
        at, last = (mark.after_at, mark.after_id) if mark else (_START, _FIRST)
        given = {"id": last, "before": before, "batch": BATCH}
        if ":at" in kept.NEXT[kind].text:
            given["at"] = at
        rows = (await connection.execute(kept.NEXT[kind], given)).all()
        if rows:
            await self._empty(connection, kind, [row.id for row in rows])
            await self._mark(connection, kind, rows[-1].at, rows[-1].id)
        return len(rows)

    async def _empty(self, connection: AsyncConnection, kind: str, ids: list[uuid.UUID]) -> None:
        await connection.execute(text("SET LOCAL huiyin.resealing = 'on'"))
        for statement in kept.EMPTY[kind]:
            blank: dict[str, Any] = {
                name: value for name, value in self._blank.items() if f":{name}" in statement
            }
            await connection.execute(text(statement), {"ids": ids, **blank})

    @staticmethod
    async def _mark(connection: AsyncConnection, kind: str, at: datetime, last: uuid.UUID) -> None:
        values = {"after_at": at, "after_id": last}
        statement = insert(retention_marks).values(kind=kind, **values)
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["kind"], set_=values)
        )

    async def _whole(self, kind: str, statements: tuple[str, ...], before: datetime) -> int:
        rows = 0
        async with self._engine.begin() as connection:
            for statement in statements:
                rows += (await connection.execute(text(statement), {"before": before})).rowcount
            if rows:
                await note(connection, "round", "forgotten", kind, rows=rows, before=str(before))
        return rows
