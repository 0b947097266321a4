"""Breaking things and mending them again. Only processes that the stack started are signalled."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from actions.store.engine import plain_url
from bench.faulting.schedule import Fault, Kind
from bench.processes import family
from bot.simulator.driver import Driver
from bot.stack.stack import Stack

SOON = 240.0  # seconds within which a part must be back
LOOK = 0.02  # seconds between looks whether something is so
LATE_BY = 6.0  # seconds by which a platform that is late answers: later than we wait
FOR_EVER = 10**9


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault that was: when it began, and when the part was back (time.monotonic)."""

    fault: Fault
    began: float
    back: float


class Breaker:
    """Does a schedule to a running stack; what it did is in `done`."""

    def __init__(self, stack: Stack, driver: Driver) -> None:
        self._stack = stack
        self._driver = driver
        self._busy: dict[str, asyncio.Lock] = {}
        self.done: list[Broken] = []

    async def run(self, faults: Sequence[Fault]) -> None:
        """Plays the schedule; returns when everything is back. Two faults of one part take turns."""
        started = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for fault in faults:
                await asyncio.sleep(max(0.0, started + fault.after - time.monotonic()))
                tasks.create_task(self._one(fault))

    async def _one(self, fault: Fault) -> None:
        part = "postgres" if fault.kind is Kind.LOCK else fault.target
        async with self._busy.setdefault(part, asyncio.Lock()):
            began = time.monotonic()
            await self._ways()[fault.kind](fault)
            self.done.append(Broken(fault, began, time.monotonic()))

    def _ways(self) -> dict[Kind, Callable[[Fault], Awaitable[None]]]:
        return {
            Kind.KILL: self._kill,
            Kind.PAUSE: self._pause,
            Kind.FULL: self._fill,
            Kind.LOCK: self._hold,
            Kind.PLATFORM: self._platform,
        }

    # --- processes --------------------------------------------------------------------------------

    async def _kill(self, fault: Fault) -> None:
        if fault.target == "postgres":
            await self._kill_postgres(fault.seconds)
            return
        children = self._stack.children
        children.kill(fault.target)
        await asyncio.sleep(fault.seconds)
        children.restart(fault.target)
        if fault.target == "redis":
            await self._redis_back()
        else:
            await children.ready(fault.target, SOON)

    async def _kill_postgres(self, seconds: float) -> None:
        postgres = self._stack.postgres
        _signal([postgres.pid()], signal.SIGSTOP)  # so that no more are made meanwhile
        pids = family(postgres.pid())
        _signal(pids, signal.SIGKILL)
        await _gone(pids)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(postgres.restart)

    async def _pause(self, fault: Fault) -> None:
        pids = self._pids(fault.target)
        _signal(pids, signal.SIGSTOP)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            _signal(pids, signal.SIGCONT)

    def _pids(self, part: str) -> list[int]:
        root = self._stack.postgres.pid() if part == "postgres" else self._stack.children.pid(part)
        return family(root)

    # --- Redis and PostgreSQL ---------------------------------------------------------------------

    def _redis(self) -> Redis:
        return Redis(host="127.0.0.1", port=self._stack.ports.redis, socket_timeout=2)

    async def _fill(self, fault: Fault) -> None:
        """Its memory is set below what it holds: it answers, and takes nothing more."""
        redis = self._redis()
        try:
            before = str((await redis.config_get("maxmemory"))["maxmemory"])
            await redis.config_set("maxmemory", "1kb")
            await asyncio.sleep(fault.seconds)
            await redis.config_set("maxmemory", before)
        finally:
            await redis.aclose()

    async def _redis_back(self) -> None:
        redis = self._redis()
        try:
            async with asyncio.timeout(SOON):
                while True:
                    try:
                        await redis.ping()
                    except (RedisError, OSError):
                        await asyncio.sleep(0.05)
                    else:
                        return
        finally:
            await redis.aclose()

    async def _hold(self, fault: Fault) -> None:
        """Somebody (a migration, a careless psql) holds a whole table."""
        url = plain_url(self._stack.environ["DATABASE_URL"])
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute("SET lock_timeout = '20s'")
            query = psycopg.sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE")
            await connection.execute(query.format(psycopg.sql.Identifier(fault.target)))
            await asyncio.sleep(fault.seconds)
            await connection.rollback()

    # --- platforms --------------------------------------------------------------------------------

    async def _platform(self, fault: Fault) -> None:
        path = "send" if fault.way == "40001" else ""  # of the call for a token it means the secret
        await self._driver.breaks(path, platform=fault.target, times=FOR_EVER, **_how(fault))
        await asyncio.sleep(fault.seconds)
        await self._driver.mends(fault.target)


def _how(fault: Fault) -> dict[str, object]:
    match fault.way:
        case "hang" | "close" | "cut":
            return {"breaks": fault.way}
        case "late":
            return {"delay": LATE_BY}
        case "40001":
            return {"errcode": 40001}
        case "429":
            return {"status": 429, "retry_after": 2, "description": "Too Many Requests"}
        case _:
            return {"status": int(fault.way)}


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


async def _gone(pids: list[int]) -> None:
    """Waits until none of them runs: a zombie does not."""
    for _ in range(round(SOON / LOOK)):
        if not any(_runs(pid) for pid in pids):
            return
        await asyncio.sleep(LOOK)
    raise TimeoutError("a killed process still runs")


def _runs(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
