"""One seed: people at a steady rate, a schedule of faults beside them, then peace."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from actions.bootstrap import Services, bootstrap
from actions.policy.load import load_policy
from actions.store.tables import deliveries, inbox
from bench import whole
from bench.faulting.breaking import Breaker, Broken
from bench.faulting.log import Log
from bench.faulting.players import UNITS, VERBS, Citizens, Desk, Officers
from bench.faulting.schedule import Fault
from bot.demo.daytime import begin_by_day
from bot.demo.people import introduce
from bot.simulator.driver import Driver
from bot.stack.embedded import free_port
from bot.stack.stack import Ports, Stack

JOURNAL = "journal.jsonl"
PEACE = 240.0  # seconds after which what is still open counts as open
TURNS = {"satisfied": 2, "unsatisfied": 5.5, "complaint": 7.5}  # messages of each dialogue


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
        cases = -(-self.verbs // len(VERBS))
        found = ["unsatisfied" if n % 2 else "complaint" for n in range(cases)]
        left = self.messages - sum(TURNS[what] for what in found)
        found += ["satisfied"] * max(0, round(left / TURNS["satisfied"]))
        chance.shuffle(found)
        return found


@dataclass(slots=True)
class Played:
    """What one seed came to, for the auditor. `open_left`: turns and notices that never ended."""

    seed: int
    log: Log
    broken: list[Broken] = field(default_factory=list)
    open_left: int = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """The running installation that campaigns are played on."""

    stack: Stack
    driver: Driver
    services: Services
    journal: Path


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
    officers = Officers(here.driver, log, desk, size.verbs)
    breaker = Breaker(here.stack, here.driver)
    ended = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(breaker.run(faults))
        tasks.create_task(officers.play(ended))
        await _all(citizens, seed, size, chance)
        ended.set()
    open_left = await _peace(here.services)
    log.ended = time.monotonic()
    return Played(seed, log, breaker.done, open_left)


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
