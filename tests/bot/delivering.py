"""An installation whose deliveries are done by real workers; only the platform is a script."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import Row, select, text

from actions.bootstrap import Services
from actions.notices.notices import Offer
from actions.settings import read
from actions.store.tables import deliveries
from bot.app import Bot, build
from bot.channels.base import Sent
from bot.delivery import Deliverer
from bot.message import Media, Outgoing
from bot.settings import BotSettings
from bot.worker import Pace, work

HURRIED = Pace(
    poll=0.05,
    heartbeat=5,
    stalled_after=20,
    free_every=0.05,
    again_after=0.01,
    first_wait=0.01,
)
type Outcome = Sent | BaseException


class ScriptedChannel:
    """Sends nothing anywhere: remembers what it was given and answers by its script, then well."""

    name = "wechat"

    def __init__(self, *script: Outcome) -> None:
        self.script = list(script)
        self.sent: list[tuple[str, str]] = []  # recipient and text, also of what failed
        self.choices: list[tuple[str, ...]] = []
        self.skipped: list[int] = []
        self.keys: list[str] = []
        self.pictures: list[bytes] = []
        self.revised: list[tuple[str, str, str]] = []  # recipient, platform id and text
        self.pieces: list[int] = []  # how many are out when an attempt ends
        self.before: Callable[[], Awaitable[None]] | None = None

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        self.sent.append((recipient, message.text))
        self.choices.append(tuple(choice.token for choice in message.choices))
        self.skipped.append(message.skip)
        self.keys.append(message.key)
        if message.image is not None:
            self.pictures.append(message.image)
        if self.before is not None:
            await self.before()
        if message.gone_out is not None and self.pieces:
            for number in range(message.skip, self.pieces.pop(0)):
                await message.gone_out(number + 1)
        outcome = self.script.pop(0) if self.script else Sent("customer", platform_id="p-1")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        assert message.choices == ()
        self.revised.append((recipient, platform_id, message.text))
        outcome = self.script.pop(0) if self.script else None
        if isinstance(outcome, Exception):
            raise outcome

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        outcome = self.script.pop(0) if self.script else None
        if isinstance(outcome, Exception):
            raise outcome
        return "image/jpeg", f"bytes of {media.reference}".encode()

    async def close(self) -> None:
        """Nothing is open."""


class Installation:
    """A database of its own, and as many workers on it as a test wants."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ
        self.platform = ScriptedChannel()
        self.bot = self.make()

    @property
    def services(self) -> Services:
        return self.bot.services

    @property
    def deliverer(self) -> Deliverer:
        return Deliverer(self.services, self.bot.channels, self.bot.choices)

    def make(self) -> Bot:
        channels: Any = {"wechat": self.platform}
        return dataclasses.replace(build(read(BotSettings, self._environ)), channels=channels)

    async def meet(self, sender: str, channel: str = "wechat") -> uuid.UUID:
        async with self.services.engine.begin() as connection:
            return (await self.services.people.meet(connection, channel, sender)).identity_id

    async def tell(
        self,
        person: uuid.UUID,
        *texts: str,
        offers: Sequence[Offer] = (),
        card: str | None = None,
    ) -> None:
        """Queues a notice for each text, all in one transaction."""
        async with self.services.engine.begin() as connection:
            for words in texts:
                await self.services.notices.tell(
                    connection,
                    key=f"{words}:{person.hex}",
                    identity_id=person,
                    topic="case",
                    text=words,
                    offers=offers,
                    card=card,
                )

    async def rows(self) -> list[Row[Any]]:
        async with self.services.engine.connect() as connection:
            query = select(deliveries).order_by(deliveries.c.created_at, deliveries.c.id)
            return list((await connection.execute(query)).all())

    async def jobs(self) -> list[str]:
        """The states of all jobs but the rounds, which come by the clock."""
        async with self.services.engine.connect() as connection:
            query = text(
                "SELECT status::text FROM procrastinate_jobs "
                "WHERE task_name NOT LIKE 'rounds%' AND task_name <> 'web_round' ORDER BY id"
            )
            return list((await connection.execute(query)).scalars().all())

    @contextlib.asynccontextmanager
    async def working(self, workers: int = 1) -> AsyncIterator[None]:
        """Runs workers, each with connections of its own, as its own process would."""
        tasks = [
            asyncio.create_task(work(self.make(), HURRIED, signals=False)) for _ in range(workers)
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def until(self, *states: str) -> list[Row[Any]]:
        """Waits until the deliveries stand in these states, oldest first."""
        for _ in range(600):
            rows = await self.rows()
            if [row.state for row in rows] == list(states):
                return rows
            await asyncio.sleep(0.01)
        raise AssertionError(f"{[(row.state, row.note) for row in rows]} instead of {states}")
