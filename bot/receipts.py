"""What platforms report later about messages that they had accepted from us."""

from __future__ import annotations

import uuid

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.store.tables import deliveries, identities
from bot import parts
from bot.fallback import Fallback
from bot.message import Incoming

log = structlog.get_logger()


class Receipts:
    def __init__(self, engine: AsyncEngine, fallback: Fallback | None = None) -> None:
        self._engine = engine
        self._fallback = fallback

    async def note(self, incoming: Incoming) -> None:
        """Notes what became of a message: that it arrived, or why it could not be carried out.

        What is for a citizen is then told another way, where there is one.
        """
        status = incoming.text
        if "part" in incoming.extra:
            await self._part(incoming)
            return
        readers = select(identities.c.id).where(identities.c.channel == incoming.channel)
        good = {"delivered_at": clock.now()}
        statement = (
            update(deliveries)
            .where(
                deliveries.c.platform_id == incoming.extra.get("platform_id", ""),
                deliveries.c.identity_id.in_(readers),  # another platform may use the same id
                deliveries.c.state == "sent",
            )
            .values(good if status == "success" else {"state": "failed", "note": status[:200]})
            .returning(deliveries.c.id)
        )
        async with self._engine.begin() as connection:
            found = (await connection.execute(statement)).scalars().all()
            if status == "success":
                return
            for delivery in found:
                await self._other_way(connection, delivery, status)
        log.warning("platform could not deliver", known=bool(found), status=status[:200])

    async def _part(self, incoming: Incoming) -> None:
        """A receipt for one of several parts, each with an id of its own."""
        delivered, key = incoming.text == "success", incoming.extra["platform_id"]
        async with self._engine.begin() as connection:
            known = await parts.note_receipt(
                connection, key, delivered=delivered, reason=incoming.text
            )
        if not delivered:
            log.warning("platform could not deliver", known=known, status=incoming.text[:200])

    async def _other_way(
        self, connection: AsyncConnection, delivery: uuid.UUID, status: str
    ) -> None:
        if self._fallback is None:
            return
        done = await self._fallback.take_over(connection, delivery)
        if done:
            note = f"{status[:200]}; {done}"
            await connection.execute(
                update(deliveries).where(deliveries.c.id == delivery).values(note=note)
            )
