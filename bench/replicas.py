"""Several Rasas behind the gateway: `python -m bench.replicas [--rasas 1 2 3 4] [--seconds 20]`.

For each number everything is started anew and 200 conversations go on at once. Prints answers a
second, what a turn costs each process, and memory. With as many cores as now the number can only
help where Rasa alone is what everybody waits for; the cores in use tell. With two or more one is
killed at the end while people talk, and nobody may be answered wrongly because of it. Exit code 1:
an answer was wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench import machine, whole
from bench.load import WARM_UP, Seen, load
from bench.processes import costs, own
from bench.table import NONE, aligned, number

CONVERSATIONS = 200
PARTS = ("nlu", "gateway", "actions", "postgres", "worker", "redis", "simulator")
KILLED_AT = 3.0  # seconds after the counting began
TALKING = 10.0  # seconds around the kill
FEW = 20  # conversations around the kill


@dataclass(frozen=True, slots=True)
class Measured:
    """`rasas` of them: what was seen, processor ms a turn and cores by part, MB of all Rasas."""

    rasas: int
    seen: Seen
    each: Mapping[str, float]
    cores: float
    memory: float
    killed: Seen | None


async def measure(rasas: int, seconds: float, folder: Path) -> Measured:
    async with whole.running(folder, rasas=rasas) as running:
        job = replace(whole.job(running), conversations=CONVERSATIONS, seconds=seconds)
        before = costs(running.pids)
        seen = await load(job)
        after = costs(running.pids)
        spent = {name: after[name].cpu - before[name].cpu for name in before}
        memory = own({name: pid for name, pid in running.pids.items() if name.startswith("nlu")})
        killed = await kill_one(running) if rasas > 1 else None
    share = seen.seconds / (seen.seconds + WARM_UP)
    each = {part: _of(spent, part) * 1000 * share / max(1, seen.turns) for part in PARTS}
    cores = sum(spent.values()) * share / seen.seconds + seen.client_cpu
    return Measured(rasas, seen, each, cores, sum(memory.values()), killed)


async def kill_one(running: whole.Whole) -> Seen:
    """People talk, and one Rasa dies."""
    job = replace(whole.job(running), conversations=FEW, seconds=TALKING)
    talking = asyncio.create_task(load(job))
    await asyncio.sleep(WARM_UP + KILLED_AT)
    await asyncio.to_thread(running.stack.children.kill, "nlu2")
    return await talking


def _of(spent: Mapping[str, float], part: str) -> float:
    return sum(cpu for name, cpu in spent.items() if name.rstrip("0123456789") == part)


def table(found: Sequence[Measured]) -> list[str]:
    heads = ["Rasas", "turns/s", "p50 s", "p95 s", "late", "wrong"]
    rows = [[*heads, *(f"{p} ms" for p in PARTS[:5]), "all ms", "cores", "Rasas MB"]]
    for one in found:
        seen = one.seen
        waits = [number(seen.at(share) / 1000, 2) for share in (0.5, 0.95)]
        counts = [str(seen.late), str(seen.wrong)]
        each = [number(one.each[part]) for part in PARTS[:5]]
        whole_turn = [number(sum(one.each.values())), number(one.cores, 2), number(one.memory, 0)]
        rows.append(
            [str(one.rasas), number(seen.right_per_second), *waits, *counts, *each, *whole_turn]
        )
    lines = aligned(rows)
    lines.append(f"of {os.cpu_count()} cores; the load generator's share is in “cores”")
    for one in found:
        told = NONE if one.killed is None else _killed(one.killed)
        lines.append(f"{one.rasas} Rasas, one killed while {FEW} talk: {told}")
        lines += [f"  {example}" for example in one.seen.examples[:3]]
        lines += [f"  {example}" for example in (one.killed.examples[:3] if one.killed else ())]
    return lines


def _killed(seen: Seen) -> str:
    return (
        f"{seen.turns} turns, {seen.wrong} wrong, {seen.late} late, the longest "
        f"{max(seen.all_times, default=0):.0f} ms"
    )


async def run(arguments: argparse.Namespace) -> int:
    machine.end_on_sigterm()
    description = machine.description()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-replicas-"))
    found = []
    try:
        for rasas in arguments.rasas:
            print(f"  {rasas} …", file=sys.stderr, flush=True)
            found.append(await measure(rasas, arguments.seconds, folder / str(rasas)))
            print("\n".join(table(found[-1:])), file=sys.stderr, flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join([*description, "", *table(found), f"load {machine.load_average()} afterwards"]))
    wrong = sum(one.seen.wrong + (one.killed.wrong if one.killed else 0) for one in found)
    return 1 if wrong else 0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.replicas", description=__doc__)
    parser.add_argument("--rasas", type=int, nargs="+", default=[1, 2, 3, 4])
    parser.add_argument("--seconds", type=float, default=20, help="of each load")
    return asyncio.run(run(parser.parse_args(argv)))


if __name__ == "__main__":
    raise SystemExit(main())
