"""The worker's statements on deliveries and their readers."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.store.tables import deliveries, identities


async def locked(connection: AsyncConnection, delivery: uuid.UUID, state: str) -> Row[Any] | None:
    """The delivery with its reader, locked until the end; None when it is in another state."""
    query = (
        select(
            deliveries,
            identities.c.channel,
            identities.c.sender_sealed,
            identities.c.conversation,
            identities.c.state.label("person_state"),
        )
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(deliveries.c.id == delivery, deliveries.c.state == state)
        .with_for_update(of=deliveries)
    )
    return (await connection.execute(query)).one_or_none()


async def note(connection: AsyncConnection, delivery: uuid.UUID, **values: object) -> None:
    """Writes what became of the delivery."""
    condition = deliveries.c.id == delivery
    await connection.execute(update(deliveries).where(condition).values(**values))


async def bury(connection: AsyncConnection, identity: uuid.UUID) -> None:
    """Nothing more is sent to whom the platform no longer reaches, until they write to us again."""
    condition = (identities.c.id == identity) & (identities.c.state == "active")
    await connection.execute(update(identities).where(condition).values(state="dead"))
