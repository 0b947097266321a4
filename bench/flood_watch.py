"""What a flood takes: memory of each process at most, rows, and when nothing waits any more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import func, select

from actions.store.tables import deliveries, inbox
from bench.processes import costs, own
from bench.table import aligned, number
from bench.whole import Whole

EVERY = 1.0  # seconds between readings
FEW = 25  # rows that ordinary citizens have open at any moment
PATIENCE = 150.0  # seconds until what is left counts as stuck


@dataclass(slots=True)
class Watch:
    running: Whole
    before: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    most_open: int = 0
    cpu: dict[str, float] = field(default_factory=dict)  # seconds when it began
    each: dict[str, float] = field(default_factory=dict)  # ms for each of the flood's messages
    redis: tuple[float, float] = (0.0, 0.0)  # MB before and after

    @classmethod
    @asynccontextmanager
    async def over(cls, running: Whole) -> AsyncIterator[Watch]:
        """Reads once a second meanwhile."""
        watch = cls(running)
        watch.before = await asyncio.to_thread(own, running.pids)
        watch.most = dict(watch.before)
        watch.cpu = await watch._cpu()
        rows, kept = await watch._rows(), await watch._kept()
        reading = asyncio.create_task(watch._read_on())
        try:
            yield watch
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
        watch.last = await asyncio.to_thread(own, running.pids)
        after = await watch._rows()
        watch.rows = {name: after[name] - rows[name] for name in rows}
        watch.redis = kept, await watch._kept()

    async def spent(self, messages: int) -> None:
        """Notes the processor time so far as so much for each of so many messages."""
        now = await self._cpu()
        self.each = {name: (now[name] - cpu) * 1000 / messages for name, cpu in self.cpu.items()}

    async def quiet(self) -> float:
        """Seconds until no more is open than ordinary citizens have open."""
        started = time.monotonic()
        while time.monotonic() - started < PATIENCE:
            if await self._open() <= FEW:
                break
            await asyncio.sleep(0.5)
        return time.monotonic() - started

    def grown(self) -> dict[str, float]:
        """MB that each process of ours had more at most, PostgreSQL's cache and the fakes aside."""
        others = ("postgres", "simulator")
        return {n: self.most[n] - mb for n, mb in self.before.items() if n not in others}

    def told(self) -> list[str]:
        table = [["memory, MB", *self.before]]
        for label, read in (("before", self.before), ("at most", self.most), ("after", self.last)):
            table.append([label, *(number(read[name], 0) for name in self.before)])
        table.append(["ms of processor", *(number(self.each[name], 2) for name in self.before)])
        rows = ", ".join(f"{count} {name}" for name, count in self.rows.items())
        return [
            "(ms: while it came, by the number of its messages; the citizens' turns are in it)",
            *aligned(table),
            f"rows written: {rows}; open at most {self.most_open}; "
            f"Redis kept {self.redis[0]:.1f} MB before, {self.redis[1]:.1f} after",
        ]

    async def _read_on(self) -> None:
        while True:
            read = await asyncio.to_thread(own, self.running.pids)
            self.most = {name: max(mb, self.most[name]) for name, mb in read.items()}
            self.most_open = max(self.most_open, await self._open())
            await asyncio.sleep(EVERY)

    async def _cpu(self) -> dict[str, float]:
        found = await asyncio.to_thread(costs, self.running.pids)
        return {name: cost.cpu for name, cost in found.items()}

    async def _open(self) -> int:
        """Messages without an answer, and answers not yet handed over. By the indexes of both."""
        waiting = select(func.count()).select_from(inbox).where(inbox.c.done_at.is_(None))
        queued = select(func.count()).where(deliveries.c.state == "queued")
        async with self.running.services.engine.connect() as connection:
            return sum(
                [(await connection.execute(query)).scalar_one() for query in (waiting, queued)]
            )

    async def _rows(self) -> dict[str, int]:
        found = {}
        async with self.running.services.engine.connect() as connection:
            for table in (inbox, deliveries):
                query = select(func.count()).select_from(table)
                found[table.name] = (await connection.execute(query)).scalar_one()
        return found

    async def _kept(self) -> float:
        return float((await self.running.services.redis.info("memory"))["used_memory"]) / 2**20
