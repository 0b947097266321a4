"""A turn after many: `python -m bench.long [--turns 500]`.

Everything running. A talkative citizen and an officer who works through cases each go on in one
conversation. While they come to its end, people who have only just begun (turns 6 to 25) say the
same beside them, turn by turn, so that a busy machine is as busy for both. Exit code 1: the last
turns take more than GOAL times as long as the first, or one was answered wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from redis.asyncio import Redis

from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from bench import machine, whole
from bench.filling import WHAT, Town, bound, met
from bench.letters import Platform, new_openid
from bench.phones import WeChatPhone
from bench.table import aligned, number
from bench.tally import Tally, percentile

GOAL = 1.1  # times
CYCLE = 5  # turns, in which a person says the same again
WARM = 1  # cycles before somebody's turns count
FRESH = 3  # people who have just begun
EACH = 4  # cycles of each of them: turns 6 to 25

type Cycle = Callable[[WeChatPhone, Callable[[], Awaitable[str]]], Awaitable[None]]


async def citizen(phone: WeChatPhone, _: Callable[[], Awaitable[str]]) -> None:
    """Begins a complaint, drops it, asks for cases, greets."""
    await phone.say("我要投诉", "什么事")
    await phone.say("窗口没有人，等了很久", "什么时候")
    await phone.say("算了", "没有提交")
    await phone.say("我的案件")
    await phone.say("你好")


async def officer(phone: WeChatPhone, new_case: Callable[[], Awaitable[str]]) -> None:
    """Looks at a new case, accepts it, looks again, greets, looks again."""
    case = await new_case()
    await phone.say(f"/case {case}", case)
    await phone.tap("接单", case)
    await phone.say(f"/case {case}", case)
    await phone.say("你好")
    await phone.say(f"/case {case}", case)


@dataclass(slots=True)
class Talk:
    """One conversation: its phone, what each of its turns took (ms), its name inside."""

    phone: WeChatPhone
    tally: Tally
    conversation: str = ""
    times: list[float] = field(default_factory=list)

    def take(self) -> None:
        """Moves what was tallied over, in the order of the turns."""
        for kind in list(self.tally.times):
            self.times += self.tally.times.pop(kind)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a conversation has in Redis: bytes of its tracker, its offers and their bytes."""

    tracker: int
    choices: int
    choice_bytes: int

    @classmethod
    async def of(cls, redis: Redis, conversation: str) -> Kept:
        keys = [key async for key in redis.scan_iter(f"choice:{conversation}:*", count=1000)]
        sizes = [await redis.memory_usage(key) or 0 for key in keys]
        tracker = await redis.strlen(f"huiyin:tracker:{conversation}")
        return cls(tracker, len(keys), sum(sizes))


@dataclass(frozen=True, slots=True)
class Compared:
    """One kind of person: milliseconds of the first and of the last turns, and what is kept."""

    who: str
    turns: int
    first: list[float]
    last: list[float]
    early: Kept
    late: Kept
    wrong: int
    examples: list[str]

    @property
    def ratio(self) -> float:
        return percentile(self.last, 0.5) / percentile(self.first, 0.5)


