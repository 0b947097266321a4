"""What a turn costs: Huiyin whole, beside the floor and stock Rasa, in one run and one table.

`python -m bench.turns [--seconds 60] [--conversations 200] [--skip-stock] [--profile]`
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import machine, profiles, training, whole
from bench.load import Job
from bench.measure import Effort, Measured, measure
from bench.report import report
from bench.stock import rasa as stock
from bot.stack.children import Child, Children
from bot.stack.embedded import free_port
from bot.stack.model import ROOT

SCENES = [(place.scene, place.label) for place in whole.places()]


async def measure_floor(folder: Path, effort: Effort) -> Measured:
    """The bare echo, as another account."""
    port, account = free_port(), ("bench", "A" * 43, "wx0000000000bench1")
    url = f"http://127.0.0.1:{port}"
    children = Children(folder / "logs")
    argv = [sys.executable, "-m", "bench.floor", str(port), *account]
    children.start(Child("floor", argv, ready_url=f"{url}/health", cwd=ROOT))
    try:
        await children.ready("floor")
        return await measure(
            "floor", Job(f"{url}/wechat", "echo", SCENES, *account), children.pids(), effort
        )
    finally:
        await asyncio.to_thread(children.stop)


async def measure_whole(folder: Path, effort: Effort, *, profile: bool) -> Measured:
    """Huiyin, trained anew for the time of it, then everything running."""
    say("huiyin: training from nothing")
    seconds = await training.train(folder / "training")
    say("huiyin: starting everything")
    async with whole.running(folder / "huiyin") as running:
        job = whole.job(running)
        around = whole.Around(running)
        say("huiyin: idle, sustained, half load")
        measured = await measure("huiyin", job, running.pids, effort, around.before, around.after)
        measured.training = seconds
        measured.notes += around.notes
        if profile:
            say("huiyin: profiling")
            measured.notes += await profiles.profile(job, running.pids, effort, folder)
        return measured


async def measure_stock(folder: Path, effort: Effort) -> Measured:
    """Rasa as `rasa init` sets it up, with a small rating dialogue."""
    project = folder / "stock"
    stock.prepare(project)
    say("stock rasa: training (minutes)")
    seconds = await stock.train(project)
    say("stock rasa: starting")
    async with stock.running(project) as running:
        say("stock rasa: idle, sustained, half load")
        measured = await measure(
            "stock rasa", Job(running.url, "stock", SCENES), running.pids, effort
        )
        measured.training = seconds
        return measured


async def run(arguments: argparse.Namespace) -> int:
    """Measures, prints; 1 when a goal of Huiyin was missed or an answer was wrong."""
    machine.end_on_sigterm()
    effort = Effort(arguments.conversations, arguments.seconds, half_seconds=arguments.seconds / 3)
    description = machine.description()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    found: list[Measured] = []
    try:
        if "floor" in arguments.only:
            say("floor: idle, sustained, half load")
            found.append(await measure_floor(folder, effort))
        if "huiyin" in arguments.only:
            found.append(await measure_whole(folder, effort, profile=arguments.profile))
        if "stock" in arguments.only and not arguments.skip_stock:
            found.append(await measure_stock(folder, effort))
        lines, reached = report(found, description, effort)
        print("\n".join(lines))
        if arguments.json:
            written = json.dumps([asdict(each) for each in found], ensure_ascii=False)
            await asyncio.to_thread(Path(arguments.json).write_text, written, "utf-8")
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            say(f"kept: {folder}")
    return 0 if reached else 1


def say(line: str) -> None:
    """Progress goes to stderr, so that the table alone can be kept."""
    print(f"  {line} …", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of the sustained run")
    parser.add_argument("--conversations", type=int, default=200, help="going on at once")
    parser.add_argument("--skip-stock", action="store_true", help="without stock Rasa (minutes)")
    parser.add_argument("--profile", action="store_true", help="where the time goes (py-spy)")
    parser.add_argument("--json", default="", help="file for all the numbers")
    parser.add_argument("--keep", action="store_true", help="keep the folder with data and logs")
    parser.add_argument("--only", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    return asyncio.run(run(parser.parse_args(argv)))


SYSTEMS = ("floor", "huiyin", "stock")

if __name__ == "__main__":
    raise SystemExit(main())
