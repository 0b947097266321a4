"""An hour of ordinary load: does any process grow?

`python -m bench.soak [--minutes 60] [--rate 20] [--json FILE]`

The mix of conversations runs at a steady rate of turns; every thirty seconds the memory of each
process is read (PSS without what is mapped from files). A line is fitted to what was read after
the first ten minutes, in
which caches fill. Exit code 1: a process of ours grows faster than GOAL, or a citizen was answered
wrongly. Redis and PostgreSQL keep what people leave there, and the fake platforms are not ours:
what they grow by is printed, and for Redis how much a conversation leaves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import machine, whole
from bench.crowd import People, crowd
from bench.processes import own_apart
from bench.slopes import Slope, slope
from bench.table import aligned, number

OURS = ("gateway", "worker", "actions", "nlu")
GOAL = 6.0  # MB/h; a process of 150 MB would then grow by a tenth in two and a half hours
SETTLING = 600.0  # seconds
EVERY = 30.0  # seconds
PART = 600.0  # seconds of a line in the table of turns


@dataclass(slots=True)
class Read:
    """What was read: `moments` in seconds since the start, MB by process, Redis in bytes."""

    moments: list[float] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=dict)  # at most, programs a part started
    kept: list[float] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)

    def since(self, begin: float, name: str) -> tuple[list[float], list[float]]:
        chosen = [n for n, moment in enumerate(self.moments) if moment >= begin]
        return [self.moments[n] for n in chosen], [self.memory[name][n] for n in chosen]


async def soak(running: whole.Whole, people: People, minutes: float) -> tuple[Read, float]:
    """Reads while the crowd talks; the readings, and when it began (seconds since the epoch)."""
    read, began, started = Read(), time.time(), time.monotonic()
    for n in range(int(minutes * 60 / EVERY) + 1):
        await asyncio.sleep(max(0.0, started + n * EVERY - time.monotonic()))
        running.stack.children.check()
        found = await asyncio.to_thread(own_apart, running.pids)
        kept = await running.services.redis.info("memory")
        read.moments.append(time.monotonic() - started)
        for name, (mine, theirs) in found.items():
            apart = name in OURS  # the worker's rounds start programs, which end again
            read.memory.setdefault(name, []).append(mine if apart else mine + theirs)
            read.started[name] = max(read.started.get(name, 0), theirs if apart else 0)
        read.kept.append(kept["used_memory"])
        read.keys.append(await running.services.redis.dbsize())
        _say(read, people, began)
    return read, began


def _say(read: Read, people: People, began: float) -> None:
    """A line on stderr for each reading, so that a run that is ended early is not for nothing."""
    now = time.time()
    span = people.between(max(began, now - EVERY), now)
    memory = " ".join(f"{name} {values[-1]:.1f}" for name, values in read.memory.items())
    print(
        f"{read.moments[-1] / 60:5.1f} min  {span.turns_a_second:.1f} turns/s, p95 "
        f"{span.at(0.95):.0f} ms, {span.wrong.total()} wrong  {memory}  "
        f"redis keeps {read.kept[-1] / 2**20:.1f} MB in {read.keys[-1]} keys",
        file=sys.stderr,
        flush=True,
    )


def report(read: Read, people: People, began: float) -> tuple[list[str], bool]:
    """The tables, and whether the goals were reached."""
    settled = min(SETTLING, read.moments[-1] / 2)
    rows = [["process, MB", "start", f"{settled / 60:.0f} min", "end", "MB/h", "±", "goal", ""]]
    reached = True
    for name, values in read.memory.items():
        times, later = read.since(settled, name)
        fitted = slope(times, later)
        verdict = _verdict(name, fitted)
        reached = reached and verdict != "MISSED"
        goal = f"≤ {GOAL:.0f}" if name in OURS else ""
        figures = [number(each) for each in (values[0], later[0], values[-1], *fitted.an_hour)]
        rows.append([name, *figures, goal, verdict])
    whole_run = people.between(began, began + read.moments[-1])
    lines = [*aligned(rows), "", *aligned(_turns(people, began, read.moments[-1])), ""]
    lines.append(_left_in_redis(read, whole_run.ended))
    lines += [
        f"programs that {n} started: {mb:.0f} MB at most" for n, mb in read.started.items() if mb
    ]
    if whole_run.wrong:
        lines += [f"wrong: {dict(whole_run.wrong)}", *whole_run.examples]
    return lines, reached and not whole_run.wrong


def _verdict(name: str, fitted: Slope) -> str:
    """Missed is what grows faster than the goal even at the low end of what the fit allows."""
    if name not in OURS:
        return ""
    per_hour, error = fitted.an_hour
    return "MISSED" if per_hour - error > GOAL else "reached"


def _turns(people: People, began: float, seconds: float) -> list[list[str]]:
    rows = [["turns", "/s", "p50 ms", "p95 ms", "p99 ms", "late", "wrong"]]
    for n in range(max(1, round(seconds / PART))):
        first, last = n * PART, min(seconds, (n + 1) * PART)
        span = people.between(began + first, began + last)
        figures = [number(each) for each in (span.turns_a_second, *map(span.at, (0.5, 0.95, 0.99)))]
        wrong = span.wrong.total()
        rows.append([f"min {first / 60:.0f}–{last / 60:.0f}", *figures, str(span.late), str(wrong)])
    return rows


def _left_in_redis(read: Read, conversations: int) -> str:
    grown = read.kept[-1] - read.kept[0]
    return (
        f"Redis keeps {read.kept[-1] / 2**20:.1f} MB in {read.keys[-1]} keys, "
        f"{grown / max(1, conversations) / 1024:.2f} KB for each of {conversations} conversations, "
        "for as long as its keys live"
    )


async def run(arguments: argparse.Namespace) -> int:
    machine.end_on_sigterm()
    description = machine.description()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-soak-"))
    try:
        async with whole.running(folder / "huiyin") as running:
            job = whole.job(running)
            async with crowd(job, arguments.rate, folder / "crowd.jsonl") as people:
                read, began = await soak(running, people, arguments.minutes)
                lines, reached = report(read, people, began)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join([*description, f"{arguments.rate:g} turns/s asked for", "", *lines]))
    print(f"\nload {machine.load_average()} afterwards")
    if arguments.json:
        kept = {"moments": read.moments, "memory": read.memory, "redis": read.kept}
        await asyncio.to_thread(Path(arguments.json).write_text, json.dumps(kept), "utf-8")
    return 0 if reached else 1


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=20, help="turns a second")
    parser.add_argument("--json", default="", help="file for all that was read")
    return asyncio.run(run(parser.parse_args(argv)))


if __name__ == "__main__":
    raise SystemExit(main())
