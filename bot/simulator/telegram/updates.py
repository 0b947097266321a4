"""Getting updates to the bot: by webhook, posted until it says 200, or by getUpdates."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.simulator.telegram.bot import CHANNEL, Bot, Chat
from bot.simulator.telegram.errors import ApiError
from bot.simulator.transcript import Entry

LONGEST_PAUSE = 60.0
# Telegram sends these only to bots that ask for them by name.
ON_REQUEST = ("chat_member", "message_reaction", "message_reaction_count")


@dataclass(slots=True)
class Waiting:
    """An update that the bot has not taken yet. `tried` is set after the first attempt."""

    update: dict[str, Any]
    chat: Chat
    entry: Entry | None
    deliveries: int
    lane: int
    tried: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> str:
        return next(key for key in self.update if key != "update_id")


class Updates:
    """Numbers updates and hands them over; in order within a lane, lanes side by side.

    Each chat has a lane; taps have their person's, also those in a group.
    """

    def __init__(self, bot: Bot, session: aiohttp.ClientSession) -> None:
        self._bot = bot
        self._session = session
        self.last_id = 100_000_000
        self._waiting: dict[int, Waiting] = {}
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._news = asyncio.Event()
        self._poll: asyncio.Event | None = None

    @property
    def pending(self) -> int:
        return len(self._waiting)

    async def push(
        self,
        chat: Chat,
        kind: str,
        payload: dict[str, Any],
        entry: Entry | None = None,
        deliveries: int = 1,
        lane: int = 0,
    ) -> None:
        """Queues one update; returns after the first attempt (when polling: at once)."""
        if not self._wanted(kind):
            return
        self.last_id += 1
        update = {"update_id": self.last_id, kind: payload}
        waiting = Waiting(update, chat, entry, deliveries, lane or chat.id)
        self._waiting[self.last_id] = waiting
        self._news.set()
        if self._bot.webhook.url:
            self._start_lane(waiting.lane)
            await waiting.tried.wait()

    def drop(self) -> None:
        for waiting in self._waiting.values():
            waiting.tried.set()
        self._waiting.clear()

    async def restart(self) -> None:
        """After the webhook changed: stops the deliveries under way, begins anew."""
        await self._stop_lanes()
        if self._bot.webhook.url:
            for number in {waiting.lane for waiting in self._waiting.values()}:
                self._start_lane(number)
        else:
            for waiting in self._waiting.values():
                waiting.tried.set()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """getUpdates. Raises 409 beside a webhook, and in an older poll when a new one comes."""
        if self._bot.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._poll:
            self._poll.set()
        ended = self._poll = asyncio.Event()
        self._confirm(offset)
        found = await self._wait_for_news(seconds, ended)
        if ended.is_set():
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        self._poll = None
        return found[: max(1, min(limit, 100))]

    async def close(self) -> None:
        if self._poll:
            self._poll.set()
        self._news.set()
        self.drop()
        await self._stop_lanes()

    def _wanted(self, kind: str) -> bool:
        allowed = self._bot.webhook.allowed_updates
        return kind in allowed if allowed else kind not in ON_REQUEST

    async def _wait_for_news(self, seconds: float, ended: asyncio.Event) -> list[dict[str, Any]]:
        try:
            async with asyncio.timeout(seconds):
                while not self._waiting and not ended.is_set():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return []
        return [waiting.update for waiting in self._waiting.values()]

    def _confirm(self, offset: int) -> None:
        """Forgets the updates before `offset`; a negative one keeps only the last ones."""
        ids = sorted(self._waiting)
        done = ids[:offset] if offset < 0 else [number for number in ids if number < offset]
        for number in done:
            self._taken(number)
        self._news.set()

    def _taken(self, number: int) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is None:
            return
        waiting.tried.set()
        if waiting.entry:
            self._bot.transcript.change(waiting.entry, state="delivered")

    def _start_lane(self, number: int) -> None:
        lane = self._lanes.get(number)
        if lane is None or lane.done():
            self._lanes[number] = asyncio.create_task(self._run_lane(number))

    async def _stop_lanes(self) -> None:
        lanes = list(self._lanes.values())
        self._lanes.clear()
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)

    async def _run_lane(self, number: int) -> None:
        while mine := [w for w in self._waiting.values() if w.lane == number]:
            await self._until_taken(mine[0])

    async def _until_taken(self, waiting: Waiting) -> None:
        pause, attempt = self._bot.config.retry_after, 0
        while waiting.update["update_id"] in self._waiting:
            posts = [self._post(waiting, attempt + n) for n in range(waiting.deliveries)]
            outcomes = await asyncio.gather(*posts)
            if "ok" in outcomes:
                self._taken(waiting.update["update_id"])
                return
            if waiting.entry:
                self._bot.transcript.change(waiting.entry, state="failed")
            waiting.tried.set()
            waiting.deliveries = 1
            attempt += 1
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, waiting: Waiting, attempt: int) -> str:
        webhook, started = self._bot.webhook, time.monotonic()
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret_token}
        status, outcome = 0, "ok"
        try:
            async with (
                asyncio.timeout(self._bot.config.answer_within),
                self._session.post(
                    webhook.url,
                    json=waiting.update,
                    headers=headers if webhook.secret_token else {},
                ) as response,
            ):
                status = response.status
                await response.read()
                outcome = "ok" if status == 200 else "status"
        except TimeoutError:
            outcome = "timeout"
        except aiohttp.ClientError:
            outcome = "refused"
        if outcome != "ok":
            webhook.last_error = f"Wrong response from the webhook: {status or outcome}"
            webhook.last_error_at = self._bot.clock.seconds()
        self._note(waiting, outcome, status, attempt, started)
        return outcome

    def _note(
        self, waiting: Waiting, outcome: str, status: int, attempt: int, started: float
    ) -> None:
        self._bot.transcript.write_wire(
            CHANNEL,
            waiting.chat.name,
            way="update",
            what=waiting.kind,
            outcome=outcome,
            status=status,
            milliseconds=round((time.monotonic() - started) * 1000),
            attempt=attempt,
        )
