"""Who has proved a number, for those who write to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.contacts.proof import LASTS
from actions.store.tables import contacts, identities


async def conversation_of(
    connection: AsyncConnection, phone_digest: bytes, now: datetime
) -> str | None:
    """The conversation in which somebody proved this number in the last year, while they are there."""
    query = (
        select(identities.c.conversation)
        .join(contacts, contacts.c.identity_id == identities.c.id)
        .where(
            contacts.c.phone_digest == phone_digest,
            contacts.c.proved_at > now - LASTS,
            identities.c.state == "active",
        )
    )
    found: str | None = (await connection.execute(query)).scalar_one_or_none()
    return found
