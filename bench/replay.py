"""Yuxi's fourteen months once more: `python -m bench.replay [--scale 20]`

139,976 invitations, 33,563 replies, 1,072 of them not satisfied, from 2017-05 to 2018-07-10: every
event comes in a CSV file, is planned, asked about by SMS and delivered; every reply goes through
the gateway; every case is called back, verified, rectified, reviewed and closed by the verbs that
officers use. PostgreSQL and Redis are real and their own; the clock is set from day to day. At the
end the article's figures stand beside ours, which are read from the rows.

Exit code 1: a count differs from what went in.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from actions import clock, logs
from actions.org.org import Tree
from actions.settings import read
from bench import machine
from bench.filling import Town, town
from bench.replaying.answering import Answering
from bench.replaying.article import ARTICLE, FIRST, LAST, Size
from bench.replaying.casework import Casework
from bench.replaying.feeding import Feeding
from bench.replaying.figures import Figures, open_cases, read_figures
from bench.replaying.hours import Hours
from bench.replaying.phones import Phones, Postman
from bench.replaying.plan import Places, Plan, plan
from bench.replaying.table import differences, printed
from bot.app import Bot, build
from bot.settings import BotSettings

SEED = 20170501
READER = "Y00001"  # sees the whole city's figures
SILENCE = 30  # days after the last one, until every case has been closed at the latest


@dataclass(slots=True)
class Replayed:
    """What was done and found; `seconds` by what they were spent on."""

    plan: Plan
    figures: Figures
    feeding: Feeding
    answering: Answering
    casework: Casework
    sms: Phones
    seconds: dict[str, float] = field(default_factory=dict)


class Replay:
    """One run: the same day over and over, with other people."""

    def __init__(self, here: Town, bot: Bot, made: Plan, hours: Hours, folder: Path) -> None:
        self._here = here
        self._bot = bot
        self._plan = made
        self._hours = hours
        self._sms, self._chats = Phones("sms"), Phones("telegram")
        self._postman = Postman(bot, self._sms, self._chats)
        self._feeding = Feeding(bot.services, made, folder)
        self._answering = Answering(bot, self._sms, hours)
        self._casework = Casework(bot.services, here.chats, made.seed)
        self._seconds: dict[str, float] = defaultdict(float)
        by_code = (one for day in made.answers.values() for one in day if one.by_code)
        self._sms.watched = {f"+86{answer.asked}" for answer in by_code}

    async def run(self) -> Replayed:
        """Lives through all days, then until the last case is closed."""
        await self._feeding.open()
        async with self._bot.services.queue.open_async():
            for day in self._plan.days:
                if day.day == 1:
                    say(f"{day:%Y-%m}: {self._sms.taken['messages']:,} messages so far")
                await self._morning(day)
                await self._afternoon(day)
            for n in range(1, SILENCE):
                if not await open_cases(self._bot.services):
                    break
                await self._morning(self._plan.last + timedelta(days=n), asks=False)
                await self._afternoon(self._plan.last + timedelta(days=n))
        with self._spent("reports"):
            reader = self._here.chats[READER]
            plan = self._plan
            figures = await read_figures(self._bot.services, reader, plan.first, plan.last)
        return Replayed(
            plan, figures, self._feeding, self._answering, self._casework, self._sms, self._seconds
        )

    async def _morning(self, day: date, *, asks: bool = True) -> None:
        """At ten the feeds and the invitations, at eleven the officers."""
        services = self._bot.services
        self._hours.set(day, 10)
        if asks:
            with self._spent("import"):
                await self._feeding.day(day)
            with self._spent("planning"):
                await services.invitations.planning.plan()
            with self._spent("sending"):
                await services.invitations.sending.run()
            await self._deliver()
        self._hours.set(day, 11)
        await self._office(2 * (day - self._plan.first).days)

    async def _afternoon(self, day: date) -> None:
        """At two the replies, at four the officers."""
        self._hours.set(day, 14)
        with self._spent("replies"):
            await self._answering.day(self._plan.answers.get(day, []))
        self._hours.set(day, 16)
        await self._office(2 * (day - self._plan.first).days + 1)

    async def _office(self, half: int) -> None:
        with self._spent("rounds"):
            await self._bot.services.rounds.minute()
        with self._spent("cases"):
            await self._casework.take_up(half)
            await self._casework.work(half)
        await self._deliver()

    async def _deliver(self) -> None:
        with self._spent("delivery"):
            await self._postman.carry()

    @contextmanager
    def _spent(self, on: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._seconds[on] += time.perf_counter() - started


async def replay(size: Size, first: date, last: date, seed: int = SEED) -> Replayed:
    """Everything in an installation of its own. Raises ValueError for too few days."""
    hours = Hours(datetime.combine(first, datetime.min.time(), UTC))
    with tempfile.TemporaryDirectory(prefix="huiyin-replay-") as folder:
        async with town("yuxi") as here:
            clock.freeze(hours)
            try:
                settings = {"NLU_URL": "http://127.0.0.1:9", "DATABASE_POOL": "16"}
                bot = build(read(BotSettings, {**here.environ, **settings}))
                made = plan(size, _places(await bot.services.org.tree()), first, last, seed)
                found = await Replay(here, bot, made, hours, Path(folder)).run()
                await bot.gateway.settle()
                await bot.close()
            finally:
                clock.freeze(None)
    return found


def _places(tree: Tree) -> Places:
    def codes(kind: str) -> list[str]:
        return sorted(unit.code for unit in tree.units.values() if unit.kind == kind)

    named = {unit.id: unit.code for unit in tree.units.values()}
    counties = {
        unit.code: named[int(unit.path.split("/")[2])]
        for unit in tree.units.values()
        if unit.kind in ("desk", "station")
    }
    return Places(codes("desk"), codes("station"), counties)


def say(line: str) -> None:
    print(f"  {line} …", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    parser.add_argument("--scale", type=int, default=1, help="divides all counts")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args(argv)
    logs.configure("WARNING", process="bench")
    description, started = machine.description(), time.perf_counter()
    found = asyncio.run(replay(ARTICLE.divided(arguments.scale), FIRST, LAST, arguments.seed))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("\n".join([*description, *printed(found, arguments.scale)]))
    seconds = time.perf_counter() - started
    print(f"{seconds / 60:.1f} minutes in all; this process took {memory:.0f} MiB at most")
    wrong = differences(found)
    print("\n".join(wrong) or "every count is what went in")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
