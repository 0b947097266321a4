"""Carries what is queued to people, in batches.

A batch is one transaction: due jobs are taken with their deliveries, all locked; their messages go
out side by side, each to another person; then one statement notes them and one ends the jobs. A
worker that dies loses its locks, so another begins again, knowing from Redis what is out already.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import procrastinate
import psycopg
import structlog
from sqlalchemy import Row
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import jobs
from actions.bootstrap import Services
from bot import delivery_sql as sql
from bot.back_off import BackOff
from bot.channels.base import TransportError
from bot.delivery import Deliverer
from bot.fate import Fate

AT_ONCE = 16  # messages in a batch: the slowest of them keeps the others' rows locked
RESERVED = 2  # batches that only what cannot wait may begin
PAUSE = 1  # seconds after a fault of our own
ENDING = 10  # seconds that batches under way get when the worker ends
_LOST = (OperationalError, InterfaceError, NoConnectionError, psycopg.Error, OSError)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Batch:
    """Jobs taken in the connection's transaction; `held` gives the connection back."""

    held: contextlib.AsyncExitStack
    connection: AsyncConnection
    taken: Sequence[Row[Any]]

    @property
    def can_wait(self) -> bool:
        return any(job.priority < jobs.SOON for job in self.taken)


class Carrier:
    """`batches` at once at most, each with a connection. `poll`: seconds between looks for what
    falls due; new messages are announced.
    """

    def __init__(
        self,
        services: Services,
        deliverer: Deliverer,
        back_off: BackOff,
        *,
        batches: int,
        poll: float,
    ) -> None:
        self._services = services
        self._deliverer = deliverer
        self._back_off = back_off
        self._batches = batches
        self._waiting_batches = max(1, batches - RESERVED)
        self._poll = poll
        self._news = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], Batch] = {}

    async def run(self) -> None:
        """Carries until it is cancelled; batches under way then get ENDING seconds."""
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                await self._begin_all()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._poll):
                        await self._news.wait()
        finally:
            listening.cancel()
            await self._end()

    async def carry_all(self) -> None:
        """Carries what is due, and what becomes due by that, and returns."""
        while await self._begin_all() or self._under_way or self._news.is_set():
            if self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _begin_all(self) -> bool:
        """Begins as many batches as there is work and room for; whether there was one."""
        begun, full = False, True
        self._news.clear()
        try:
            while full and (batch := await self._take()):
                begun, full = True, len(batch.taken) == AT_ONCE
                carrying = asyncio.create_task(self._carry(batch))
                self._under_way[carrying] = batch
                carrying.add_done_callback(self._ended)
        except _LOST as error:
            log.warning("deliveries not reachable", error=type(error).__name__)
        except Exception:
            log.exception("fault in the worker")
            await asyncio.sleep(PAUSE)
        return begun

    def _ended(self, carrying: asyncio.Task[None]) -> None:
        del self._under_way[carrying]
        self._news.set()  # there is room, and those behind these messages may go

    async def _take(self) -> Batch | None:
        """The next batch; None when nothing is due or there is no room for it."""
        if len(self._under_way) >= self._batches:
            return None
        waiting = sum(batch.can_wait for batch in self._under_way.values())
        least = jobs.CAN_WAIT if waiting < self._waiting_batches else jobs.SOON
        async with contextlib.AsyncExitStack() as stack:
            connection = await stack.enter_async_context(self._services.engine.connect())
            taken = await sql.take(connection, least=least, most=AT_ONCE)
            if not taken:
                await connection.commit()  # a ROLLBACK would cost all that is planned here
                return None
            return Batch(stack.pop_all(), connection, taken)

    async def _carry(self, batch: Batch) -> None:
        try:
            async with batch.held:
                await self._carry_out(batch.connection, batch.taken)
                await batch.connection.commit()
        except _LOST as error:
            log.warning("a batch is given back", error=type(error).__name__)
        except Exception:
            log.exception("fault in the worker")
            await asyncio.sleep(PAUSE)  # then it is taken again

    async def _carry_out(self, connection: AsyncConnection, taken: Sequence[Row[Any]]) -> None:
        rows = await sql.queued(connection, [job.delivery_id for job in taken])
        open_jobs = [job for job in taken if job.delivery_id in rows]
        out = await self._deliverer.progress.out([rows[job.delivery_id] for job in open_jobs])
        fates = await asyncio.gather(
            *(
                self._attempt(job, rows[job.delivery_id], pieces)
                for job, pieces in zip(open_jobs, out, strict=True)
            )
        )
        await self._deliverer.note(connection, fates)
        again = {
            job.id: self._wait(fate, job.attempts)
            for job, fate in zip(open_jobs, fates, strict=True)
            if fate.again is not None
        }
        await sql.done(connection, [job.id for job in taken if job.id not in again])
        if again:
            await sql.later(connection, again)

    async def _attempt(self, job: Row[Any], row: Row[Any], out: int) -> Fate:
        with structlog.contextvars.bound_contextvars(job=job.id):
            with contextlib.suppress(TransportError), self._services.metrics.job(jobs.DELIVER):
                fate = await self._deliverer.attempt(row, job.attempts, out)
                if fate.again is not None:
                    raise fate.again  # the numbers of jobs count it as failed
            return fate

    def _wait(self, fate: Fate, earlier: int) -> float:
        assert fate.again is not None
        return self._back_off.seconds(fate.again, earlier) or 0

    async def _listen(self) -> None:
        """Hears of new messages; while it cannot, they are found by looking."""
        manager = self._services.queue.job_manager
        while True:
            try:
                await manager.listen_for_jobs(on_notification=self._hear, queues=[jobs.DELIVERIES])
            except (procrastinate.exceptions.ConnectorException, *_LOST) as error:
                log.warning("queue not reachable", error=type(error).__name__)
            await asyncio.sleep(self._poll)

    async def _hear(self, **_: object) -> None:
        self._news.set()

    async def _end(self) -> None:
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=ENDING)
            for carrying in late:
                carrying.cancel()
            await asyncio.gather(*late, return_exceptions=True)
