"""Sends what the edges make, and judges: by the answers, by the logs, by the database.

Nothing may answer 5xx, show a trace, keep silent, log a fault or what somebody wrote; what is forged
may change no row; and afterwards every message that was taken must have been done.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.fuzzing import browsing, callbacks, feeding, inside, reading, staffing, updates
from bench.fuzzing.edges import Edge
from bench.fuzzing.house import HOST, House
from bench.fuzzing.values import ECHO, PHONE, Dice
from bench.fuzzing.wire import Answer, Sending, Wire

AT_ONCE = 8  # connections
_LEAK = re.compile(rf"{ECHO}|(?<!\d){PHONE}\d{{4}}")
_TRACE = re.compile(rb"Traceback|File \"|\.py\"|psycopg|sqlalchemy|aiohttp/")
_FAULT = re.compile(r'"exception"|Traceback|\n  File "|never retrieved')
_RECORD = re.compile(r'\n(?=\{"|[A-Z]+ \S)')
_OURS = re.compile(r'/((?:actions|bot)/[\w/]+\.py)\\?", line (\d+)')


@dataclass
class Result:
    """What came of one edge."""

    name: str
    inputs: int = 0
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    samples: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, sample: str = "") -> None:
        self.found[what] += 1
        self.samples.setdefault(what, sample)

    @property
    def accepted(self) -> int:
        return sum(n for status, n in self.statuses.items() if 200 <= status < 400)

    @property
    def refused(self) -> int:
        return sum(n for status, n in self.statuses.items() if 400 <= status < 500)


async def campaign(
    house: House,
    seed: int,
    inputs: int,
    only: str = "",
    provider: str = "tencent",
    wire: float = 0.5,
) -> list[Result]:
    """About so many inputs over all edges whose names hold `only`; the share `wire` of them as
    requests, evenly over the edges, the rest read in place."""
    calls, *others = await inside.edges(house)
    assert isinstance(calls, inside.Calls)
    edges: list[Edge] = [
        *callbacks.edges(house.keys),
        *updates.telegram(house.keys),
        *updates.sms(house.keys, provider),
        *updates.voice(house.keys),
        *feeding.edges(house.keys),
        *browsing.edges(),
        *await staffing.edges(house),
        calls,
        *others,
    ]
    edges = [edge for edge in edges if only in edge.name]
    results = []
    for edge in edges:
        each = int(inputs * wire) // len(edges)
        results.append(await over_the_wire(house, edge, Dice(f"{seed}:{edge.name}"), each))
    if only in "reading":
        results += await in_place(house, seed, int(inputs * (1 - wire)), calls)
    return results


async def in_place(house: House, seed: int, inputs: int, calls: inside.Calls) -> list[Result]:
    found = []
    begin = time.monotonic()
    for read in await reading.run(house, Dice(f"{seed}:reading"), inputs, calls):
        wrong = sum(read.found.values())
        result = Result(
            read.name, read.read + read.refused + wrong, found=read.found, samples=read.samples
        )
        result.statuses.update({200: read.read, 400: read.refused})
        found.append(result)
    for result in found:
        result.seconds = (
            (time.monotonic() - begin) * result.inputs / max(1, sum(r.inputs for r in found))
        )
    return found


async def over_the_wire(house: House, edge: Edge, dice: Dice, inputs: int) -> Result:
    """One edge: its inputs, then what is in logs and rows."""
    result = Result(edge.name)
    await house.bot.services.redis.flushdb()
    before = await house.rows() if edge.forged else {}
    begin = time.monotonic()
    queue: asyncio.Queue[Sending | None] = asyncio.Queue(AT_ONCE)
    workers = [asyncio.create_task(_worker(house, edge, queue, result)) for _ in range(AT_ONCE)]
    for number in range(inputs):
        await queue.put(edge.make(dice))
        if number % 100 == 99:  # what a minute allows counts from new
            await house.bot.services.redis.flushdb()
            look_at_logs(house, result)
    for _ in workers:
        await queue.put(None)
    await asyncio.gather(*workers)
    await house.bot.gateway.settle(30)
    result.seconds = time.monotonic() - begin
    look_at_logs(house, result)
    await _look_at_rows(house, edge, before, result)
    return result


async def _worker(
    house: House, edge: Edge, queue: asyncio.Queue[Sending | None], result: Result
) -> None:
    wire = Wire(HOST, house.inside if edge.inside else house.gate)
    while (sending := await queue.get()) is not None:
        answer = await wire.send(sending)
        result.inputs += 1
        result.statuses[answer.status] += 1
        for what in _judged(edge, sending, answer):
            result.note(what, _shown(sending))
    await wire.close()


def _judged(edge: Edge, sending: Sending, answer: Answer) -> list[str]:
    found = []
    if answer.status >= 500:
        found.append(f"answered {answer.status}")
    if answer.status == -1 or (answer.status == 0 and sending.raw is None):
        found.append("no answer")
    if _TRACE.search(answer.body):
        found.append("shows what is inside")
    if edge.forged and 200 <= answer.status < 300 and sending.method == "POST":
        found.append(f"forged, but answered {answer.status}")
    if answer.status == 0:
        return found
    wrong = edge.judge(sending, answer) if answer.status > 0 else ""
    return [*found, wrong] if wrong else found


def _shown(sending: Sending) -> str:
    told = sending.raw if sending.raw is not None else sending.body
    return f"{sending.method} {sending.path[:120]} {dict(sending.headers)} {told[:1500]!r}"


def look_at_logs(house: House, result: Result) -> None:
    """Faults that were logged, by the last line of ours in them, and what must be in no log."""
    for record in _RECORD.split(house.heard.taken()):
        if _LEAK.search(record):
            result.note("what somebody wrote is in the log", record[:600])
        if _FAULT.search(record):
            places = _OURS.findall(record)
            where = ":".join(places[-1]) if places else record[:80]
            result.note(f"a fault was logged, {where}", record[-1500:])


async def _look_at_rows(house: House, edge: Edge, before: dict[str, int], result: Result) -> None:
    if edge.forged:
        after = await house.rows()
        for name in sorted(before):
            if after[name] != before[name]:
                result.note(f"forged, but {name} went from {before[name]} to {after[name]} rows")
    for what in (*await edge.after(house), *await broken_rules(house)):
        result.note(what)


RULES = {
    "messages that were taken and not done": (
        "SELECT count(*) FROM inbox WHERE done_at IS NULL OR state = 'failed'"
    ),
    "cases without their first event": (
        "SELECT count(*) FROM cases c WHERE NOT EXISTS (SELECT 1 FROM case_events e WHERE e.case_id = c.id)"
    ),
    "cases whose numbers have a gap": (
        "SELECT abs(coalesce(max(substr(number, 5)::bigint), 0) - count(*)) FROM cases"
    ),
}
"""What must be 0 at any time when nothing is under way."""


async def broken_rules(house: House) -> list[str]:
    counts = {rule: await house.count(query) for rule, query in RULES.items()}
    return [f"{count} {rule}" for rule, count in counts.items() if count]


def table(results: Sequence[Result]) -> list[list[str]]:
    """The rows that are printed."""
    head = ["edge", "inputs", "accepted", "refused", "by status", "a second", "found"]
    rows = [_row(result) for result in results]
    total = sum(r.inputs for r in results), sum(r.seconds for r in results)
    sums = [f"{sum(getattr(r, n) for r in results):,}" for n in ("inputs", "accepted", "refused")]
    wrong = sum(sum(r.found.values()) for r in results)
    return [head, *rows, ["all", *sums, "", f"{total[0] / max(total[1], 1e-9):,.0f}", str(wrong)]]


def _row(result: Result) -> list[str]:
    by = " ".join(f"{status}:{n}" for status, n in sorted(result.statuses.items()))
    rate = f"{result.inputs / max(result.seconds, 1e-9):,.0f}"
    counts = [f"{n:,}" for n in (result.inputs, result.accepted, result.refused)]
    return [result.name, *counts, by, rate, str(sum(result.found.values()))]
