"""Events in, invitations planned, answers out: `python -m bench.events [--events 100000]`

A CSV file of so many events is imported and planned against a real PostgreSQL; then so many SMS
replies, every thirtieth not satisfied, go through the gateway (inbox, turn, answer) to the
committed rating, sixteen at once, with no Rasa behind it.

Exit code 1: a goal was missed, or a reply was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy import func, select

from actions import clock, logs
from actions.bootstrap import Services
from actions.invitations.csv_events import read_events
from actions.policy.load import PRESETS
from actions.settings import read
from actions.store.tables import cases, identities, invitations, ratings
from bench import machine
from bench.filling import town
from bench.tally import percentile
from bot.app import Bot, build
from bot.message import Incoming, Kind
from bot.settings import BotSettings

IMPORTED, PLANNED, A_SECOND = 60.0, 30.0, 50.0  # the goals: seconds, seconds, replies a second
AT_ONCE = 16
FEED = "bench"
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def write_events(path: Path, count: int, units: list[str]) -> None:
    """So many services of the last ten days, each of another citizen."""
    begins = NOON + timedelta(hours=8) - timedelta(days=10)
    with path.open("w", encoding="utf-8") as file:
        file.write("number,kind,unit,phone,finished_at,flags,matter,birth_year\n")
        for n in range(count):
            at = begins + timedelta(seconds=n * 860_000 // count)
            flags = "suspect" if n % 50 == 0 else "none"
            phone = f"139{n:08d}"
            file.write(
                f"B{n:07d},counter,{units[n % len(units)]},{phone[:3]} {phone[3:7]} {phone[7:]},"
                f"{at:%Y-%m-%d %H:%M},{flags},身份证补办,{1950 + n % 50}\n"
            )


def write_policy(folder: Path) -> str:
    policy = yaml.safe_load((PRESETS / "yuxi.yml").read_text("utf-8"))
    policy["invitations"]["after"]["counter"] = "0 minutes"
    path = folder / "bench.yml"
    path.write_text(yaml.safe_dump(policy, allow_unicode=True, sort_keys=False), "utf-8")
    return str(path)


async def take_in(services: Services, path: Path) -> tuple[float, float]:
    """Seconds to import the file, and how many of them this process worked."""
    await services.invitations.feeds.add(FEED, ["counter"])
    feed = await services.invitations.feeds.named(FEED)
    started, worked = time.perf_counter(), time.process_time()
    await services.invitations.intake.take(feed, read_events(path), path.name)
    return time.perf_counter() - started, time.process_time() - worked


async def plan(services: Services) -> tuple[float, float, dict[str, int]]:
    """The same for planning, and what came out."""
    started, worked = time.perf_counter(), time.process_time()
    counts = await services.invitations.planning.plan()
    return time.perf_counter() - started, time.process_time() - worked, counts


async def send(services: Services, wanted: int) -> tuple[float, int]:
    """Sends until so many have gone out; seconds and how many."""
    started, sent = time.perf_counter(), 0
    while sent < wanted:
        done = await services.invitations.sending.run()
        sent += done.sent
        if done.sent + done.dropped == 0:
            break
    return time.perf_counter() - started, sent


async def reply(bot: Bot, phones: list[str]) -> tuple[float, list[float], int]:
    """Seconds for all, milliseconds of each, and how many were answered with thanks or a number."""
    waiting = iter(enumerate(phones))
    times: list[float] = []
    right = 0

    async def phone() -> None:
        nonlocal right
        for n, number in waiting:
            text = "3 等了两个小时" if n % 30 == 0 else "1"
            incoming = Incoming("sms", f"+86{number}", f"m{n}", Kind.TEXT, clock.now(), text=text)
            started = time.perf_counter()
            said = await bot.gateway.receive(incoming, wait=30)
            times.append((time.perf_counter() - started) * 1000)
            right += bool(said) and ("记下了" in said[0].text)

    started = time.perf_counter()
    await asyncio.gather(*(phone() for _ in range(AT_ONCE)))
    return time.perf_counter() - started, times, right


async def run(arguments: argparse.Namespace) -> int:
    print("\n".join(machine.description()))
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as name:
        folder, path = Path(name), Path(name) / "events.csv"
        async with town(write_policy(folder)) as here:
            clock.freeze(lambda: NOON)
            tree = await here.services.org.tree()
            units = [unit.code for unit in tree.units.values() if unit.kind == "desk"]
            write_events(path, arguments.events, units)
            imported, worked = await take_in(here.services, path)
            print(
                f"imported {arguments.events:,} events: {imported:.1f} s (goal {IMPORTED:.0f} s), "
                f"{worked:.1f} s of them this process at work"
            )
            planned, worked, counts = await plan(here.services)
            told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
            print(
                f"planned them: {planned:.1f} s (goal {PLANNED:.0f} s), {worked:.1f} s of them "
                f"this process at work: {told}"
            )
            sending, sent = await send(here.services, arguments.replies)
            print(f"queued {sent:,} messages: {sending:.1f} s")
            clock.freeze(None)
            ok = await replies(here.environ, arguments.replies)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of this process at most: {memory:.0f} MiB")
    return 0 if ok and imported <= IMPORTED and planned <= PLANNED else 1


async def asked(services: Services, count: int) -> list[str]:
    """The numbers of so many who were asked."""
    query = (
        select(identities.c.sender_sealed)
        .join(invitations, invitations.c.identity_id == identities.c.id)
        .limit(count)
    )
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalars()
        return [services.vault.open(each).removeprefix("+86") for each in sealed]


async def replies(environ: dict[str, str], count: int) -> bool:
    """Whether so many replies came through in time, each to one rating."""
    bot = build(read(BotSettings, {**environ, "NLU_URL": "http://127.0.0.1:9"}))
    clock.freeze(lambda: NOON + timedelta(minutes=5))
    phones = await asked(bot.services, count)
    seconds, times, right = await reply(bot, phones)
    clock.freeze(None)
    async with bot.services.engine.connect() as connection:
        rated = await connection.scalar(select(func.count()).select_from(ratings))
        opened = await connection.scalar(select(func.count()).select_from(cases))
    await bot.gateway.settle()
    await bot.close()
    rate = count / seconds
    print(
        f"{count:,} replies, {AT_ONCE} at once: {rate:.0f} a second (goal {A_SECOND:.0f}); "
        f"p50 {percentile(times, 0.5):.0f} ms, p95 {percentile(times, 0.95):.0f} ms; "
        f"{rated:,} ratings, {opened:,} cases, {count - right} wrong answers"
    )
    return rate >= A_SECOND and rated == count and right == count


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.events", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--replies", type=int, default=2_000)
    logs.configure("WARNING", process="bench")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
