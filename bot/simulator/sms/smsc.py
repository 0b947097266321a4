"""An SMSC that speaks SMPP 3.4: binds, messages in parts, receipts, replies, throttling."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
import time
from collections import deque

from bot.simulator.posted import Answer
from bot.simulator.sms.carrier import CHANNEL, Carrier
from bot.smpp.pdu import (
    HAS_HEADER,
    IS_RECEIPT,
    Bind,
    Coding,
    Command,
    Pdu,
    PduError,
    Short,
    Status,
    c_string,
)
from bot.smpp.stream import close, read_pdu

ANSWER_WITHIN = 5.0
_RECEIVES = (Command.BIND_RECEIVER, Command.BIND_TRANSCEIVER)
_SENDS = (Command.BIND_TRANSMITTER, Command.BIND_TRANSCEIVER)
_BINDS = frozenset({*_RECEIVES, *_SENDS})


class _Session:
    """One connection; `bind` is 0 until it is bound."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self.bind = 0
        self._numbers = itertools.count(1)
        self.waiting: dict[int, asyncio.Future[Pdu]] = {}

    async def write(self, pdu: Pdu) -> None:
        self.writer.write(pdu.pack())
        await self.writer.drain()

    async def request(self, command: Command, body: bytes) -> Pdu:
        number = next(self._numbers)
        answer: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
        self.waiting[number] = answer
        try:
            await self.write(Pdu(command, number, body=body))
            async with asyncio.timeout(ANSWER_WITHIN):
                return await answer
        finally:
            del self.waiting[number]


