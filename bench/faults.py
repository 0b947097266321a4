"""Nothing lost, nothing doubled, whatever breaks: people at a steady rate, faults from a seed.

`python -m bench.faults [--seeds 1-100] [--messages 10000] [--verbs 2000] [--rate 12]`

Everything runs on this machine: the parts, PostgreSQL, Redis, and fake platforms that speak the
real protocols and send again what was not acknowledged. Prints what became of it, and how long each
fault was felt after its part was back. SIGTERM ends it after the seed under way. Exit code 1:
something that was acknowledged was lost or doubled, or rows contradict each other.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import machine
from bench.faulting import deadlines
from bench.faulting.audit import Auditor
from bench.faulting.campaign import Played, Size, ground, play
from bench.faulting.report import IN_TIME, recovery_table, table
from bench.faulting.schedule import Measures, schedule

SHOWN = 40  # findings that are printed


async def run(arguments: argparse.Namespace) -> int:
    """Plays every seed on one installation, audits, prints; 1 when something was lost or doubled."""
    description = machine.description()
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="huiyin-faults-"))
    size = Size(arguments.messages, arguments.verbs, arguments.rate)
    measures = Measures(pause=arguments.pause)
    played: list[Played] = []
    try:
        async with ground(folder) as here:
            auditor, enough = Auditor(here), asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, enough.set)
            for seed in seeds(arguments.seeds):
                if enough.is_set():
                    say(f"ended before seed {seed}")
                    break
                started = time.monotonic()
                one = await play(here, seed, size, schedule(seed, size.seconds, measures))
                played.append(one)
                lasted = time.monotonic() - started
                known, felt = len(auditor.findings.fatal), len(auditor.recovered)
                await auditor.seed(one)
                say(_progress(one, auditor, lasted, time.monotonic() - started - lasted))
                for slow in auditor.recovered[felt:]:
                    if slow.seconds > IN_TIME:
                        name = slow.broken.fault.name
                        say(f"  {name}: felt for {slow.seconds:.1f} s after it, last: {slow.last}")
                for finding in auditor.findings.fatal[known:][:SHOWN]:
                    say(f"  {finding.verdict.value}: {finding.what}")
            rung = await deadlines.ring(here, auditor.findings) if arguments.deadlines else 0
            await auditor.end()
    finally:
        if not (arguments.keep or arguments.folder):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            say(f"kept: {folder}")
    findings = auditor.findings
    for finding in [*findings.fatal, *findings.found][:SHOWN]:
        say(f"{finding.verdict.value}: {finding.what}")
    print("\n".join([*description, _sizes(arguments, played, rung), *table(played, findings)]))
    print("\n".join(recovery_table(auditor.recovered)))
    print("done: " + ", ".join(f"{times} {what}" for what, times in auditor.done.most_common()))
    return 1 if findings.fatal else 0


def _progress(one: Played, auditor: Auditor, seconds: float, audited: float) -> str:
    log, steps = one.log, ", ".join(f"{name} {took:.0f}" for name, took in one.took.items())
    return (
        f"seed {one.seed}: {seconds:.0f} s ({steps}; audit {audited:.0f}), "
        f"{len(log.said)} messages, {len(one.broken)} faults, "
        f"{log.gave_up} dialogues given up, {one.open_left} left open, "
        f"{len(auditor.findings.fatal)} findings so far"
    )


def _sizes(arguments: argparse.Namespace, played: Sequence[Played], rung: int) -> str:
    given_up = sum(one.log.gave_up for one in played)
    finished = sum(one.log.finished for one in played)
    left = sum(one.open_left for one in played)
    return (
        f"{len(played)} of the seeds {arguments.seeds}, {arguments.messages} messages and "
        f"{arguments.verbs} verbs each at {arguments.rate:g}/s; {finished} dialogues finished, "
        f"{given_up} given up by the person; {left} turns or notices still open "
        f"at the end; {rung} alarms rang in time"
    )


def seeds(text: str) -> list[int]:
    """ "7", "1-100" or "1,5,9-12" as numbers. Raises ValueError."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def say(line: str) -> None:
    """Progress goes to stderr, so that the table alone can be kept."""
    print(re.sub(r"\s+", " ", line), file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--seeds", default="1", help="one, or several: 1-100")
    parser.add_argument("--messages", type=int, default=10_000, help="of citizens, in each seed")
    parser.add_argument("--verbs", type=int, default=2_000, help="of officers, in each seed")
    parser.add_argument("--rate", type=float, default=12.0, help="citizens' messages a second")
    parser.add_argument("--pause", type=float, default=10.0, help="seconds of a SIGSTOP")
    parser.add_argument("--folder", default="", help="for data and logs; kept")
    parser.add_argument("--keep", action="store_true", help="keep the folder with data and logs")
    parser.add_argument(
        "--no-deadlines",
        dest="deadlines",
        action="store_false",
        help="without the wait (two minutes) for the alarms of the following days",
    )
    return asyncio.run(run(parser.parse_args(argv)))


if __name__ == "__main__":
    raise SystemExit(main())
