"""What platforms report later about messages that they had accepted from us."""

from __future__ import annotations

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.store.tables import deliveries, identities
from bot.message import Incoming

log = structlog.get_logger()


class Receipts:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def note(self, incoming: Incoming) -> None:
        """Marks the delivery that the platform could not carry out; good news changes nothing."""
        status = incoming.text
        if status == "success":
            return
        readers = select(identities.c.id).where(identities.c.channel == incoming.channel)
        statement = (
            update(deliveries)
            .where(
                deliveries.c.platform_id == incoming.extra.get("platform_id", ""),
                deliveries.c.identity_id.in_(readers),  # another platform may use the same id
                deliveries.c.state == "sent",
            )
            .values(state="failed", note=status[:200])
            .returning(deliveries.c.id)
        )
        async with self._engine.begin() as connection:
            found = (await connection.execute(statement)).all()
        log.warning("platform could not deliver", known=bool(found), status=status[:200])