class Smsc:
    """Listens on the configured port from `open` to `close`. `port` is the one it got."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._config = carrier.config
        self._server: asyncio.Server | None = None
        self._sessions: set[_Session] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._taken: deque[float] = deque()
        self._parts: dict[tuple[str, int], dict[int, str]] = {}
        self.port = 0

    async def open(self) -> None:
        if self._config.smpp_port is None:
            return
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._config.smpp_port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        await self.drop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def drop(self) -> None:
        """Cuts every connection, as networks do."""
        for session in list(self._sessions):
            await close(session.writer)

    @property
    def binds(self) -> list[int]:
        """The bind commands of those who are bound."""
        return sorted(session.bind for session in self._sessions if session.bind)

    async def uplink(self, name: str, text: str, deliveries: int = 1) -> list[Answer]:
        """What somebody writes back; in parts when it is long."""
        handset, entry = self._carrier.writes(name, text)
        pieces = (
            [text[at : at + 67] for at in range(0, len(text), 67)] if len(text) > 70 else [text]
        )
        reference, answers = secrets.randbelow(256), []
        for place, piece in enumerate(pieces, 1):
            head = bytes([5, 0, 3, reference, len(pieces), place]) if len(pieces) > 1 else b""
            short = Short(
                source=handset.number,
                destination=self._config.our_number,
                payload=head + piece.encode("utf-16-be"),
                coding=Coding.UCS2,
                esm_class=HAS_HEADER if head else 0,
            )
            answers.append(await self._deliver(short, name, "uplink"))
        taken = all(answer.outcome == "ok" for answer in answers)
        self._carrier.transcript.change(entry, state="delivered" if taken else "failed")
        return answers

    async def _deliver(self, short: Short, name: str, what: str) -> Answer:
        """Hands a reply or a receipt to somebody who is bound to receive."""
        started, outcome, status = time.monotonic(), "refused", 0
        for session in [s for s in self._sessions if s.bind in _RECEIVES]:
            try:
                answer = await session.request(Command.DELIVER_SM, short.pack())
            except (OSError, TimeoutError):
                outcome = "timeout"
                continue
            status = answer.status
            outcome = "ok" if status == Status.OK else "status"
            if outcome == "ok":
                break
        milliseconds = round((time.monotonic() - started) * 1000)
        self._carrier.transcript.write_wire(
            CHANNEL,
            name,
            way="callback",
            what=what,
            outcome=outcome,
            status=status,
            milliseconds=milliseconds,
        )
        return Answer(outcome, status, milliseconds)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(writer)
        self._sessions.add(session)
        try:
            while True:
                pdu = await read_pdu(reader)
                if pdu.is_answer:
                    waiting = session.waiting.get(pdu.sequence)
                    if waiting and not waiting.done():
                        waiting.set_result(pdu)
                else:
                    await self._answer(session, pdu)
                    if pdu.command == Command.UNBIND:
                        break
        except (asyncio.IncompleteReadError, OSError, PduError):
            pass
        finally:
            self._sessions.discard(session)
            for waiting in session.waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionResetError())
            await close(writer)

    async def _answer(self, session: _Session, pdu: Pdu) -> None:
        if pdu.command in _BINDS:
            await session.write(self._bound(session, pdu))
        elif pdu.command == Command.SUBMIT_SM:
            await session.write(self._submitted(session, pdu))
        elif pdu.command in (Command.ENQUIRE_LINK, Command.UNBIND):
            await session.write(pdu.answer())
        else:
            nack = Pdu(Command.GENERIC_NACK, pdu.sequence, Status.INVALID_COMMAND)
            await session.write(nack)

    def _bound(self, session: _Session, pdu: Pdu) -> Pdu:
        bind = Bind.read(pdu.body)
        if session.bind:
            return pdu.answer(Status.ALREADY_BOUND)
        if bind.system_id != self._config.smpp_system_id:
            return pdu.answer(Status.INVALID_SYSTEM_ID)
        if bind.password != self._config.smpp_password:
            return pdu.answer(Status.INVALID_PASSWORD)
        session.bind = pdu.command
        return pdu.answer(body=c_string("fakesmsc"))

    def _submitted(self, session: _Session, pdu: Pdu) -> Pdu:
        if session.bind not in _SENDS:
            return pdu.answer(Status.NOT_BOUND_FOR_THIS)
        if self._is_too_fast():
            return pdu.answer(Status.THROTTLED)
        short = Short.read(pdu.body)
        if not short.destination.isdecimal() or not 10 <= len(short.destination) <= 15:
            return pdu.answer(Status.INVALID_DESTINATION)
        key = secrets.token_hex(8)
        task = asyncio.create_task(self._bring(short, key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return pdu.answer(body=c_string(key))

    def _is_too_fast(self) -> bool:
        now = time.monotonic()
        while self._taken and self._taken[0] <= now - 1:
            self._taken.popleft()
        if len(self._taken) >= self._config.smpp_per_second:
            return True
        self._taken.append(now)
        return False

    async def _bring(self, short: Short, key: str) -> None:
        """Shows the message once all its parts are there; reports on each part."""
        text = self._whole(short)
        handset = self._carrier.by_number(short.destination)
        if text is not None and handset.on:
            self._carrier.bring(handset.number, text, "smpp")
        if not short.registered:
            return
        state = "DELIVRD" if handset.on else "UNDELIV"
        error = "000" if handset.on else "001"
        words = (
            f"id:{key} sub:001 dlvrd:00{int(handset.on)} submit date:2611201405 "
            f"done date:2611201405 stat:{state} err:{error} text:"
        )
        told = Short(
            source=short.destination,
            destination=short.source,
            payload=words.encode(),
            esm_class=IS_RECEIPT,
        )
        with contextlib.suppress(OSError):
            await self._deliver(told, handset.name, "report")

    def _whole(self, short: Short) -> str | None:
        """The text; None while parts of it are missing."""
        if not short.esm_class & HAS_HEADER:
            return _text(short.payload, short.coding)
        reference, total, place = short.payload[3:6]
        pieces = self._parts.setdefault((short.destination, reference), {})
        pieces[place] = _text(short.payload[6:], short.coding)
        if len(pieces) < total:
            return None
        del self._parts[short.destination, reference]
        return "".join(pieces[number] for number in sorted(pieces))


def _text(octets: bytes, coding: int) -> str:
    return octets.decode("utf-16-be" if coding == Coding.UCS2 else "latin-1")
