"""What a verb costs while many cases are open: `python -m bench.verbs [--cases 10000]`

At the service, as an action calls it: standing, table, event, clocks, calls, notices and jobs in
one transaction of a real PostgreSQL. First one officer after the other, then eight at once. The
policy is one that asks for everything (zhumadian: callback, finding, measures, review).

Exit code 1: the p95 of a verb, one at a time, is above the goal.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from actions.store.tables import alarms, cases
from bench import machine
from bench.filling import WHAT, Town, fill, town
from bench.table import aligned, number
from bench.tally import percentile

GOAL = 150.0  # milliseconds, the p95 of a verb by button; the dialogue around it costs 15 to 40
AT_ONCE = 8
STEPS: tuple[tuple[Verb, str, dict[str, Any]], ...] = (
    (Verb.ACCEPT, "officer", {}),
    (Verb.CALL_BACK, "officer", {"reached": "yes", "text": "群众说等了两小时"}),
    (Verb.VERIFY, "officer", {"finding": "partly", "text": "监控看到等了一小时"}),
    (Verb.RECTIFY, "officer", {"text": "中午加了一个窗口"}),
    (Verb.HAND_IN, "officer", {"text": "已加窗口，以后不用等了"}),
    (Verb.REVIEW, "centre", {}),
    (Verb.RATE_RESULT, "citizen", {"grade": "satisfied"}),
)

type Times = dict[str, list[float]]


async def play(here: Town, unit_id: int, chats: Sequence[str], times: Times) -> None:
    """One case from its submission to the rated result; milliseconds of each step."""
    who = {"officer": chats[0], "centre": here.chats["Y00002"], "citizen": here.citizen}
    draft = CaseDraft(CaseKind.UNSATISFIED, WHAT[0], unit_id=unit_id, phone="13900000000")
    started = time.perf_counter()
    receipt = await here.services.cases.submit(here.turn(here.citizen), draft)
    times.setdefault("submit", []).append((time.perf_counter() - started) * 1000)
    for verb, name, given in STEPS:
        turn, started = here.turn(who[name]), time.perf_counter()
        await here.services.cases.act(turn, receipt.number, verb, **given)
        times.setdefault(verb, []).append((time.perf_counter() - started) * 1000)


async def lists(here: Town, chats: Sequence[str], times: Times) -> None:
    """What an officer and the duty desk look at before."""
    for name, conversation in (("my cases", chats[0]), ("centre's cases", here.chats["Y00002"])):
        started = time.perf_counter()
        await here.services.cases.open_for_officer(here.turn(conversation))
        times.setdefault(name, []).append((time.perf_counter() - started) * 1000)


async def measure(here: Town, rounds: int, at_once: int) -> Times:
    """So many cases played, `at_once` at a time."""
    times: Times = {}
    stations = list((await here.stations()).items())

    async def player(nth: int) -> None:
        for turn in range(nth, rounds, at_once):
            unit_id, chats = stations[turn % len(stations)]
            await play(here, unit_id, chats, times)
            if at_once == 1:
                await lists(here, chats, times)

    await asyncio.gather(*(player(nth) for nth in range(at_once)))
    return times


async def run(arguments: argparse.Namespace) -> int:
    description = machine.description()
    async with town(arguments.policy) as here:
        say(f"{arguments.cases} cases")
        await fill(here, arguments.cases)
        engine = here.services.engine
        async with engine.connect() as connection:
            held = [
                (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                for table in (cases, alarms)
            ]
        await measure(here, 12, 1)  # warm-up
        say("one at a time")
        alone = await measure(here, arguments.rounds, 1)
        say(f"{AT_ONCE} at once")
        crowded = await measure(here, arguments.rounds, AT_ONCE)
    print("\n".join([*description, f"{held[0]:,} cases, {held[1]:,} alarms, {arguments.policy}"]))
    print("\n".join(_table(alone, crowded)))
    worst = max(percentile(alone[verb], 0.95) for verb, _, _ in STEPS)
    print(f"the slowest verb's p95: {worst:.1f} ms; goal {GOAL:.0f} ms")
    return 0 if worst <= GOAL else 1


def _table(alone: Times, crowded: Times) -> list[str]:
    rows = [["ms", "p50", "p95", f"p50, {AT_ONCE} at once", "p95"]]
    for name, values in alone.items():
        others = crowded.get(name, [])
        cells = [percentile(each, share) for each in (values, others) for share in (0.5, 0.95)]
        rows.append([name, *(number(cell) for cell in cells)])
    return aligned(rows)


def say(line: str) -> None:
    print(f"  {line} …", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.verbs", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="open meanwhile")
    parser.add_argument("--rounds", type=int, default=120, help="cases played through")
    parser.add_argument("--policy", default="zhumadian")
    return asyncio.run(run(parser.parse_args(argv)))


if __name__ == "__main__":
    raise SystemExit(main())
