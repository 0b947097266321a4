"""Whether anything personal lies open anywhere: `python -m bench.secrets [--folder DIR] [--keep]`

Starts everything on this machine, has all channels told phone numbers, names, ID numbers, plates,
words and a photo (bench/planting.py), and then looks for each of them, in every spelling, in the
files of PostgreSQL, every row, Redis, the logs, the model and what commands print. The folder of the
fake platforms is left out: what people wrote is theirs.

Exit code 1: something was found.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg
from sqlalchemy import func, select

from actions.bootstrap import bootstrap
from actions.policy.load import load_policy
from actions.settings import environment
from actions.store.engine import plain_url
from actions.store.tables import deliveries
from bench import machine
from bench.planting import plant
from bench.searching import Place, Search
from bench.table import aligned, number
from bot.demo.daytime import begin_by_day
from bot.demo.people import introduce
from bot.simulator.driver import Driver
from bot.stack import model
from bot.stack.embedded import free_port
from bot.stack.stack import Ports, Stack

COMMANDS = (
    ("deliveries", "--limit", "1000"),
    ("audit", "show", "--last", "100000"),
    ("events", "follow"),
)
_SETTLED_WITHIN = 30  # seconds


def search(stack: Stack, strings: Mapping[str, str | bytes]) -> list[Place]:
    """Looks everywhere in a running installation. Blocking, some seconds."""
    exports = stack.folder / "exports"
    _export(stack, exports)
    address = plain_url(stack.environ["DATABASE_URL"])
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    found = Search(strings)
    found.files("files of PostgreSQL", stack.folder / "postgres")
    found.tables(address)
    found.keys(stack.environ["REDIS_URL"])
    found.files("files of Redis", stack.folder / "redis")
    found.files("logs", stack.folder / "logs")
    found.files("what commands print", exports)
    found.files("model", model.model_path())
    return found.places


def _export(stack: Stack, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    environ = {**environment(), **stack.environ}
    for command in COMMANDS:
        argv = [sys.executable, "-m", "bot", *command]
        done = subprocess.run(argv, env=environ, cwd=model.ROOT, capture_output=True, check=False)
        (folder / f"{'-'.join(command)}.txt").write_bytes(done.stdout + done.stderr)


def table(places: Sequence[Place], strings: int) -> str:
    rows = [("searched", "MB", f"of {strings} strings found", "where")]
    for place in places:
        where = "; ".join(f"{name}: {', '.join(sorted(at))}" for name, at in place.found.items())
        rows.append((place.name, number(place.bytes / 1e6), str(len(place.found)), where or "–"))
    return "\n".join(aligned(rows))


async def settled(stack: Stack) -> None:
    """Waits until nothing is queued any more, half a minute at most."""
    services = bootstrap(stack.settings)
    query = select(func.count()).where(deliveries.c.state == "queued")
    for _ in range(_SETTLED_WITHIN * 2):
        async with services.engine.connect() as connection:
            if not (await connection.execute(query)).scalar_one():
                break
        await asyncio.sleep(0.5)
    await services.close()


async def run(folder: Path) -> int:
    print("\n".join(machine.description()))
    begin_by_day(folder / "clock", load_policy("default"))
    stack = Stack(folder, Ports(*(free_port() for _ in range(5))), env={"POLICY": "yuxi"})
    async with stack.running(), Driver(f"http://127.0.0.1:{stack.ports.simulator}") as driver:
        services = bootstrap(stack.settings)
        await introduce(services, driver)
        strings = await plant(driver, services, f"http://127.0.0.1:{stack.ports.gateway}")
        await services.close()
        await settled(stack)
        places = await asyncio.to_thread(search, stack, strings)
    print(table(places, len(strings)))
    return 1 if any(place.found for place in places) else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.secrets", description=__doc__)
    parser.add_argument("--folder", type=Path, help="where to live; none: a new one, removed after")
    given = parser.parse_args()
    if given.folder is not None:
        given.folder.mkdir(parents=True, exist_ok=True)
        return asyncio.run(run(given.folder))
    with tempfile.TemporaryDirectory(prefix="huiyin-secrets-") as name:
        return asyncio.run(run(Path(name)))


if __name__ == "__main__":
    raise SystemExit(main())
