"""Huiyin whole: every part on this machine, in a folder of its own, on free ports."""

from __future__ import annotations

import asyncio
import csv
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.bootstrap import Services, bootstrap
from actions.store.tables import cases, deliveries, inbox, ratings
from bench.dialogues import Place
from bench.load import Job
from bot.demo.people import introduce
from bot.settings import BotSettings
from bot.simulator.driver import Driver
from bot.stack.embedded import free_port
from bot.stack.stack import SAMPLE, Ports, Stack

WORKED_OFF_WITHIN = 90  # seconds
MANY = {"MESSAGES_A_MINUTE": "100000"}  # where few play many


@dataclass(frozen=True, slots=True)
class Whole:
    """The running installation. `pids`: its processes, the fake platforms among them."""

    stack: Stack
    services: Services
    driver: Driver
    pids: dict[str, int]

    @property
    def settings(self) -> BotSettings:
        return self.stack.settings

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.stack.ports.gateway}/wechat"


@dataclass(frozen=True, slots=True)
class Stored:
    """How many rows there are, and how many transactions PostgreSQL has committed."""

    turns: int
    ratings: int
    cases: int
    commits: int

    def since(self, earlier: Stored) -> Stored:
        return Stored(
            self.turns - earlier.turns,
            self.ratings - earlier.ratings,
            self.cases - earlier.cases,
            self.commits - earlier.commits,
        )


def places() -> list[Place]:
    """The codes of the sample city."""
    with (SAMPLE / "codes.csv").open(encoding="utf-8-sig", newline="") as file:
        return [Place(row["scene"], row["label"]) for row in csv.DictReader(file)]


def job(running: Whole) -> Job:
    """The mix of citizens' conversations with this installation, by its official account."""
    settings = running.settings
    return Job(
        running.url,
        "huiyin",
        [(place.scene, place.label) for place in places()],
        settings.wechat_token.get_secret_value(),
        settings.wechat_aes_keys.get_secret_value().split(",")[0],
        settings.wechat_app_id,
    )


@asynccontextmanager
async def running(
    folder: Path, env: Mapping[str, str] = MANY, rasas: int = 1
) -> AsyncIterator[Whole]:
    """Everything started, officers' chats bound, so that cases are told to somebody."""
    names = ("gateway", "simulator", "nlu", "actions", "redis")
    ports = Ports(**{name: free_port() for name in names})
    stack = Stack(folder, ports, env=env, rasas=rasas)
    async with stack.running(), Driver(f"http://127.0.0.1:{stack.ports.simulator}") as driver:
        services = bootstrap(stack.settings)
        try:
            await introduce(services, driver)
            postgres = (folder / "postgres" / "postmaster.pid").read_text().split()[0]
            yield Whole(
                stack, services, driver, {**stack.children.pids(), "postgres": int(postgres)}
            )
        finally:
            await services.close()


async def stored(engine: AsyncEngine) -> Stored:
    commits = text("select xact_commit from pg_stat_database where datname = current_database()")
    async with engine.connect() as connection:
        counts = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (inbox, ratings, cases)
        ]
        turns, rated, opened = counts
        return Stored(turns, rated, opened, (await connection.execute(commits)).scalar_one())


async def worked_off(engine: AsyncEngine) -> tuple[float, dict[str, int]]:
    """Waits until no message is queued any more; the seconds, and the deliveries by state."""
    started = time.monotonic()
    query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    while True:
        async with engine.connect() as connection:
            states: dict[str, int] = dict((await connection.execute(query)).tuples().all())
        waited = time.monotonic() - started
        if not states.get("queued") or waited > WORKED_OFF_WITHIN:
            return waited, states
        await asyncio.sleep(0.2)


class Around:
    """Steps around the sustained run: what was stored, and how long the rest took."""

    def __init__(self, whole: Whole) -> None:
        self._engine = whole.services.engine
        self._earlier = Stored(0, 0, 0, 0)
        self.notes: list[str] = []

    async def before(self) -> None:
        await worked_off(self._engine)
        self._earlier = await stored(self._engine)

    async def after(self) -> None:
        new = (await stored(self._engine)).since(self._earlier)
        waited, states = await worked_off(self._engine)
        per_turn = new.commits / max(1, new.turns)
        self.notes += [
            f"stored while sustained (warm-up included): {new.turns} turns, "
            f"{new.ratings} ratings, {new.cases} cases; {per_turn:.1f} transactions a turn",
            f"deliveries worked off {waited:.1f} s after the load: {states} "
            "(failed: late answers to phones that the fake platform does not know)",
        ]
