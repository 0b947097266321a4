"""When a platform is back, what waits for it goes at once, however long its back-off had grown.

A worker remembers which of its deliveries a platform's outage has held up. Every few seconds one of
them tries again, ahead of its time; when any message to that platform goes out, all the others are
due. What a platform has told us to wait for keeps its own time.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import jobs
from bot.channels.base import TransportError

PROBE = 5.0  # seconds between tries whether a platform is back
EVERY = 0.5  # seconds between looks at what was learnt
MOST = 10_000  # deliveries remembered of a channel; others keep their back-off
AT_MOST = 3  # times that a delivery is hurried: one that fails alone keeps its back-off then

log = structlog.get_logger()

# Only while a platform is out of order, or just was: no index serves it.
_DUE = text("""
UPDATE procrastinate_jobs SET scheduled_at = now(), attempts = greatest(attempts - :uncounted, 0)
WHERE task_name = :task AND status = 'todo' AND scheduled_at > now()
AND args ->> 'delivery_id' = ANY(:deliveries)
""")
_LEFT_WAITING = text("""
UPDATE procrastinate_jobs SET scheduled_at = now()
WHERE task_name = :task AND status = 'todo' AND attempts > 0
AND scheduled_at > now() + interval '1 minute'
""")


@dataclass(slots=True)
class Outage:
    """`waiting`: deliveries, and whether each may have arrived; `tried`: when one failed last."""

    waiting: dict[uuid.UUID, bool] = field(default_factory=dict)
    tried: float = 0.0
    over: bool = False


class Outages:
    """What one worker knows. `clock` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._outages: dict[str, Outage] = {}
        self._hurried: Counter[uuid.UUID] = Counter()

    def failed(self, channel: str, delivery: uuid.UUID, error: TransportError) -> None:
        """A delivery will be tried again; it counts where the platform itself was out of order."""
        if not error.outage or error.permanent or error.retry_after is not None:
            return
        if self._hurried[delivery] >= AT_MOST:
            return
        outage = self._outages.setdefault(channel, Outage())
        outage.tried = self._clock()
        if len(outage.waiting) < MOST:
            outage.waiting[delivery] = error.doubt

    def sent(self, channel: str, delivery: uuid.UUID) -> None:
        """A message went out: the platform is well."""
        self._hurried.pop(delivery, None)
        outage = self._outages.get(channel)
        if outage is not None:
            outage.waiting.pop(delivery, None)
            outage.over = True

    @contextlib.asynccontextmanager
    async def watched(self, engine: AsyncEngine) -> AsyncIterator[None]:
        """Makes due what waits, as long as it lasts: at the beginning also what was to wait longer
        than a minute, since a worker is often started because what was wrong has been put right.
        """
        watching = asyncio.create_task(self._watch(engine))
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self, engine: AsyncEngine) -> None:
        begun = False
        while True:
            try:
                if not begun:
                    await begin_anew(engine)
                    begun = True
                await self.look(engine)
            except SQLAlchemyError as error:
                log.warning("what waits is not reachable", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    async def look(self, engine: AsyncEngine) -> None:
        """All deliveries of platforms that are back are due now; of each that is not, one may be."""
        for channel, outage in list(self._outages.items()):
            if outage.over:
                await _due(engine, list(outage.waiting))
                self._forget(channel, outage)
            elif self._clock() - outage.tried >= PROBE:
                await self._probe(engine, outage)

    async def _probe(self, engine: AsyncEngine, outage: Outage) -> None:
        """One that cannot have arrived, each in its turn, without counting as an attempt."""
        sure = (delivery for delivery, doubt in outage.waiting.items() if not doubt)
        one = next(sure, None)
        outage.tried = self._clock()
        if one is not None:
            outage.waiting[one] = outage.waiting.pop(one)
            await _due(engine, [one], uncounted=1)

    def _forget(self, channel: str, outage: Outage) -> None:
        log.info("a platform is back", channel=channel, waiting=len(outage.waiting))
        if self._outages.get(channel) is outage:
            del self._outages[channel]
        if len(self._hurried) > MOST:
            self._hurried.clear()
        self._hurried.update(outage.waiting.keys())


async def begin_anew(engine: AsyncEngine) -> None:
    """Makes due what was to wait longer than a minute after an attempt that failed."""
    async with engine.begin() as connection:
        await connection.execute(_LEFT_WAITING, {"task": jobs.DELIVER})


async def _due(engine: AsyncEngine, found: Sequence[uuid.UUID], *, uncounted: int = 0) -> None:
    if not found:
        return
    values = {
        "task": jobs.DELIVER,
        "deliveries": [str(each) for each in found],
        "uncounted": uncounted,
    }
    async with engine.begin() as connection:
        await connection.execute(_DUE, values)
