"""One seed: people at a steady rate, a schedule of faults beside them, then peace."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from actions import clock
from actions.bootstrap import Services, bootstrap
from actions.policy.load import load_policy
from actions.store.tables import deliveries, inbox
from bench import whole
from bench.faulting.breaking import Breaker, Broken
from bench.faulting.followers import Desk
from bench.faulting.log import Log
from bench.faulting.players import UNITS, Citizens, Officers
from bench.faulting.schedule import Fault
from bot.demo.daytime import begin_by_day
from bot.demo.people import introduce
from bot.simulator.driver import Driver
from bot.stack.embedded import free_port
from bot.stack.stack import Ports, Stack

JOURNAL = "journal.jsonl"
PEACE = 240.0  # seconds after which what is still open counts as open
# Messages of each dialogue, about.
TURNS = {"satisfied": 2.0, "unsatisfied": 9.0, "complaint": 11.0, "by_sms": 3.0}
BY_SMS = 8  # of so many dialogues one is by text message
PER_CASE = 4  # verbs that officers say for a case, about


@dataclass(frozen=True, slots=True)
class Size:
    """How much is said, and how fast: citizens' messages, officers' verbs, messages a second."""

    messages: int
    verbs: int
    rate: float = 8.0

    @property
    def seconds(self) -> float:
        return self.messages / self.rate

    def dialogues(self, chance: random.Random) -> list[str]:
        """So many that about these messages are said and that the officers have enough cases."""
        cases = -(-self.verbs // PER_CASE)
        found = ["unsatisfied" if n % 2 else "complaint" for n in range(cases)]
        left = self.messages - sum(TURNS[what] for what in found)
        while left > 0:
            found.append("by_sms" if len(found) % BY_SMS == 0 else "satisfied")
            left -= TURNS[found[-1]]
        chance.shuffle(found)
        return found


@dataclass(slots=True)
class Played:
    """What one seed came to, for the auditor. `open_left`: turns and notices that never ended."""

    seed: int
    log: Log
    broken: list[Broken] = field(default_factory=list)
    open_left: int = 0
    took: dict[str, float] = field(default_factory=dict)  # seconds of each part of the seed


@dataclass(frozen=True, slots=True)
class Ground:
    """The running installation that campaigns are played on."""

    stack: Stack
    driver: Driver
    services: Services
    journal: Path

    @property
    def clock(self) -> Path:
        """The file that all parts take the time from."""
        return Path(self.stack.environ["CLOCK_FILE"])


def shown_by(file: Path) -> datetime:
    """The moment (aware, UTC) that this clock shows."""
    clock.follow(file)
    try:
        return clock.now()
    finally:
        clock.freeze(None)


@asynccontextmanager
async def ground(folder: Path) -> AsyncIterator[Ground]:
    """Everything started in the folder, by day, officers' chats bound."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    begin_by_day(folder / "clock", load_policy("default"))
    journal = folder / JOURNAL
    env = {"SIMULATOR_STATE": "", "SIMULATOR_JOURNAL": str(journal)}
    stack = Stack(folder, Ports(*(free_port() for _ in range(5))), env=env)
    async with stack.running(), Driver(f"http://127.0.0.1:{stack.ports.simulator}") as driver:
        services = bootstrap(stack.settings)
        try:
            await introduce(services, driver)
            yield Ground(stack, driver, services, journal)
        finally:
            await services.close()


async def play(here: Ground, seed: int, size: Size, faults: Sequence[Fault]) -> Played:
    """Plays the seed to its end and waits until nothing is under way any more."""
    log, desk, chance = Log(), Desk(), random.Random(seed)
    scenes = [p.scene for p in whole.places() if p.scene.split("-")[0] in UNITS]
    citizens = Citizens(here.driver, log, desk, scenes, chance)
    officers = Officers(here.driver, log, desk, size.verbs, random.Random(seed))
    breaker = Breaker(here.stack, here.driver)
    ended, begun, took = asyncio.Event(), time.monotonic(), dict[str, float]()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(breaker.run(faults))
        tasks.create_task(officers.play(ended))
        await _all(citizens, seed, size, chance)
        took["citizens"] = time.monotonic() - begun
        ended.set()
    took["officers and last faults"] = time.monotonic() - begun - sum(took.values())
    open_left = await _peace(here.services)
    took["peace"] = time.monotonic() - begun - sum(took.values())
    log.ended = time.monotonic()
    return Played(seed, log, breaker.done, open_left, took)


async def _all(citizens: Citizens, seed: int, size: Size, chance: random.Random) -> None:
    """Every dialogue begins at its moment, whatever became of the others."""
    dialogues = size.dialogues(chance)
    every = size.seconds / max(1, len(dialogues))
    async with asyncio.TaskGroup() as tasks:
        for number, what in enumerate(dialogues):
            tasks.create_task(citizens.play(f"s{seed}-{number}", what))
            await asyncio.sleep(every)


async def _peace(services: Services) -> int:
    """Waits until no turn and no notice is open; how many are after PEACE seconds."""
    deadline, left = time.monotonic() + PEACE, -1
    while time.monotonic() < deadline:
        try:
            left = await _open(services)
        except (SQLAlchemyError, OSError):  # a connection that did not outlive the last fault
            left = -1
        if left == 0:
            return 0
        await asyncio.sleep(0.5)
    return left


async def _open(services: Services) -> int:
    turns = select(func.count()).select_from(inbox).where(inbox.c.done_at.is_(None))
    queued = select(func.count()).select_from(deliveries).where(deliveries.c.state == "queued")
    async with services.engine.connect() as connection:
        return sum([(await connection.execute(query)).scalar_one() for query in (turns, queued)])
