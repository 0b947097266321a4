"""The worker's jobs: carrying a queued message to a person, replacing one that was sent, fetching
an attachment's bytes."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import procrastinate
import structlog
from redis.exceptions import RedisError
from sqlalchemy import Row, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock, jobs, logs
from actions.bootstrap import Services
from actions.notices.notices import Offer
from actions.store.engine import reading
from actions.store.tables import attachments
from bot import delivery_sql as sql
from bot import parts
from bot.back_off import BackOff
from bot.channels.base import Channel, Sent, TransportError
from bot.choices import Choices
from bot.drawings import Drawings
from bot.fallback import TakesOver
from bot.fate import Fate, is_final, storable, transport
from bot.message import Media, MediaKind, Outgoing
from bot.outages import Outages
from bot.outcomes import Outcomes
from bot.photos import photo, tell_not_kept
from bot.progress import Progress

TOKEN = 12  # characters

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Deliverer:
    services: Services
    channels: Mapping[str, Channel]
    choices: Choices
    fallback: TakesOver | None = None  # for citizens whom no other way reaches
    drawings: Drawings = field(default_factory=Drawings)
    outages: Outages = field(default_factory=Outages)
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "progress", Progress(self.services.redis))

    async def deliver(self, delivery_id: str, attempt: int) -> None:
        """Sends one queued message. Sent or failed before: does nothing.

        Raises TransportError while another attempt may help.
        """
        async with self.services.engine.begin() as connection:
            row = await sql.locked(connection, uuid.UUID(delivery_id), "queued")
            if row is None:
                return
            (out,) = await self.progress.out([row])
            fate = await self.attempt(row, attempt, out)
            await self.note(connection, [fate])
        if fate.again is not None:
            raise fate.again

    async def attempt(self, row: Row[Any], earlier: int, out: int) -> Fate:
        """Sends the message of a delivery that is locked meanwhile, after so many attempts that
        failed and without the pieces that are out; writes nothing down.
        """
        with logs.about(row.turn):
            try:
                sent = await self._send(row, out)
            except Exception as fault:
                error = transport(fault)
                fate = Fate(row, earlier + 1, error=error, final=is_final(error, earlier))
                self._outcomes.not_sent(row, error, final=fate.final)
                if not fate.final:
                    self.outages.failed(row.channel, row.id, error)
                return fate
            self._outcomes.sent(row, sent)
            self.outages.sent(row.channel, row.id)
            return Fate(row, earlier + 1, sent=sent)

    async def note(self, connection: AsyncConnection, fates: Sequence[Fate]) -> None:
        """Writes down what became of them, the plain ones at once. Of what cannot be written down
        that one fails, visibly, and none of the others.
        """
        plain = [fate for fate in fates if fate.sent and not fate.sent.parts]
        if plain:
            values = [fate.values(fate.sent) for fate in plain if fate.sent]
            await sql.note_sent(connection, values)
        for fate in fates:
            if fate.sent is None or fate.sent.parts:
                await self._note_one(connection, fate)

    async def _note_one(self, connection: AsyncConnection, fate: Fate) -> None:
        try:
            async with connection.begin_nested():
                if fate.sent is not None:
                    await sql.note_sent(connection, [fate.values(fate.sent)])
                    await parts.note_sent(connection, fate.row.id, fate.sent.parts)
                elif fate.error is not None:
                    await self._note_error(connection, fate, fate.error)
        except (OperationalError, InterfaceError):
            raise  # the database is away: nothing is written down, all is done again
        except Exception as fault:
            note = transport(fault).message
            await sql.note(connection, fate.row.id, state="failed", note=note)
            fate.final = True

    @property
    def _outcomes(self) -> Outcomes:
        return Outcomes(self.services.metrics)

    async def _send(self, row: Row[Any], out: int) -> Sent:
        channel, recipient = self._reader(row)
        content = self.services.vault.open_json(row.content_sealed)
        offering = bool(content.get("offers"))
        try:
            message = dataclasses.replace(
                await self._message(row, content),
                skip=out,
                gone_out=partial(self.progress.note, row),
                key=row.id.hex,
            )
            sent = await channel.send(recipient, message)
        except BaseException:
            if offering:
                with contextlib.suppress(RedisError):  # words wait a moment for it, in vain
                    await self.choices.not_shown(row.conversation)
            raise
        if offering:
            with contextlib.suppress(RedisError):  # it is sent; only typed digits will not work
                await self.choices.show(row.conversation, message.choices)
        return sent

    async def _message(self, row: Row[Any], content: dict[str, Any]) -> Outgoing:
        """What the delivery says: an answer, whose choices have their tokens, or a notice."""
        if "offers" not in content:
            return await self.drawings.on(Outgoing.from_json(content))
        offers = [Offer(*pair) for pair in content["offers"]]
        choices = await self.choices.keep(row.conversation, offers, self._tokens(row))
        image = await photo(self.services, content["photo"]) if "photo" in content else None
        drawn = content.get("drawn", "")
        message = Outgoing(content["text"], tuple(choices), image, drawn)
        return await self.drawings.on(message) if drawn else message

    def _tokens(self, row: Row[Any]) -> Iterator[str]:
        """The same at every attempt: a repeated message is then the same for its platform too, and
        should it have arrived twice, both can be tapped. Nobody else can guess them.
        """
        for number in count():
            digest = self.services.vault.digest(f"choice:{row.id}:{row.content_sealed!r}:{number}")
            yield base64.urlsafe_b64encode(digest)[:TOKEN].decode()

    def _reader(self, row: Row[Any]) -> tuple[Channel, str]:
        """The channel, and the platform's id in it. Raises TransportError when there is no way."""
        if row.person_state != "active":
            raise TransportError(f"the person is {row.person_state}", permanent=True)
        return self._channel(row), self.services.vault.open(row.sender_sealed)

    def _channel(self, row: Row[Any]) -> Channel:
        channel = self.channels.get(row.channel)
        if channel is None:
            raise TransportError(f"channel {row.channel} is not connected", permanent=True)
        return channel

    async def _note_error(
        self, connection: AsyncConnection, fate: Fate, error: TransportError
    ) -> None:
        row, note = fate.row, f"{error.code} {error.message}".strip()
        if fate.final and self.fallback is not None:
            told = await self.fallback.take_over(connection, row.id)
            note = f"{note}; {told}" if told else note
        await parts.note_sent(connection, row.id, error.parts)
        await sql.note(
            connection,
            row.id,
            state="failed" if fate.final else "queued",
            note=storable(note)[:300],
            attempts=fate.attempts,
            pieces_sent=max(row.pieces_sent, error.pieces),
        )
        if error.gone:
            await sql.bury(connection, row.identity_id)

    async def revise(self, delivery_id: str, sealed: str, attempt: int) -> None:
        """Replaces a message that was sent by the sealed content. One that never went out, or that
        its platform cannot change, stays as it is.

        Raises TransportError while another attempt may help.
        """
        failure = None
        async with self.services.engine.begin() as connection:
            row = await sql.locked(connection, uuid.UUID(delivery_id), "sent")
            if row is None:
                return
            try:
                channel, recipient = self._reader(row)
                text = self.services.vault.open_json(sealed.encode())["text"]
                await channel.revise(recipient, row.platform_id or "", Outgoing(text))
            except Exception as fault:
                error = transport(fault)
                final = is_final(error, attempt)
                log.info("not revised", delivery=delivery_id, final=final, reason=error.message)
                if error.gone:
                    await sql.bury(connection, row.identity_id)
                failure = None if final else error
            else:
                values = {"revised_sealed": sealed.encode(), "revised_at": clock.now()}
                await sql.note(connection, row.id, **values)
        if failure is not None:
            raise failure

    async def keep_media(self, inbox_id: str, attempt: int) -> None:
        """Fetches an attachment's bytes and seals them. Raises TransportError to be tried again."""
        key = attachments.c.inbox_id == uuid.UUID(inbox_id)
        async with reading(self.services.engine) as connection:
            row = (await connection.execute(select(attachments).where(key))).one()
        if row.state != "waiting":
            return
        try:
            kind, content = await self._fetch(row)
        except Exception as fault:
            error = transport(fault)
            if not is_final(error, attempt):
                raise error from None
            values: dict[str, Any] = {"state": "failed", "error": error.message[:300]}
        else:
            sealed = self.services.vault.seal_bytes(content)
            values = {"state": "kept", "content_type": kind, "content_sealed": sealed}
        async with self.services.engine.begin() as connection:
            await connection.execute(update(attachments).where(key).values(values))
            if values["state"] == "failed":
                await tell_not_kept(self.services, connection, inbox_id)

    async def _fetch(self, row: Row[Any]) -> tuple[str, bytes]:
        channel = self._channel(row)
        media = self.services.vault.open_json(row.media_sealed)
        return await channel.fetch(Media(**{**media, "kind": MediaKind(media["kind"])}))


def add_tasks(queue: procrastinate.App, deliverer: Deliverer, back_off: BackOff) -> None:
    """Tells the worker's queue how to do the jobs that services defer by name."""

    @queue.task(name=jobs.DELIVER, retry=back_off, pass_context=True)
    async def deliver(context: procrastinate.JobContext, delivery_id: str) -> None:
        await deliverer.deliver(delivery_id, context.job.attempts)

    @queue.task(name=jobs.REVISE, retry=back_off, pass_context=True)
    async def revise(context: procrastinate.JobContext, delivery_id: str, sealed: str) -> None:
        await deliverer.revise(delivery_id, sealed, context.job.attempts)

    @queue.task(name=jobs.KEEP_MEDIA, retry=back_off, pass_context=True)
    async def keep_media(context: procrastinate.JobContext, inbox_id: str) -> None:
        with logs.about(inbox_id):
            await deliverer.keep_media(inbox_id, context.job.attempts)
