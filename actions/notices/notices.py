"""Telling someone something: a delivery row and its job, in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import procrastinate
import yaml
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock, jobs
from actions.privacy.vault import Vault
from actions.store.tables import deliveries


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice under a notice: its label and the structured intent behind it (`/intent{json}`)."""

    label: str
    payload: str


class Wording:
    """The notices' sentences per language, from `wording/<language>.yml` beside this module."""

    def __init__(self) -> None:
        folder = resources.files("actions.notices") / "wording"
        self._sentences: dict[str, dict[str, str]] = {
            entry.name.removesuffix(".yml"): yaml.safe_load(entry.read_text("utf-8"))
            for entry in folder.iterdir()
            if entry.name.endswith(".yml")
        }

    def say(self, key: str, language: str, **params: str) -> str:
        """The sentence in that language, in Chinese where the language is not known."""
        sentences = self._sentences.get(language, self._sentences["zh"])
        return sentences[key].format(**params).strip()


class Notices:
    """Queues notices. The text is rendered now, in the reader's language, and sealed."""

    def __init__(self, vault: Vault, queue: procrastinate.App, wording: Wording) -> None:
        self._vault = vault
        self._queue = queue
        self.wording = wording

    async def tell(
        self,
        connection: AsyncConnection,
        *,
        key: str,
        identity_id: uuid.UUID,
        topic: str,
        text: str,
        offers: Sequence[Offer] = (),
        case_id: uuid.UUID | None = None,
    ) -> None:
        """Queues one notice; `key` makes it one, however often it is asked for."""
        content: dict[str, Any] = {
            "text": text,
            "offers": [[offer.label, offer.payload] for offer in offers],
        }
        await self.queue(
            connection,
            key=key,
            identity_id=identity_id,
            topic=topic,
            content=content,
            case_id=case_id,
        )

    async def queue(
        self,
        connection: AsyncConnection,
        *,
        key: str,
        identity_id: uuid.UUID,
        topic: str,
        content: dict[str, Any],
        case_id: uuid.UUID | None = None,
    ) -> None:
        """Queues a delivery of `content`: text, and offers or choices that have their tokens."""
        statement = (
            insert(deliveries)
            .values(
                id=clock.new_id(),
                key=key,
                identity_id=identity_id,
                case_id=case_id,
                topic=topic,
                content_sealed=self._vault.seal_json(content),
                created_at=clock.now(),
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(deliveries.c.id)
        )
        delivery = (await connection.execute(statement)).scalar_one_or_none()
        if delivery is not None:
            await jobs.defer(
                self._queue,
                connection,
                jobs.DELIVER,
                lock=identity_id.hex,  # one person's messages go out in order
                delivery_id=str(delivery),
            )
