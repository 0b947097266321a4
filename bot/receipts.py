"""What platforms report about messages of ours after they took them."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections import defaultdict
from collections.abc import Sequence

import structlog
from sqlalchemy import Update, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.privacy.vault import Vault
from actions.store.tables import deliveries, identities
from bot import parts
from bot.fallback import TakesOver
from bot.message import Incoming
from bot.together import Together

AT_ONCE = 2  # failures looked into: each may wait for a delivery, and holds a connection meanwhile
DOOR = 16  # arrivals noted at once; people's messages are not to wait behind a burst of them
PATIENCE = 4  # seconds; WeChat gives up after five, and reports again

log = structlog.get_logger()


class Receipts:
    def __init__(
        self, engine: AsyncEngine, vault: Vault, fallback: TakesOver | None = None
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._fallback = fallback
        self._arrived = Together(self._settle_arrived)
        self._door = asyncio.Semaphore(DOOR)
        self._failures = asyncio.Semaphore(AT_ONCE)

    async def note(self, incoming: Incoming) -> None:
        """Notes what became of a message: that it arrived, or why it could not be carried out.

        What is for a citizen is then told another way, where there is one. Raises when a delivery
        to this person is being sent all the while, and when too many report at once: the platform
        may then report again.
        """
        if "part" in incoming.extra:
            await self._part(incoming)
        elif incoming.text == "success":
            async with self._door:
                await self._arrived.add(incoming)
        else:
            async with self._failures:
                await self._failed(incoming)

    async def _failed(self, incoming: Incoming) -> None:
        status = incoming.text
        async with self._engine.begin() as connection:
            found = await self._settle(connection, incoming)
            if not found:
                await self._wait_for_sending(connection, incoming)
                found = await self._settle(connection, incoming)
            for delivery in found:
                await self._other_way(connection, delivery, status)
        log.warning("platform could not deliver", known=bool(found), status=_word(status))

    async def _settle_arrived(self, those: Sequence[Incoming]) -> None:
        by_channel: dict[str, list[str]] = defaultdict(list)
        for incoming in those:
            by_channel[incoming.channel].append(incoming.extra.get("platform_id", ""))
        async with self._engine.begin() as connection:
            for channel, ids in by_channel.items():
                await connection.execute(_about(channel, ids).values(delivered_at=clock.now()))

    async def _settle(self, connection: AsyncConnection, incoming: Incoming) -> Sequence[uuid.UUID]:
        """The deliveries that it was about, which have failed then."""
        statement = (
            _about(incoming.channel, [incoming.extra.get("platform_id", "")])
            .values(state="failed", note=incoming.text[:200])
            .returning(deliveries.c.id)
        )
        return list((await connection.execute(statement)).scalars())

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

    async def _part(self, incoming: Incoming) -> None:
        """A receipt for one of several parts, each with an id of its own."""
        delivered, key = incoming.text == "success", incoming.extra["platform_id"]
        async with self._engine.begin() as connection:
            known = await parts.note_receipt(
                connection, key, delivered=delivered, reason=incoming.text
            )
        if not delivered:
            log.warning("platform could not deliver", known=known, status=_word(incoming.text))

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


def _about(channel: str, platform_ids: Sequence[str]) -> Update:
    """Of the deliveries with these ids on the platform; by ix_deliveries_platform_id."""
    readers = select(identities.c.id).where(identities.c.channel == channel)
    return update(deliveries).where(
        deliveries.c.platform_id.in_([each for each in platform_ids if each]),
        deliveries.c.identity_id.in_(readers),  # another platform may use the same id
        deliveries.c.state == "sent",
    )


def _word(status: str) -> str:
    """The first word of what the platform says, safe to log: the rest may quote number or words."""
    found = re.match(r"[a-z]{1,20}", status.lower())
    return found[0] if found else "other"
