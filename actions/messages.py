"""What the person really wrote, whole: Rasa is given a shortened text."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import inbox
from actions.turn import Turn


class Messages:
    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    async def full_text(self, turn: Turn) -> str:
        """The words of the message that is being answered, at full length; empty if it has none."""
        async with reading(self._engine) as connection:
            query = select(inbox.c.message_sealed).where(inbox.c.id == uuid.UUID(turn.inbox_id))
            sealed = (await connection.execute(query)).scalar_one_or_none()
        return str(self._vault.open_json(sealed)["text"]) if sealed else ""
