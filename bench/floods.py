"""Floods: what ordinary citizens notice of them, what the flooder is told, what is lost.

`python -m bench.floods [sender crowd receipts] [--citizens 10] [--crowd 10000] [--receipts 50000]`

While citizens talk at a steady rate: one sender sends 100 messages a second for half a minute;
10,000 senders scan a code at once; 50,000 receipts of templates come in a burst. Prints one table.
Exit code 1: a citizen was answered wrongly or noticed it for longer than GOALS say, something
acknowledged was lost, or memory grew beyond bounds.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import machine, whole
from bench.crowd import People, Span, crowd
from bench.flood_kinds import Outcome, one_sender, receipts, senders_at_once
from bench.flood_watch import Watch
from bench.table import aligned, number

GROWTH = 150.0  # MB that a process may have more at most
LIMIT_MS = 4500.0  # p99 of citizens' turns while a flood comes: WeChat hangs up after 5,000

type Kind = Callable[[whole.Whole, int], Awaitable[Outcome]]
KINDS: dict[str, Kind] = {
    "sender": one_sender,
    "crowd": senders_at_once,
    "receipts": receipts,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One flood: what citizens noticed, what came of it, what it took."""

    name: str
    spans: dict[str, Span]
    outcome: Outcome
    watch: Watch
    worked_off: float  # seconds after the flood's end until nothing waited any more

    def faults(self) -> list[str]:
        """Why it is no pass; empty for one."""
        found = [f"{self.name}: {each}" for each in self.outcome.faults]
        wrong = sum(span.wrong.total() for span in self.spans.values())
        if wrong:
            found.append(f"{self.name}: {wrong} turns of citizens failed or were answered wrongly")
        for when, span in self.spans.items():
            if span.times and span.at(0.99) > LIMIT_MS:
                found.append(f"{self.name}: p99 {when} was {span.at(0.99):.0f} ms")
        for name, grown in self.watch.grown().items():
            if grown > GROWTH:
                found.append(f"{self.name}: {name} took {grown:.0f} MB more")
        return found


async def see(running: whole.Whole, people: People, name: str, size: int, quiet_for: float) -> Seen:
    """One flood, with calm before and after it."""
    say(f"{name}: calm before")
    calm = time.time()
    await asyncio.sleep(quiet_for)
    async with Watch.over(running) as watch:
        began = time.time()
        say(f"{name}: flood")
        outcome = await KINDS[name](running, size)
        ended = time.time()
        await watch.spent(size)
        say(f"{name}: {outcome.told()[0]}; working off")
        worked_off = await watch.quiet()
        quiet = time.time()
        await asyncio.sleep(quiet_for)
        await outcome.settle(running)
    spans = {
        "before": people.between(calm, began),
        "while it came": people.between(began, ended),
        "while worked off": people.between(ended, quiet),
        "after": people.between(quiet, time.time() - 2),
    }
    return Seen(name, spans, outcome, watch, worked_off)


def report(seen: Sequence[Seen]) -> list[str]:
    lines: list[str] = []
    for one in seen:
        rows = [["citizens", "turns", "/s", "p50 ms", "p95 ms", "p99 ms", "late", "wrong"]]
        for when, span in one.spans.items():
            if not span.seconds:
                continue
            figures = [number(span.at(share), 0) for share in (0.5, 0.95, 0.99)]
            counts = [str(span.late), str(span.wrong.total())]
            rate = number(span.turns_a_second)
            rows.append([when, str(len(span.times)), rate, *figures, *counts])
        lines += ["", f"== {one.name} ==", *aligned(rows), *one.outcome.told()]
        lines.append(f"nothing waited any more {one.worked_off:.1f} s after its end")
        lines += [*one.watch.told()]
        lines += [f"  {each}" for span in one.spans.values() for each in span.examples[:3]]
    return lines


async def run(arguments: argparse.Namespace) -> int:
    machine.end_on_sigterm()
    description = machine.description()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-floods-"))
    sizes = {"sender": 3000, "crowd": arguments.crowd, "receipts": arguments.receipts}
    seen: list[Seen] = []
    try:
        async with whole.running(folder / "huiyin", {}) as running:
            job = whole.job(running)
            async with crowd(job, arguments.citizens, folder / "crowd.jsonl") as people:
                for name in arguments.kinds or KINDS:
                    seen.append(await see(running, people, name, sizes[name], arguments.calm))
    finally:
        if arguments.logs:
            shutil.copytree(folder / "huiyin" / "logs", arguments.logs, dirs_exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    faults = [fault for one in seen for fault in one.faults()]
    print("\n".join([*description, f"{arguments.citizens:g} turns/s of citizens", *report(seen)]))
    print("\n".join(["", *(f"MISSED {each}" for each in faults)] if faults else ["", "reached"]))
    return 1 if faults else 0


def say(line: str) -> None:
    """Progress goes to stderr, so that the table alone can be kept."""
    print(f"  {line} …", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.floods", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--citizens", type=float, default=10, help="their turns a second")
    parser.add_argument("--crowd", type=int, default=10_000, help="senders who scan at once")
    parser.add_argument("--receipts", type=int, default=50_000)
    parser.add_argument("--calm", type=float, default=20, help="seconds before and after each")
    parser.add_argument("--logs", default="", help="folder to keep the parts' logs in")
    given = parser.parse_args(argv)
    if unknown := set(given.kinds) - set(KINDS):
        parser.error(f"no such flood: {', '.join(sorted(unknown))}")
    return asyncio.run(run(given))


if __name__ == "__main__":
    raise SystemExit(main())
