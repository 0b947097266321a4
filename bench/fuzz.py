"""Bad input at every edge: `python -m bench.fuzz [--seed 1 --inputs 100000 --only telegram]`

The real gateway and action server in this process, over PostgreSQL and Redis of their own; Rasa is
played. Every input is made from the seed. Prints a table: edge, inputs, what came of them, what was
found; then a sample of each finding. Exit code 1: something was found.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from bench.filling import town
from bench.fuzzing.campaign import campaign, table
from bench.fuzzing.house import house
from bench.table import aligned

PROVIDERS = ("tencent", "alibaba")


async def run(seed: int, inputs: int, only: str, wire: float) -> int:
    """Prints the table; the number of findings."""
    provider = PROVIDERS[seed % len(PROVIDERS)]
    begin = time.monotonic()
    async with town("") as here, house(here.environ, provider) as there:
        results = await campaign(there, seed, inputs, only, provider, wire)
    print("\n".join(aligned(table(results))))
    print(f"seed {seed}, {time.monotonic() - begin:,.0f} s with starting and stopping")
    for result in results:
        for what, times in result.found.most_common():
            print(f"\n{result.name}: {what} ({times} times)\n  {result.samples.get(what, '')}")
    return sum(sum(result.found.values()) for result in results)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--wire", type=float, default=0.5, help="the share that goes as requests")
    parser.add_argument("--only", default="", help="edges whose name holds this")
    given = parser.parse_args()
    sys.exit(1 if asyncio.run(run(given.seed, given.inputs, given.only, given.wire)) else 0)


if __name__ == "__main__":
    main()