class Stage:
    """Makes phones on a running installation, and cases for officers."""

    def __init__(self, at: whole.Whole, session: aiohttp.ClientSession, here: Town) -> None:
        self._at, self._session, self._here = at, session, here

    async def talk(self, badge: str) -> Talk:
        """A new phone, bound to the officer with that badge if one is given."""
        settings, openid, tally = self._at.settings, new_openid(), Tally()
        platform = Platform(
            settings.wechat_token.get_secret_value(),
            settings.wechat_aes_keys.get_secret_value().split(",")[0],
            settings.wechat_app_id,
        )
        phone = WeChatPhone(self._session, self._at.url, platform, tally, openid)
        return Talk(phone, tally, await met(self._here.services, "wechat", openid, badge))

    async def new_case(self, unit_id: int) -> str:
        draft = CaseDraft(CaseKind.COMPLAINT, WHAT[0], unit_id=unit_id, phone="13900000000")
        turn = self._here.turn(self._here.citizen)
        return (await self._here.services.cases.submit(turn, draft)).number

    async def compare(
        self, who: str, cycle: Cycle, badge: str, unit_id: int, turns: int
    ) -> Compared:
        async def new_case() -> str:
            return await self.new_case(unit_id)

        redis, old = self._at.services.redis, await self.talk(badge)
        beside = FRESH * EACH
        for n in range(turns // CYCLE - beside):
            await cycle(old.phone, new_case)
            if n == WARM + EACH:
                early = await Kept.of(redis, old.conversation)
        old.take()
        before, first, wrong, examples = len(old.times), list[float](), 0, list[str]()
        for _ in range(FRESH):
            fresh = await self.talk(badge)
            for _ in range(WARM):
                await cycle(fresh.phone, new_case)
            fresh.take()
            warm = len(fresh.times)
            for _ in range(EACH):
                await cycle(fresh.phone, new_case)
                await cycle(old.phone, new_case)
            fresh.take()
            first += fresh.times[warm:]
            wrong, examples = wrong + fresh.tally.errors.total(), examples + fresh.tally.examples
        old.take()
        late = await Kept.of(redis, old.conversation)
        wrong, examples = wrong + old.tally.errors.total(), examples + old.tally.examples
        return Compared(
            who, len(old.times), first, old.times[before:], early, late, wrong, examples
        )


def table(found: Sequence[Compared]) -> list[str]:
    heads = [
        "conversation",
        "turns",
        "first p50 ms",
        "p95",
        "last p50 ms",
        "p95",
        "ratio",
        "goal",
        "",
    ]
    rows = [heads]
    for one in found:
        times = [percentile(t, share) for t in (one.first, one.last) for share in (0.5, 0.95)]
        verdict = "reached" if one.ratio <= GOAL and not one.wrong else "MISSED"
        cells = [*map(number, times), number(one.ratio, 2), f"≤ {GOAL}", verdict]
        rows.append([one.who, str(one.turns), *cells])
    lines = aligned(rows)
    for one in found:
        lines.append(
            f"{one.who}: tracker {one.early.tracker} bytes after 30 turns, {one.late.tracker} at the "
            f"end; offers kept {one.early.choices} ({one.early.choice_bytes / 1024:.0f} KB), then "
            f"{one.late.choices} ({one.late.choice_bytes / 1024:.0f} KB, each for a week)"
        )
        lines += [f"  wrong: {each}" for each in one.examples]
    return lines


async def run(arguments: argparse.Namespace) -> int:
    machine.end_on_sigterm()
    description = machine.description()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-long-"))
    try:
        async with whole.running(folder) as at, aiohttp.ClientSession() as session:
            chats_of = await bound(at.services)
            here = Town(at.services, {}, chats_of, await met(at.services, "console", "bench"))
            unit_id, chats = next(iter((await here.stations()).items()))
            badge = next(badge for badge, chat in chats_of.items() if chat == chats[0])
            stage = Stage(at, session, here)
            found = [
                await stage.compare("citizen", citizen, "", unit_id, arguments.turns),
                await stage.compare("officer", officer, badge, unit_id, arguments.turns),
            ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join([*description, "", *table(found), f"load {machine.load_average()} afterwards"]))
    return 0 if all(one.ratio <= GOAL and not one.wrong for one in found) else 1


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.long", description=__doc__)
    parser.add_argument("--turns", type=int, default=500, help="of each conversation")
    given = parser.parse_args(argv)
    least = CYCLE * (FRESH * EACH + WARM + EACH + 1)
    if given.turns < least:
        parser.error(f"at least {least} turns")
    return asyncio.run(run(given))


if __name__ == "__main__":
    sys.exit(main())
