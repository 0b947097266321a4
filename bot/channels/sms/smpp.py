"""An SMPP 3.4 line. Where messages are sent (the worker) it binds when the first one goes out; where
replies and receipts come in (the gateway) it is bound all the time.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import structlog
from aiohttp import web

from bot.channels.base import Gateway, Part, Sent, TransportError
from bot.channels.sms import render
from bot.channels.sms.config import SmppConfig, SmsConfig
from bot.channels.sms.flood import Flood
from bot.channels.sms.incoming import receipt, said
from bot.channels.sms.link import Link
from bot.channels.sms.long import LongReplies, Whole
from bot.channels.sms.short import is_receipt, read_piece, read_receipt, shorts
from bot.smpp.pdu import Command, Pdu, PduError, Short, Status, Tag, message_id

LONGEST_PAUSE = 60.0  # seconds between two attempts to bind
_WAITS = {Status.THROTTLED: 2.0, Status.QUEUE_FULL: 10.0}
_GONE = frozenset({Status.INVALID_DESTINATION})
_PERMANENT = frozenset({Status.INVALID_SOURCE})
type Pause = Callable[[float], Awaitable[None]]
log = structlog.get_logger(__name__)


class SmppLine:
    """One account at one SMSC."""

    gsm = True

    def __init__(
        self,
        config: SmsConfig,
        line: SmppConfig,
        clock: Callable[[], float],
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._config = config
        self._line = line
        self._clock = clock
        self._pause = pause
        self._flood = Flood(clock)
        self._sender: Link | None = None
        self._opening = asyncio.Lock()

    # Sending

    async def send(self, number: str, words: str, skip: int) -> Sent:
        """Submits each part; the SMSC puts them together on the phone again."""
        text = render.signed(self._config.sign) + words
        sent: list[Part] = []
        for place, short in enumerate(shorts(self._line.source, number, text)):
            if place < skip:
                continue
            try:
                sent.append(Part(await self._submit(short), 1, self._config.fen_per_part))
            except TransportError as error:
                error.pieces, error.parts = place, tuple(sent)
                raise
        first = sent[0].platform_id if sent else ""
        return Sent("smpp", f"{len(sent)} parts", first, tuple(sent))

    async def _submit(self, short: Short) -> str:
        link = await self._bound()
        answer = await link.request(Command.SUBMIT_SM, short.pack())
        if answer.status == Status.OK:
            return message_id(answer.body)
        raise TransportError(
            "smpp: the message was refused",
            permanent=answer.status in _PERMANENT,
            gone=answer.status in _GONE,
            code=f"{answer.status:#x}",
            retry_after=_WAITS.get(Status(answer.status)) if _is_known(answer) else None,
        )

    async def _bound(self) -> Link:
        async with self._opening:
            if self._sender is not None and self._sender.broken.is_set():
                await self._sender.close()
                self._sender = None
            if self._sender is None:
                pair = self._line.bind == "pair"
                link = Link(self._line, _not_here)
                await link.open(Command.BIND_TRANSMITTER if pair else Command.BIND_TRANSCEIVER)
                self._sender = link
            return self._sender

    async def close(self) -> None:
        if self._sender is not None:
            await self._sender.close()
            self._sender = None

    # Receiving

    @property
    def passed_over(self) -> int:
        return self._flood.passed_over

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        async def run(_: web.Application) -> AsyncIterator[None]:
            task = asyncio.create_task(self._keep_bound(gateway))
            yield
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

        app.cleanup_ctx.append(run)

    async def _keep_bound(self, gateway: Gateway) -> None:
        """Binds, stays bound, binds again; waits longer after each failure."""
        pause = 1.0
        while True:
            inlet = Inlet(gateway, self._flood, self._clock)
            link = Link(self._line, inlet.take)
            pair = self._line.bind == "pair"
            try:
                await link.open(Command.BIND_RECEIVER if pair else Command.BIND_TRANSCEIVER)
                log.info("smpp: bound to receive")
                pause = 1.0
                await link.broken.wait()
            except TransportError as error:
                log.warning("smpp: cannot bind to receive", reason=error.message, code=error.code)
            finally:
                await link.close()
                await inlet.close()
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


class Inlet:
    """What comes in over one connection: stored, then acknowledged."""

    def __init__(self, gateway: Gateway, flood: Flood, clock: Callable[[], float]) -> None:
        self._gateway = gateway
        self._flood = flood
        self._clock = clock
        self._session = secrets.token_hex(8)
        self._long = LongReplies(self._store)

    async def take(self, pdu: Pdu) -> int:
        """The status to answer a deliver_sm with; TRY_LATER when it could not be stored."""
        try:
            short = Short.read(pdu.body)
        except PduError:
            log.warning("smpp: a message cannot be read")
            return Status.OK
        try:
            await self._note(short) if is_receipt(short) else await self._hear(pdu, short)
        except Exception as error:
            log.error("smpp: a message could not be stored", reason=type(error).__name__)
            return Status.TRY_LATER
        return Status.OK

    async def close(self) -> None:
        """Passes on what has come of long replies."""
        await self._long.close()

    async def _note(self, short: Short) -> None:
        fate = read_receipt(short)
        if fate is not None:
            told = receipt(fate.platform_id, delivered=fate.delivered, reason=fate.reason)
            await self._gateway.receive(told, wait=0)

    async def _hear(self, pdu: Pdu, short: Short) -> None:
        if self._flood.is_too_much(short.source):
            log.warning("smpp: too many replies from one number, passed over")
            return
        reference = short.tags.get(Tag.USER_MESSAGE_REFERENCE, b"").hex()
        key = f"{short.source}:{reference}" if reference else f"{self._session}:{pdu.sequence}"
        await self._long.take(read_piece(short), Whole(short.source, short.destination, key, ""))

    async def _store(self, whole: Whole) -> None:
        at = datetime.fromtimestamp(self._clock(), UTC)
        extra = {"dest_code": whole.destination}
        message = said(_e164(whole.source), whole.text, at, whole.key, extra)
        await self._gateway.receive(message, wait=0)


async def _not_here(_: Pdu) -> int:
    """Replies are taken by the gateway's bind; the SMSC keeps this one and tries that."""
    return Status.TRY_LATER


def _is_known(answer: Pdu) -> bool:
    return answer.status in {status.value for status in Status}


def _e164(number: str) -> str:
    digits = number.lstrip("+").removeprefix("00")
    mainland = len(digits) == 11 and digits.startswith("1")
    return f"+86{digits}" if mainland else f"+{digits}"
