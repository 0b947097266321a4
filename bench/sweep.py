"""What a round of the deadlines costs: `python -m bench.sweep [--cases 100000 --due 2000]`

So many open cases with all their alarms in a real PostgreSQL, and so many alarms fall due at once.
One sweep in a process of its own, as the worker's is; meanwhile officers go on working on cases
that are among those, and the longest time that one of their verbs took is measured.

Exit code 1: the sweep took longer than the goal, or somebody was not told.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from typing import Any

from sqlalchemy import func, select, text

from actions.bootstrap import bootstrap
from actions.cases.states import Verb
from actions.settings import Settings, read
from actions.store.tables import alarms, cases, deliveries
from bench import machine
from bench.filling import Town, fill, town
from bench.tally import percentile

GOAL = 2.0  # seconds
VERB = Verb.MESSAGE  # a verb that changes no state: event, case row, notice

_DUE = """
UPDATE alarms SET at = now() - interval '1 minute' WHERE id IN (
  SELECT DISTINCT ON (d.case_id) a.id FROM alarms AS a JOIN deadlines AS d ON d.id = a.deadline_id
  WHERE d.stopped_at IS NULL AND d.revision = a.revision AND a.fired_at IS NULL AND a.kind <> 'act'
    AND d.case_id IN (SELECT id FROM cases ORDER BY md5(id::text || :salt) LIMIT :due)
  ORDER BY d.case_id, random())
"""
_THEIRS = """
SELECT c.number, c.accepted_by FROM alarms AS a JOIN deadlines AS d ON d.id = a.deadline_id
JOIN cases AS c ON c.id = d.case_id WHERE a.at <= now() AND a.fired_at IS NULL
  AND c.state = 'accepted' ORDER BY random() LIMIT 400
"""


async def fall_due(here: Town, due: int, salt: str) -> list[tuple[str, str]]:
    """Lets so many alarms fall due; some of their cases, each with its holder's conversation."""
    async with here.services.engine.begin() as connection:
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(text(_DUE), {"due": due, "salt": salt})
        found = (await connection.execute(text(_THEIRS))).all()
        who = text("SELECT officer_id, conversation FROM identities WHERE officer_id IS NOT NULL")
        rows = (await connection.execute(who)).all()
        chats = {row.officer_id: row.conversation for row in rows}
    return [(number, chats[holder]) for number, holder in found]


def sweep_once(environ: dict[str, str]) -> tuple[float, dict[str, int]]:
    """One round in this process: its seconds, and what it did."""
    return asyncio.run(_sweep_once(environ))


async def _sweep_once(environ: dict[str, str]) -> tuple[float, dict[str, int]]:
    services = bootstrap(read(Settings, environ))
    async with services.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))  # a worker has its connections
    started = time.perf_counter()
    swept = await services.rounds.minute()
    seconds = time.perf_counter() - started
    await services.close()
    return seconds, asdict(swept)


async def work(here: Town, theirs: Sequence[tuple[str, str]], until: Any) -> list[float]:
    """Milliseconds of verbs on these cases, one after the other, until the future is done."""
    taken = []
    for number, conversation in theirs:
        if until.done():
            break
        started = time.perf_counter()
        turn = here.turn(conversation)
        await here.services.cases.act(turn, number, VERB, text="正在查监控")
        taken.append((time.perf_counter() - started) * 1000)
    return taken


async def count(here: Town, table: Any, *where: Any) -> int:
    async with here.services.engine.connect() as connection:
        query = select(func.count()).select_from(table).where(*where)
        return int((await connection.execute(query)).scalar_one())


async def run(arguments: argparse.Namespace) -> int:
    description = machine.description()
    loop = asyncio.get_running_loop()
    async with town("default") as here:
        say(f"{arguments.cases} cases")
        await fill(here, arguments.cases)
        size = await count(here, cases), await count(here, alarms)
        print("\n".join([*description, f"{size[0]:,} open cases, {size[1]:,} alarms"]))
        worst, told = 0.0, True
        with ProcessPoolExecutor(1, get_context("spawn")) as worker:
            await loop.run_in_executor(worker, sweep_once, here.environ)  # warm-up: nothing is due
            for number in range(arguments.rounds):
                theirs = await fall_due(here, arguments.due, str(number))
                alone = await work(here, theirs[:100], loop.create_future())
                before = await count(here, deliveries)
                sweeping = loop.run_in_executor(worker, sweep_once, here.environ)
                meanwhile = await work(here, theirs[100:], sweeping)
                seconds, swept = await sweeping
                told = told and await count(here, deliveries) > before
                worst = max(worst, seconds)
                print(f"sweep {seconds:.2f} s {swept}; {_verbs(alone, meanwhile)}")
    print(f"the slowest sweep: {worst:.2f} s; goal {GOAL:.0f} s")
    return 0 if worst <= GOAL and told else 1


def _verbs(alone: list[float], meanwhile: list[float]) -> str:
    halves = f"p50 {percentile(alone, 0.5):.0f} before, {percentile(meanwhile, 0.5):.0f} meanwhile"
    longest = max(meanwhile, default=float("nan"))
    return f"{len(meanwhile)} verbs meanwhile, ms: {halves}, the longest {longest:.0f}"


def say(line: str) -> None:
    print(f"  {line} …", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.sweep", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="open")
    parser.add_argument("--due", type=int, default=2_000, help="alarms that fall due at once")
    parser.add_argument("--rounds", type=int, default=3)
    return asyncio.run(run(parser.parse_args(argv)))


if __name__ == "__main__":
    raise SystemExit(main())
