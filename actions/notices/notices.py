"""Telling someone something: a delivery row and its job, in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import procrastinate
import yaml
from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock, jobs, logs
from actions.privacy.vault import Vault
from actions.store.tables import deliveries, identities


@dataclass(frozen=True, slots=True)
class Offer:
    """A choice under a notice: its label and the structured intent behind it (`/intent{json}`)."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One of many notices that are queued together; the fields are those of `Notices.tell`."""

    key: str
    identity_id: uuid.UUID
    topic: str
    text: str
    offers: Sequence[Offer] = ()


class Wording:
    """The notices' sentences per language, from `wording/<language>/<topic>.yml` beside this module.

    Raises ValueError when two topics give the same key.
    """

    def __init__(self) -> None:
        folder = resources.files("actions.notices") / "wording"
        self._sentences = {entry.name: _sentences(entry) for entry in folder.iterdir()}

    def say(self, key: str, language: str, **params: str) -> str:
        """The sentence in that language, in Chinese where the language is not known."""
        sentences = self._sentences.get(language, self._sentences["zh"])
        return sentences[key].format(**params).strip()

    def knows(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self._sentences["zh"]


def _sentences(folder: Traversable) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        topic: dict[str, str] = yaml.safe_load(entry.read_text("utf-8")) or {}
        twice = found.keys() & topic.keys()
        if twice:
            raise ValueError(f"{entry.name} says again: {', '.join(sorted(twice))}")
        found |= topic
    return found


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
        card: str | None = None,
        held: bool = False,
        can_wait: bool = False,
    ) -> None:
        """Queues one notice; `key` makes it one, however often it is asked for.

        `card` names what several readers are shown alike, so that `revise` finds it again. `held`
        keeps it for the morning's digest. What `can_wait` is one of many: everything else goes out
        before it, also to the same person.
        """
        await self.queue(
            connection,
            key=key,
            identity_id=identity_id,
            topic=topic,
            content=_content(text, offers),
            case_id=case_id,
            card=card,
            held=held,
            can_wait=can_wait,
        )

    async def tell_all(self, connection: AsyncConnection, notices: Sequence[Notice]) -> None:
        """Queues them in two statements, as `tell` would one by one and in the same order. So many
        can wait.
        """
        if not notices:
            return
        now, ids = clock.now(), [clock.new_id() for _ in notices]
        rows = [
            {
                "id": new,
                "key": each.key,
                "identity_id": each.identity_id,
                "topic": each.topic,
                "content_sealed": self._vault.seal_json(_content(each.text, each.offers)),
                "state": "queued",
                "turn": logs.turn(),
                "created_at": now,
            }
            for new, each in zip(ids, notices, strict=True)
        ]
        statement = insert(deliveries).on_conflict_do_nothing(index_elements=["key"])
        made = await connection.execute(statement.returning(deliveries.c.id), rows)
        queued = set(made.scalars())
        waiting = [
            (each.identity_id.hex, {"delivery_id": str(new)})
            for new, each in zip(ids, notices, strict=True)
            if new in queued
        ]
        await jobs.defer_all(self._queue, connection, jobs.DELIVER, waiting, priority=jobs.CAN_WAIT)

    async def queue(
        self,
        connection: AsyncConnection,
        *,
        key: str,
        identity_id: uuid.UUID,
        topic: str,
        content: dict[str, Any],
        case_id: uuid.UUID | None = None,
        card: str | None = None,
        held: bool = False,
        can_wait: bool = False,
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
                card=card,
                content_sealed=self._vault.seal_json(content),
                state="held" if held else "queued",
                turn=logs.turn(),
                created_at=clock.now(),
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(deliveries.c.id)
        )
        delivery = (await connection.execute(statement)).scalar_one_or_none()
        if delivery is not None and not held:
            await jobs.defer(
                self._queue,
                connection,
                jobs.DELIVER,
                lock=identity_id.hex,  # one person's messages go out in order
                priority=jobs.CAN_WAIT if can_wait else jobs.SOON,
                delivery_id=str(delivery),
            )

    async def revise(
        self,
        connection: AsyncConnection,
        *,
        card: str,
        texts: Callable[[str], str] | Mapping[str, str],
        excluding: Collection[uuid.UUID] = (),
    ) -> None:
        """Replaces the words of a card and takes its buttons away, for all its readers but the
        identities `excluding`.

        `texts` gives the new words in a reader's language (zh, en). What is still queued or held
        will go out in the new words; what has gone out is replaced by a job, where the platform
        can do that. Waits for no delivery that is just being sent.
        """
        say = texts if callable(texts) else texts.__getitem__
        readers = await self._readers(connection, card, excluding)
        for language in sorted({row.language for row in readers}):
            sealed = self._vault.seal_json({"text": say(language), "offers": []})
            shown = [row for row in readers if row.language == language]
            reworded = await self._reword(connection, [row.id for row in shown], sealed)
            for row in shown:
                if row.id not in reworded:
                    await jobs.defer(
                        self._queue,
                        connection,
                        jobs.REVISE,
                        lock=row.identity_id.hex,  # behind the card itself, if it is under way
                        delivery_id=str(row.id),
                        sealed=sealed.decode(),
                    )

    async def _readers(
        self, connection: AsyncConnection, card: str, excluding: Collection[uuid.UUID]
    ) -> Sequence[Row[Any, Any, Any]]:
        """The card's deliveries that did not fail; by ix_deliveries_card."""
        query = (
            select(deliveries.c.id, deliveries.c.identity_id, identities.c.language)
            .join(identities, identities.c.id == deliveries.c.identity_id)
            .where(deliveries.c.card == card, deliveries.c.state.in_(("queued", "held", "sent")))
            .where(deliveries.c.identity_id.not_in(excluding))
            .order_by(deliveries.c.created_at, deliveries.c.id)
        )
        return (await connection.execute(query)).all()

    async def _reword(
        self, connection: AsyncConnection, ids: Sequence[uuid.UUID], sealed: bytes
    ) -> set[uuid.UUID]:
        """Changes what these will say; returns those not sent yet, nor just being sent."""
        waiting = (
            select(deliveries.c.id)
            .where(deliveries.c.id.in_(ids), deliveries.c.state.in_(("queued", "held")))
            .where(deliveries.c.pieces_sent == 0)
            .with_for_update(skip_locked=True)  # the worker keeps the row while it sends
        )
        statement = (
            update(deliveries)
            .where(deliveries.c.id.in_(waiting))
            .values(content_sealed=sealed, revised_at=clock.now())
            .returning(deliveries.c.id)
        )
        return set((await connection.execute(statement)).scalars())


def _content(text: str, offers: Sequence[Offer]) -> dict[str, Any]:
    return {"text": text, "offers": [[offer.label, offer.payload] for offer in offers]}
