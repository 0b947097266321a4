"""Rings where a page is open: PostgreSQL tells every gateway whose conversation has grown."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import psycopg
import structlog
from aiohttp import web
from redis.exceptions import RedisError

from actions.bootstrap import Services
from actions.store.engine import plain_url
from bot.web.mailbox import CHANNEL, RINGS

PRESENT = 40  # seconds for which an open page is believed without a further sign
RETRY = 2.0  # seconds until the connection is tried again

log = structlog.get_logger()


class PostgresBell:
    """A `bot.channels.web.behind.Bell`. A ring that is lost is made good by the pages' own looks."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: dict[str, set[asyncio.Event]] = {}

    @contextlib.contextmanager
    def listening(self, sender: str) -> Iterator[asyncio.Event]:
        """See `Bell.listening`."""
        name, event = self._name(sender), asyncio.Event()
        self._waiting.setdefault(name, set()).add(event)
        try:
            yield event
        finally:
            self._waiting[name].discard(event)
            if not self._waiting[name]:
                del self._waiting[name]

    async def here(self, sender: str) -> None:
        """See `Bell.here`."""
        with contextlib.suppress(RedisError):
            await self._services.redis.set(f"web:open:{self._name(sender)}", 1, ex=PRESENT)

    async def is_here(self, sender: str) -> bool:
        """See `Bell.is_here`."""
        with contextlib.suppress(RedisError):
            return bool(await self._services.redis.exists(f"web:open:{self._name(sender)}"))
        return False

    async def run(self, _: web.Application) -> AsyncIterator[None]:
        """See `Bell.run`."""
        listener = asyncio.create_task(self._listen())
        yield
        listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listener

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except psycopg.Error as error:
                log.warning("the web chat's bell is silent", error=type(error).__name__)
            self._ring_all()  # what was missed meanwhile is looked up
            await asyncio.sleep(RETRY)

    async def _hear(self) -> None:
        """Passes rings on until the connection ends. Raises psycopg.Error."""
        address = plain_url(self._services.settings.database_url)
        connection = await psycopg.AsyncConnection.connect(
            address, autocommit=True, connect_timeout=10
        )
        async with connection:
            await connection.execute(f"LISTEN {RINGS}")
            self._ring_all()
            async for ring in connection.notifies():
                for event in self._waiting.get(ring.payload, ()):
                    event.set()

    def _ring_all(self) -> None:
        for events in self._waiting.values():
            for event in events:
                event.set()

    def _name(self, sender: str) -> str:
        return self._services.vault.digest(f"{CHANNEL}:{sender}").hex()
