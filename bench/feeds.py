"""Cases from elsewhere: `python -m bench.feeds [--records 10000] [--opened 500]`

A CSV file of so many records is staged, all in one transaction, against a real PostgreSQL; then so
many of them are opened as cases, one by one, as a worker does; then the whole file comes again.

Exit code 1: something was lost, or known records were not known.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from actions import logs
from actions.feeds.case_feeds import Tells
from actions.feeds.record import FIELDS, REQUIRED
from actions.feeds.sources import Source
from actions.invitations.csv_events import read_events
from actions.store.tables import cases
from bench import machine
from bench.filling import town

CATEGORIES = ("服务态度", "办事效率", "噪音扰民", "户籍业务", "没听过的")


def write_records(path: Path, count: int, units: list[str]) -> None:
    """So many matters, each of another citizen, a fifth of them of an unknown category."""
    with path.open("w", encoding="gb18030") as file:
        file.write("number,category,words,unit,phone\n")
        for n in range(count):
            file.write(
                f"GD-{n:06d},{CATEGORIES[n % len(CATEGORIES)]},"
                f"第 {n} 件：{n * 7919 % 10_000} 号楼前夜里施工很吵，请派人来看看,"
                f"{units[n % len(units)]},139{n:08d}\n"
            )


async def run(arguments: argparse.Namespace) -> int:
    print("\n".join(machine.description()))
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as name:
        path = Path(name) / "cases.csv"
        async with town("default") as here:
            elsewhere = here.services.elsewhere
            tree = await here.services.org.tree()
            units = [unit.code for unit in tree.units.values() if unit.kind == "station"]
            write_records(path, arguments.records, units)
            await elsewhere.feeds.add("bench", Source.HOTLINE_12345, "12345", Tells.FEED, "")
            feed = await elsewhere.feeds.named("bench")

            started = time.perf_counter()
            staged = await elsewhere.staging.take(
                feed, read_events(path, tuple(FIELDS), REQUIRED), path.name
            )
            seconds = time.perf_counter() - started
            print(f"staged {staged.new:,} records in one transaction: {seconds:.1f} s")

            some = list(staged.waiting.values())[: arguments.opened]
            started = time.perf_counter()
            opened = await elsewhere.openings.open(feed.id, some)
            seconds = time.perf_counter() - started
            print(f"opened {len(opened):,} cases: {len(opened) / seconds:.0f} a second")

            started = time.perf_counter()
            again = await elsewhere.staging.take(
                feed, read_events(path, tuple(FIELDS), REQUIRED), path.name
            )
            seconds = time.perf_counter() - started
            print(f"the whole file again: {again.known:,} known, {seconds:.1f} s")
            async with here.services.engine.connect() as connection:
                count = await connection.scalar(select(func.count()).select_from(cases))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory of this process at most: {memory:.0f} MiB")
    right = staged.new == again.known == arguments.records and count == len(opened) == len(some)
    return 0 if right else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.feeds", description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--opened", type=int, default=500)
    logs.configure("WARNING", process="bench")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
