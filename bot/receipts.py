"""What platforms report later about messages that they had accepted from us."""

from __future__ import annotations

import structlog
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.privacy.vault import Vault
from actions.store.tables import deliveries, identities
from bot.message import Incoming

PATIENCE = 4  # seconds; WeChat gives up after five, and reports again

log = structlog.get_logger()


class Receipts:
    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    async def note(self, incoming: Incoming) -> None:
        """Marks the delivery that the platform could not carry out; good news changes nothing.

        Raises when a delivery to this person is being sent all the while: the platform may then
        report again.
        """
        status = incoming.text
        if status == "success":
            return
        async with self._engine.begin() as connection:
            found = await self._fail(connection, incoming)
            if not found:
                await self._wait_for_sending(connection, incoming)
                found = await self._fail(connection, incoming)
        log.warning("platform could not deliver", known=found, status=status[:200])

    async def _fail(self, connection: AsyncConnection, incoming: Incoming) -> bool:
        """Whether there was such a delivery; by ix_deliveries_platform_id."""
        readers = select(identities.c.id).where(identities.c.channel == incoming.channel)
        statement = (
            update(deliveries)
            .where(
                deliveries.c.platform_id == incoming.extra.get("platform_id", ""),
                deliveries.c.identity_id.in_(readers),  # another platform may use the same id
                deliveries.c.state == "sent",
            )
            .values(state="failed", note=incoming.text[:200])
            .returning(deliveries.c.id)
        )
        return bool((await connection.execute(statement)).all())

    async def _wait_for_sending(self, connection: AsyncConnection, incoming: Incoming) -> None:
        """Waits while something is being sent to this person: a platform may report before the
        worker has written down what the message is called there. By ix_deliveries_open.
        """
        await connection.execute(text(f"SET LOCAL lock_timeout = '{round(PATIENCE * 1000)}ms'"))
        digest = self._vault.digest(f"{incoming.channel}:{incoming.sender}")
        query = (
            select(deliveries.c.id)
            .join(identities, identities.c.id == deliveries.c.identity_id)
            .where(identities.c.channel == incoming.channel, identities.c.sender_digest == digest)
            .where(deliveries.c.state == "queued")
            .order_by(deliveries.c.id)
            .with_for_update(of=deliveries)
        )
        await connection.execute(query)
