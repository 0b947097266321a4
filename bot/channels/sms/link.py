"""One bound connection to an SMSC: requests in a window, enquiries, requests from the other side."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable

import structlog

from bot.channels.base import TransportError
from bot.channels.sms.config import SmppConfig
from bot.channels.within import within
from bot.smpp.pdu import Bind, Command, Pdu, PduError, Status
from bot.smpp.stream import close, read_pdu

type Handler = Callable[[Pdu], Awaitable[int]]
log = structlog.get_logger(__name__)


class Link:
    """Opened by `open`, bound until it is closed or breaks; then it is thrown away.

    `handler` takes each deliver_sm and returns the status to answer with.
    """

    def __init__(self, config: SmppConfig, handler: Handler) -> None:
        self._config = config
        self._handler = handler
        self._window = asyncio.Semaphore(config.window)
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Pdu]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._writer: asyncio.StreamWriter | None = None
        self.broken = asyncio.Event()

    async def open(self, bind: Command) -> None:
        """Connects and binds. Raises TransportError."""
        config = self._config
        try:
            async with asyncio.timeout(config.answer_seconds):
                reader, self._writer = await asyncio.open_connection(config.host, config.port)
        except (OSError, TimeoutError) as error:
            raise TransportError(f"smpp: {type(error).__name__}", code="network") from None
        self._start(self._read(reader))
        try:
            answer = await self.request(bind, Bind(config.system_id, config.password).pack())
        except TransportError:
            self._break()
            await self.close()
            raise
        if answer.status != Status.OK:
            self._break()  # there is nothing to unbind
            await self.close()
            raise TransportError(
                "smpp: the bind was refused", code=f"{answer.status:#x}", retry_after=60
            )
        self._start(self._enquire())

    async def request(self, command: Command, body: bytes = b"") -> Pdu:
        """The answer to a request. Raises TransportError when the line breaks or is silent."""
        async with self._window:
            if self.broken.is_set() or self._writer is None:
                raise TransportError("smpp: the line is broken", code="network")
            number = next(self._numbers)
            answer: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
            self._waiting[number] = answer
            try:
                await self._write(Pdu(command, number, body=body))
                return await within(self._config.answer_seconds, answer)
            except (OSError, TimeoutError) as error:
                raise TransportError(f"smpp: {type(error).__name__}", code="network") from None
            finally:
                del self._waiting[number]

    async def close(self) -> None:
        """Unbinds where that is possible, and closes."""
        if self._writer is not None and not self.broken.is_set():
            with contextlib.suppress(TransportError):
                await self.request(Command.UNBIND)
        self._break()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._writer is not None:
            await close(self._writer)
            self._writer = None

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                pdu = await read_pdu(reader)
                if pdu.is_answer:
                    self._answered(pdu)
                else:
                    self._start(self._serve(pdu))
        except (asyncio.IncompleteReadError, OSError, PduError) as error:
            log.info("smpp: the line has ended", reason=type(error).__name__)
        finally:
            self._break()

    def _answered(self, pdu: Pdu) -> None:
        answer = self._waiting.get(pdu.sequence)
        if answer is not None and not answer.done():
            answer.set_result(pdu)

    async def _serve(self, pdu: Pdu) -> None:
        """A request of the other side."""
        with contextlib.suppress(OSError):
            match pdu.command:
                case Command.ENQUIRE_LINK:
                    await self._write(pdu.answer())
                case Command.DELIVER_SM:
                    await self._write(pdu.answer(await self._handler(pdu), b"\0"))
                case Command.UNBIND:
                    await self._write(pdu.answer())
                    self._break()
                case _:
                    await self._write(
                        Pdu(Command.GENERIC_NACK, pdu.sequence, Status.INVALID_COMMAND)
                    )

    async def _enquire(self) -> None:
        """Finds out that the other side is gone although the connection still stands."""
        while not self.broken.is_set():
            await asyncio.sleep(self._config.enquire_seconds)
            try:
                await self.request(Command.ENQUIRE_LINK)
            except TransportError:
                log.warning("smpp: no answer to an enquiry")
                self._break()

    async def _write(self, pdu: Pdu) -> None:
        if self._writer is None:
            raise OSError("closed")
        self._writer.write(pdu.pack())
        await self._writer.drain()

    def _break(self) -> None:
        self.broken.set()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionResetError())

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
