"""The worker's jobs: carrying a queued message to a person, fetching an attachment's bytes."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import procrastinate
import structlog
from procrastinate import RetryDecision
from procrastinate.jobs import Job
from redis.exceptions import RedisError
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock, jobs
from actions.bootstrap import Services
from actions.notices.notices import Offer
from actions.store.tables import attachments, deliveries, identities
from bot.channels.base import Channel, Sent, TransportError
from bot.choices import Choices
from bot.message import Media, MediaKind, Outgoing

MAX_ATTEMPTS = 10
MAX_WAIT = 600  # seconds

log = structlog.get_logger()


class BackOff(procrastinate.BaseRetryStrategy):
    """Tries again after 1, 2, 4 … times `first` seconds, or when the platform says; ten in all."""

    def __init__(self, first: float = 1.0) -> None:
        self._first = first

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        seconds = self.seconds(exception, job.attempts)
        if seconds is None:
            return None
        return RetryDecision(retry_in={"milliseconds": round(seconds * 1000)})

    def seconds(self, fault: BaseException, attempts: int) -> float | None:
        """How long to wait after so many earlier attempts; None: that was the last one."""
        if attempts + 1 >= MAX_ATTEMPTS:
            return None
        wait = min(self._first * float(2**attempts), MAX_WAIT)
        if isinstance(fault, TransportError) and fault.retry_after is not None:
            wait = max(wait, fault.retry_after + self._first)
        return wait


@dataclass(frozen=True, slots=True)
class Deliverer:
    services: Services
    channels: Mapping[str, Channel]
    choices: Choices

    async def deliver(self, delivery_id: str, attempt: int) -> None:
        """Sends one queued message. Sent or failed before: does nothing.

        Raises TransportError while another attempt may help.
        """
        async with self.services.engine.begin() as connection:
            row = await _queued(connection, uuid.UUID(delivery_id))
            if row is None:
                return
            try:
                sent = await self._send(row)
            except Exception as fault:
                error = _transport(fault)
                final = error.permanent or attempt + 1 >= MAX_ATTEMPTS
                await self._not_sent(connection, row, error, attempt + 1, final=final)
                failure = None if final else error
            else:
                await _set(
                    connection,
                    row.id,
                    state="sent",
                    via=sent.via,
                    note=sent.note or None,
                    platform_id=sent.platform_id or None,
                    attempts=attempt + 1,
                    sent_at=clock.now(),
                )
                return
        if failure is not None:
            raise failure

    async def _send(self, row: Row[Any]) -> Sent:
        channel = self.channels.get(row.channel)
        if channel is None:
            raise TransportError(f"channel {row.channel} is not connected", permanent=True)
        if row.person_state != "active":
            raise TransportError(f"the person is {row.person_state}", permanent=True)
        recipient = self.services.vault.open(row.sender_sealed)
        content = self.services.vault.open_json(row.content_sealed)
        if "offers" not in content:
            return await channel.send(recipient, Outgoing.from_json(content))
        offers = [Offer(*pair) for pair in content["offers"]]
        choices = await self.choices.keep(row.conversation, offers)
        sent = await channel.send(recipient, Outgoing(content["text"], tuple(choices)))
        if choices:
            with contextlib.suppress(RedisError):  # it is sent; only typed digits will not work
                await self.choices.show(row.conversation, choices)
        return sent

    async def _not_sent(
        self,
        connection: AsyncConnection,
        row: Row[Any],
        error: TransportError,
        attempts: int,
        *,
        final: bool,
    ) -> None:
        log.warning(
            "delivery failed",
            delivery=str(row.id),
            code=error.code,
            final=final,
            reason=error.message,
        )
        state = "failed" if final else "queued"
        note = f"{error.code} {error.message}".strip()[:300]
        await _set(connection, row.id, state=state, note=note, attempts=attempts)

    async def keep_media(self, inbox_id: str, attempt: int) -> None:
        """Fetches an attachment's bytes and seals them. Raises TransportError to be tried again."""
        key = attachments.c.inbox_id == uuid.UUID(inbox_id)
        async with self.services.engine.connect() as connection:
            row = (await connection.execute(select(attachments).where(key))).one()
        if row.state != "waiting":
            return
        try:
            kind, content = await self._fetch(row)
        except Exception as fault:
            error = _transport(fault)
            if not error.permanent and attempt + 1 < MAX_ATTEMPTS:
                raise error from None
            values: dict[str, Any] = {"state": "failed", "error": error.message[:300]}
        else:
            sealed = self.services.vault.seal_bytes(content)
            values = {"state": "kept", "content_type": kind, "content_sealed": sealed}
        async with self.services.engine.begin() as connection:
            await connection.execute(update(attachments).where(key).values(values))

    async def _fetch(self, row: Row[Any]) -> tuple[str, bytes]:
        channel = self.channels.get(row.channel)
        if channel is None:
            raise TransportError(f"channel {row.channel} is not connected", permanent=True)
        media = self.services.vault.open_json(row.media_sealed)
        return await channel.fetch(Media(**{**media, "kind": MediaKind(media["kind"])}))


def add_tasks(queue: procrastinate.App, deliverer: Deliverer, back_off: BackOff) -> None:
    """Tells the worker's queue how to do the jobs that services defer by name."""

    @queue.task(name=jobs.DELIVER, retry=back_off, pass_context=True)
    async def deliver(context: procrastinate.JobContext, delivery_id: str) -> None:
        await deliverer.deliver(delivery_id, context.job.attempts)

    @queue.task(name=jobs.KEEP_MEDIA, retry=back_off, pass_context=True)
    async def keep_media(context: procrastinate.JobContext, inbox_id: str) -> None:
        await deliverer.keep_media(inbox_id, context.job.attempts)


def _transport(fault: Exception) -> TransportError:
    """A fault of our own counts and is shown like the platform's, so that nothing waits for ever.

    Its words stay out: they may hold what somebody wrote.
    """
    if isinstance(fault, TransportError):
        return fault
    log.error("fault in the worker", exc_info=fault)
    return TransportError(f"our own fault: {type(fault).__name__}")


async def _queued(connection: AsyncConnection, delivery_id: uuid.UUID) -> Row[Any] | None:
    """The delivery with its reader, locked until it is sent; None when there is nothing to do."""
    query = (
        select(
            deliveries,
            identities.c.channel,
            identities.c.sender_sealed,
            identities.c.conversation,
            identities.c.state.label("person_state"),
        )
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(deliveries.c.id == delivery_id, deliveries.c.state == "queued")
        .with_for_update(of=deliveries)
    )
    return (await connection.execute(query)).one_or_none()


async def _set(connection: AsyncConnection, delivery_id: uuid.UUID, **values: object) -> None:
    await connection.execute(
        update(deliveries).where(deliveries.c.id == delivery_id).values(**values)
    )
