"""The door before the inbox: as many at once as are stored in time, and those first who go on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.inbox import Stored, needs_turn
from bot.inflow import Inflow
from bot.message import Incoming, Kind

DOOR = 64  # messages being stored at once; with more each step of each takes as long as all of them
BEGINNERS = 32  # of them from people who begin; whoever is in the middle of something passes them
LONGEST = 15.0  # seconds at the door, for what no passive answer is waited for
RUSH = 250  # messages arriving at once: storing them goes before all other work


class Door:
    def __init__(self, inflow: Inflow | None = None) -> None:
        self._inflow = inflow
        self._through = asyncio.Semaphore(DOOR)
        self._beginners = asyncio.Semaphore(BEGINNERS)
        self._arriving = 0

    @property
    def rush(self) -> bool:
        """Whether storing goes before all other work now."""
        return self._arriving > RUSH

    async def let_in(
        self, incoming: Incoming, wait: float, store: Callable[[], Awaitable[Stored]]
    ) -> Stored | int:
        """The stored message, or for how many seconds its sender is banned (0: told before).

        Refuses with 503 when its platform has stopped waiting before its turn came: it sends again,
        and what is stored for nobody's acknowledgement only keeps others waiting as long.
        """
        loop = asyncio.get_running_loop()
        patience = loop.time() + (wait if wait > 0 else LONGEST)
        self._arriving += 1
        try:
            line = self._beginners if begins(incoming) else contextlib.nullcontext()
            async with line, self._through:
                if loop.time() > patience:
                    raise web.HTTPServiceUnavailable(text="busy")
                if self._inflow is not None and needs_turn(incoming):
                    banned = await self._inflow.refused(incoming)
                    if banned is not None:
                        return banned
                return await store()
        finally:
            self._arriving -= 1


def begins(incoming: Incoming) -> bool:
    """Whether somebody comes, rather than goes on."""
    return incoming.kind in {Kind.SCAN, Kind.FOLLOW}
