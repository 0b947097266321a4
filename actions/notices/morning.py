"""What was held over night goes out in the morning: one message a person, not a flood."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock, jobs
from actions.notices.notices import Notices, Offer
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import deliveries, identities

MOST_LINES = 12
MOST_CARDS = 2  # so few go out as they are, with their buttons


class Morning:
    def __init__(self, engine: AsyncEngine, vault: Vault, queue: Any, notices: Notices) -> None:
        self._engine = engine
        self._vault = vault
        self._queue = queue
        self._notices = notices

    async def release(self) -> int:
        """Sends what is held, person by person, each in a transaction of its own; how many people.

        To be called when the quiet hours are over.
        """
        query = select(deliveries.c.identity_id).where(deliveries.c.state == "held").distinct()
        async with reading(self._engine) as connection:
            people = list((await connection.execute(query)).scalars())
        for identity_id in people:
            async with self._engine.begin() as connection:
                await self._one(connection, identity_id)
        return len(people)

    async def _one(self, connection: AsyncConnection, identity_id: uuid.UUID) -> None:
        query = (
            select(deliveries, identities.c.language)
            .join(identities, identities.c.id == deliveries.c.identity_id)
            .where(deliveries.c.identity_id == identity_id, deliveries.c.state == "held")
            .order_by(deliveries.c.created_at, deliveries.c.id)
            .with_for_update(of=deliveries, skip_locked=True)
        )
        held = (await connection.execute(query)).all()
        if len(held) <= MOST_CARDS:
            await self._as_they_are(connection, held)
        else:
            await self._as_one(connection, held)

    async def _as_they_are(self, connection: AsyncConnection, held: Sequence[Row[Any]]) -> None:
        for row in held:
            await connection.execute(
                update(deliveries).where(deliveries.c.id == row.id).values(state="queued")
            )
            await jobs.defer(
                self._queue,
                connection,
                jobs.DELIVER,
                lock=row.identity_id.hex,
                delivery_id=str(row.id),
            )

    async def _as_one(self, connection: AsyncConnection, held: Sequence[Row[Any]]) -> None:
        language = held[0].language
        say = self._notices.wording.say
        texts = [self._vault.open_json(row.content_sealed)["text"] for row in held]
        lines = [f"· {text.splitlines()[0]}" for text in texts if text]
        shown = lines[:MOST_LINES]
        if len(lines) > len(shown):
            shown.append(say("digest_more", language, count=str(len(lines) - len(shown))))
        head = say("digest_morning", language, count=str(len(held)))
        await self._notices.tell(
            connection,
            key=f"morning:{held[-1].id.hex}",
            identity_id=held[0].identity_id,
            topic="digest",
            text="\n".join([head, *shown]),
            offers=[Offer(say("digest_button", language), "/officer_cases")],
        )
        await connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_([row.id for row in held]))
            .values(state="merged", note="morning digest", sent_at=clock.now())
        )
