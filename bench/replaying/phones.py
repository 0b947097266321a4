"""The other end of the lines, in this process: phones that take what is sent and read their codes.

Not the fake SMS gateway of the demonstration: 150,000 requests to it would measure that one. All
before the line is the real thing: the queue's jobs, the deliverer, the delivery's row.
"""

from __future__ import annotations

import re
from collections import Counter

import procrastinate
from aiohttp import web
from sqlalchemy import text

from actions import jobs
from bot.app import Bot
from bot.back_off import BackOff
from bot.carrier import Carrier
from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.sms import parts, render
from bot.delivery import Deliverer, add_tasks
from bot.message import Media, Outgoing

AT_ONCE, BATCHES = 8, 4
SIGN, PARTS, ENDING = "云州公安", 4, "…"
_CODE = re.compile(r"码 ([0-9A-Z]{7})")


class Phones:
    """Takes every message. Of the numbers in `watched` the last invitation's code is kept."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.watched: set[str] = set()
        self.codes: dict[str, str] = {}
        self.taken: Counter[str] = Counter()

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        """Nothing comes in here: the replay hands it to the gateway."""

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        words = render.words(message, SIGN, PARTS, ENDING, gsm=False)
        self.taken["messages"] += 1
        self.taken["parts"] += parts.count(render.signed(SIGN) + words)
        found = _CODE.search(words)
        if found and recipient in self.watched:
            self.codes[recipient] = found[1]
        return Sent(self.name)

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        """A card that says something else now."""

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        raise TransportError("nothing was sent", permanent=True)

    async def close(self) -> None:
        """Nothing is open."""


class Postman:
    """The worker's deliverer and queue, run until nothing waits."""

    def __init__(self, bot: Bot, sms: Phones, chats: Phones) -> None:
        self._bot = bot
        self._queue: procrastinate.App = bot.services.queue
        channels = {"sms": sms, "telegram": chats}
        deliverer, back_off = Deliverer(bot.services, channels, bot.choices), BackOff(1)
        add_tasks(self._queue, deliverer, back_off)
        self._carrier = Carrier(bot.services, deliverer, back_off, batches=BATCHES, poll=1)

    async def carry(self) -> None:
        """Delivers everything that is queued. The queue must be open."""
        while await self._waiting():
            await self._carrier.carry_all()
            await self._queue.run_worker_async(
                queues=[jobs.OTHERS],
                concurrency=AT_ONCE,
                wait=False,
                delete_jobs="successful",
                install_signal_handlers=False,
                listen_notify=False,
            )

    async def _waiting(self) -> bool:
        async with self._bot.services.engine.connect() as connection:
            query = text("SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo')")
            return bool((await connection.execute(query)).scalar())
