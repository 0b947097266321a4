"""Attachments on their way to people: the bytes of a photo, and the word when one was not kept."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.bootstrap import Services
from actions.store.engine import reading
from actions.store.tables import attachments, identities, inbox
from bot.channels.base import TransportError


async def photo(services: Services, inbox_id: str) -> bytes:
    """The picture that was kept with the message. Raises TransportError when there is none."""
    query = select(attachments.c.content_sealed).where(
        attachments.c.inbox_id == uuid.UUID(inbox_id), attachments.c.state == "kept"
    )
    async with reading(services.engine) as connection:
        sealed = (await connection.execute(query)).scalar_one_or_none()
    if sealed is None:
        raise TransportError("the picture is not there", permanent=True)
    return services.vault.open_bytes(sealed)


async def tell_not_kept(services: Services, connection: AsyncConnection, inbox_id: str) -> None:
    """Tells who sent an attachment, once, that it could not be kept and what to do."""
    query = (
        select(identities.c.id, identities.c.language)
        .join(inbox, inbox.c.identity_id == identities.c.id)
        .where(inbox.c.id == uuid.UUID(inbox_id))
    )
    person = (await connection.execute(query)).one_or_none()
    if person is None:
        return
    await services.notices.tell(
        connection,
        key=f"{inbox_id}:not_kept",
        identity_id=person.id,
        topic="media",
        text=services.notices.wording.say("attachment_not_kept", person.language),
    )
