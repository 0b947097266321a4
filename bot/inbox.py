"""The durable inbox: what people sent, stored before anything acts on it, answered in order.

A row is received → working (leased by one gateway) → done or failed. Only the oldest unfinished
row of a conversation can be leased, so that a conversation's turns never overlap, whichever gateway
works on them. A lease that runs out is taken over.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, any_, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock, jobs
from actions.bootstrap import Services
from actions.people.people import Person
from actions.store.engine import reading, single
from actions.store.tables import attachments, inbox
from bot import inbox_sql as sql
from bot.message import Incoming, Kind, Outgoing
from bot.rush import Rush, Words

GRACE = timedelta(seconds=5)  # the gateway that stored a row has this long before others look
MAX_WAIT = timedelta(seconds=8)  # so that all goes on soon after a part is back


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored message. `behind_kept`: an earlier one waits and its sender has been told so. `known`:
    it had been stored before. `claimed`: it was leased with that.
    """

    id: uuid.UUID
    person: Person
    done: bool
    answer: list[Outgoing] | None
    pushed: bool
    behind_kept: bool = False
    known: bool = False
    claimed: Claimed | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row leased by this process."""

    id: uuid.UUID
    lease: uuid.UUID
    conversation: str
    identity_id: uuid.UUID
    incoming: Incoming
    attempts: int
    received_at: datetime
    told_kept: bool
    language: str


@dataclass(frozen=True, slots=True)
class Finished:
    """`said`: what whoever waits may be told: the answer, or nothing when it was queued; None when
    the lease was lost, and with it the right to say anything. `more`: other rows may be waiting.
    """

    said: list[Outgoing] | None
    more: bool


class Inbox:
    def __init__(self, services: Services, lease_seconds: float) -> None:
        self._services = services
        self._engine: AsyncEngine = services.engine
        self._single = single(services.engine)
        self._vault = services.vault
        self._lease = timedelta(seconds=lease_seconds)
        self._rush = Rush(self._single)

    async def store(self, incoming: Incoming, *, push: bool, lease: bool = False) -> Stored:
        """Stores the message once; committed on return. `push`: nobody will wait for the answer.
        `lease`: it is to be claimed at once if nothing else of its conversation is unfinished.
        """
        digest = self._vault.digest(f"{incoming.channel}:{incoming.message_id}")
        if incoming.media is None and needs_turn(incoming):
            stored = await self._store_words(incoming, digest, push=push, lease=lease)
            if stored is not None:
                return stored
        moment = clock.now()
        async with self._engine.begin() as connection:
            person = await self._services.people.meet(connection, incoming.channel, incoming.sender)
            statement = (
                insert(inbox)
                .values(
                    id=clock.new_id(),
                    channel=incoming.channel,
                    message_digest=digest,
                    identity_id=person.identity_id,
                    conversation=person.conversation,
                    message_sealed=self._vault.seal_json(incoming.to_json()),
                    push=push,
                    next_attempt_at=moment + GRACE,
                    received_at=moment,
                )
                .on_conflict_do_nothing(index_elements=["channel", "message_digest"])
                .returning(inbox.c.id, sql.behind_kept(person.conversation))
            )
            new = (await connection.execute(statement)).one_or_none()
            if new is not None:
                await self._attach(connection, new.id, incoming)
                if needs_turn(incoming):
                    await self._services.people.welcome_back(connection, person)
                return Stored(new.id, person, False, None, push, new.behind_kept)
        return await self._known(incoming.channel, digest, person)

    async def _store_words(
        self, incoming: Incoming, digest: bytes, *, push: bool, lease: bool
    ) -> Stored | None:
        """The usual message, in one trip; None when it has to be looked at more closely."""
        identity, moment = clock.new_id(), clock.now()
        words = Words(
            {
                "identity": identity,
                "conversation": f"c{identity.hex}",
                "sender_digest": self._vault.digest(f"{incoming.channel}:{incoming.sender}"),
                "sender_sealed": self._vault.seal(incoming.sender),
                "channel": incoming.channel,
                "digest": digest,
                "id": clock.new_id(),
                "sealed": self._vault.seal_json(incoming.to_json()),
                "push": push,
                "due": moment + GRACE,
                "now": moment,
                "lease": clock.new_id() if lease else None,
                "until": moment + self._lease,
            }
        )
        row = await self._rush.store(words)
        if row is None:
            return None
        person = Person(row.id, row.conversation, incoming.channel, row.language, None)
        if row.new is None:
            return await self._known(incoming.channel, digest, person)
        if row.state != "active":
            await self._services.people.set_state(row.id, "active")
        claimed = _leased(row, incoming, moment) if row.lease else None
        return Stored(
            row.new, person, False, None, push, behind_kept=row.behind_kept, claimed=claimed
        )

    async def _known(self, channel: str, digest: bytes, person: Person) -> Stored:
        query = select(inbox).where(inbox.c.channel == channel, inbox.c.message_digest == digest)
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).one()
        done, said = row.done_at is not None, self._answer(row)
        return Stored(row.id, person, done, said, row.push, known=True)

    async def _attach(
        self, connection: AsyncConnection, inbox_id: uuid.UUID, incoming: Incoming
    ) -> None:
        """Remembers an attachment, and fetches its bytes in a job: platforms keep them for days."""
        if incoming.media is None:
            return
        has_bytes = bool(incoming.media.reference)
        await connection.execute(
            insert(attachments).values(
                inbox_id=inbox_id,
                channel=incoming.channel,
                media_sealed=self._vault.seal_json(incoming.to_json()["media"]),
                state="waiting" if has_bytes else "kept",
                created_at=clock.now(),
            )
        )
        if has_bytes:
            await jobs.defer(
                self._services.queue, connection, jobs.KEEP_MEDIA, inbox_id=str(inbox_id)
            )

    async def claim(self, conversation: str) -> Claimed | None:
        """Leases the oldest unfinished row, unless it is leased already or not yet due again."""
        moment, lease = clock.now(), clock.new_id()
        values = {
            "conversation": conversation,
            "lease": lease,
            "until": moment + self._lease,
            "now": moment,
        }
        try:
            async with self._single.connect() as connection:
                row = (await connection.execute(sql.CLAIM, values)).one_or_none()
        except IntegrityError:  # ux_inbox_one_at_a_time: another gateway has a row of it
            return None
        if row is None:
            return None
        return Claimed(
            row.id,
            lease,
            row.conversation,
            row.identity_id,
            Incoming.from_json(self._vault.open_json(row.message_sealed)),
            row.attempts,
            row.received_at,
            row.told_kept,
            row.language,
        )

    async def renew(self, leases: Collection[uuid.UUID]) -> None:
        """Keeps these for another while: whoever works on them lives."""
        if not leases:
            return
        values = {"leases": list(leases), "until": clock.now() + self._lease}
        async with self._single.connect() as connection:
            await connection.execute(sql.RENEW, values)

    async def finish(
        self, claimed: Claimed, answer: Sequence[Outgoing], *, failed: bool = False
    ) -> Finished:
        """Ends the row with its answer; queues the answer when it was promised to be pushed."""
        sealed = self._vault.seal_json([message.to_json() for message in answer])
        values = {
            "id": claimed.id,
            "lease": claimed.lease,
            "state": "failed" if failed else "done",
            "sealed": sealed,
            "now": clock.now(),
        }
        async with self._single.connect() as connection:
            row = (await connection.execute(sql.FINISH, values)).one_or_none()
        if row is not None:
            return Finished(list(answer), row.more)
        return await self._finish_pushed(claimed, answer, values)

    async def _finish_pushed(
        self, claimed: Claimed, answer: Sequence[Outgoing], values: dict[str, Any]
    ) -> Finished:
        """Ends a row whose answer was promised to be pushed, with the queueing of it."""
        statement = (
            update(inbox)
            .where(inbox.c.id == claimed.id, inbox.c.lease == claimed.lease)
            .where(inbox.c.done_at.is_(None))
            .values(
                state=values["state"],
                answer_sealed=values["sealed"],
                done_at=clock.now(),
                lease=None,
            )
            .returning(inbox.c.push)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement)).one_or_none()
            if row is not None and row.push:
                await self.queue(connection, claimed.identity_id, f"{claimed.id}:answer", answer)
        if row is None:
            return Finished(None, True)
        return Finished([] if row.push else list(answer), True)

    async def postpone(self, claimed: Claimed, *, tell: Sequence[Outgoing]) -> None:
        """Gives the row back for another attempt, later with each; its answer will be pushed.

        `tell` is queued at once. The row remembers that its sender knows it is kept.
        """
        wait = min(timedelta(seconds=2 ** min(claimed.attempts, 6)) / 2, MAX_WAIT)
        statement = (
            update(inbox)
            .where(inbox.c.id == claimed.id, inbox.c.lease == claimed.lease)
            .values(
                state="received",
                lease=None,
                push=True,
                told_kept=True,
                next_attempt_at=clock.now() + wait,
            )
            .returning(inbox.c.id)
        )
        async with self._engine.begin() as connection:
            if (await connection.execute(statement)).one_or_none() is not None:
                await self.queue(connection, claimed.identity_id, f"{claimed.id}:kept", tell)

    async def stop_waiting(self, inbox_id: uuid.UUID) -> list[Outgoing] | None:
        """Marks the answer as one to push; gives it back instead when it is ready after all."""
        async with self._engine.begin() as connection:
            statement = (
                update(inbox)
                .where(inbox.c.id == inbox_id, inbox.c.done_at.is_(None))
                .values(push=True)
                .returning(inbox.c.id)
            )
            if (await connection.execute(statement)).one_or_none() is not None:
                return None
        return await self.answer(inbox_id)

    async def answer(self, inbox_id: uuid.UUID) -> list[Outgoing] | None:
        """What may be said at once: nothing when it is pushed; None while there is no answer."""
        query = select(inbox).where(inbox.c.id == inbox_id)
        async with self._single.connect() as connection:
            row = (await connection.execute(query)).one()
        return [] if row.push and row.answer_sealed else self._answer(row)

    async def close_unasked(self, inbox_id: uuid.UUID) -> None:
        """Ends a row that needs no turn (somebody left)."""
        statement = (
            update(inbox)
            .where(inbox.c.id == inbox_id, inbox.c.done_at.is_(None))
            .values(state="done", done_at=clock.now(), answer_sealed=self._vault.seal_json([]))
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)

    async def due(self, limit: int = 50) -> list[str]:
        """Conversations whose oldest unfinished row is overdue: postponed, or left by the dead.

        The longest overdue first, so that none is forgotten behind others that keep failing.
        """
        moment = clock.now()
        columns = (inbox.c.conversation, inbox.c.state, inbox.c.next_attempt_at)
        oldest = (  # in the order of ix_inbox_open
            select(*columns, inbox.c.leased_until)
            .ext(distinct_on(inbox.c.conversation))
            .where(inbox.c.done_at.is_(None))
            .order_by(inbox.c.conversation, inbox.c.seq)
            .subquery()
        )
        query = (
            select(oldest.c.conversation)
            .where(
                oldest.c.next_attempt_at <= moment,
                or_(oldest.c.state == "received", oldest.c.leased_until < moment),
            )
            .order_by(oldest.c.next_attempt_at)
            .limit(limit)
        )
        async with reading(self._engine) as connection:
            return [row.conversation for row in (await connection.execute(query)).all()]

    async def abandon_waiting(self, conversations: Sequence[str]) -> None:
        """Nobody can still be waiting for what is overdue: its answers will be pushed."""
        statement = (
            update(inbox)
            .where(
                inbox.c.conversation == any_(literal(conversations, ARRAY(Text))),
                inbox.c.done_at.is_(None),
                inbox.c.next_attempt_at <= clock.now(),
                inbox.c.push.is_(False),
            )
            .values(push=True)
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)

    async def queue(
        self,
        connection: AsyncConnection,
        identity_id: uuid.UUID,
        key: str,
        messages: Sequence[Outgoing],
    ) -> None:
        """Queues messages for delivery, in order; the same key queues nothing twice."""
        for number, message in enumerate(messages):
            await self._services.notices.queue(
                connection,
                key=f"{key}:{number}",
                identity_id=identity_id,
                topic="answer",
                content=message.to_json(),
            )

    def _answer(self, row: Any) -> list[Outgoing] | None:
        if row.answer_sealed is None:
            return None
        return [Outgoing.from_json(item) for item in self._vault.open_json(row.answer_sealed)]


def _leased(row: Any, incoming: Incoming, moment: datetime) -> Claimed:
    """What was stored and leased in one."""
    return Claimed(
        row.new, row.lease, row.conversation, row.id, incoming, 1, moment, False, row.language
    )


def needs_turn(incoming: Incoming) -> bool:
    """Whether the conversation has to go on because of this message."""
    return incoming.kind not in {Kind.UNFOLLOW, Kind.RECEIPT, Kind.IGNORED}
