"""How long questions for figures take, beside the same by a plain GROUP BY; what a rating costs.

    python -m bench.figures [RATINGS ...]      1,000,000 and 10,000,000 unless said otherwise

One database for each size, filled by COPY; each question is asked many times over its units, then
50 writers rate one unit, with the counters' triggers and without them in turn.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import text

from actions import clock
from actions.figures.question import Figure, Question, View
from actions.memory import settle
from actions.people.people import OfficerView
from actions.people.roles import Role
from actions.reports.periods import read_period
from bench.figure_rows import fill_ratings, write_city
from bench.filling import Town, town
from bench.machine import description

TIMES, SLOW_TIMES = 120, 3
WRITERS, SECONDS, ROUNDS = 50, 6.0, 3
PACES = {"500 a second": 0.1, "as fast as they can": 0.0}  # seconds from one rating to the next

_GROUPED = text("""
SELECT r.channel, r.way, r.grade, count(*) FROM ratings AS r JOIN units AS u ON u.id = r.unit_id
WHERE starts_with(u.path, :path) AND r.rated_at >= :start AND r.rated_at < :end GROUP BY 1, 2, 3
""")
_GROUPED_UNITS = text("""
SELECT above.id, r.grade, count(*) FROM ratings AS r JOIN units AS u ON u.id = r.unit_id
JOIN units AS above ON above.kind = :kind AND starts_with(u.path, above.path)
WHERE r.rated_at >= :start AND r.rated_at < :end GROUP BY 1, 2
""")
_GROUPED_DAYS = text("""
SELECT (r.rated_at AT TIME ZONE 'Asia/Shanghai')::date, r.grade, count(*)
FROM ratings AS r JOIN units AS u ON u.id = r.unit_id
WHERE starts_with(u.path, :path) AND r.rated_at >= :start AND r.rated_at < :end GROUP BY 1, 2
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the same as a plain count (None where none is like it)."""

    name: str
    question: Question
    grouped: str | None


def questions() -> list[Asked]:
    def ask(view: View, period: str, **more: object) -> Question:
        return Question(view, period=read_period(period, clock.now()), **more)  # type: ignore[arg-type]

    return [
        Asked("/stats today", ask(View.STATS, "今天"), "ways"),
        Asked("/stats this month", ask(View.STATS, "本月"), "ways"),
        Asked("/stats last month", ask(View.STATS, "上个月"), "ways"),
        Asked("/stats last 365 days", ask(View.STATS, "最近365天"), "ways"),
        Asked("/stats county, last month", ask(View.STATS, "上个月", unit="第3分局"), "ways"),
        Asked("/stats station, this month", ask(View.STATS, "本月", unit="第40派出所"), "ways"),
        Asked("/rank counties, last month", ask(View.RANK, "上个月"), "county"),
        Asked("/rank counties, this month", ask(View.RANK, "本月"), "county"),
        Asked(
            "/rank 282 stations, last month", ask(View.RANK, "上个月", kind="station"), "station"
        ),
        Asked("/rank 282 stations, this month", ask(View.RANK, "本月", kind="station"), "station"),
        Asked("/trend 30 days", ask(View.TREND, "最近30天"), "days"),
        Asked("/trend 24 weeks", ask(View.TREND, "最近168天"), "days"),
        Asked("/trend 2 years by month", ask(View.TREND, "最近720天"), "days"),
        Asked("closure, last month", ask(View.STATS, "上个月", figure=Figure.CLOSURE), None),
        Asked("on time, last month", ask(View.STATS, "上个月", figure=Figure.ON_TIME), None),
        Asked("hours, 30 days", ask(View.HOURS, "最近30天"), None),
    ]


async def timed(run: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """Milliseconds of each run, the first left out."""
    await run()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        await run()
        found.append((time.perf_counter() - began) * 1000)
    return found


async def measure(here: Town, size: int) -> dict[str, tuple[float, float, float | None]]:
    """Name → p50, p95 of the question, median of the plain count, in milliseconds."""
    async with here.services.engine.connect() as connection:
        root = (await connection.execute(text("SELECT id, path FROM units WHERE code = 'C'"))).one()
    await settle()  # as the action server does
    viewer = OfficerView(0, "", "", Role.CENTRE, root.id, root.path, "")
    found = {}
    for asked in questions():
        answer = lambda asked=asked: here.services.figures.answer(viewer, asked.question)  # noqa: E731
        took = await timed(answer, TIMES)
        plain = await _plain(here, asked, root.path)
        p95 = statistics.quantiles(took, n=20)[-1]
        found[asked.name] = (statistics.median(took), p95, plain)
    return found


async def _plain(here: Town, asked: Asked, path: str) -> float | None:
    if asked.grouped is None or asked.question.period is None:
        return None
    period = asked.question.period
    statement = {"ways": _GROUPED, "days": _GROUPED_DAYS}.get(asked.grouped, _GROUPED_UNITS)
    if asked.question.unit:
        async with here.services.engine.connect() as connection:
            named = text("SELECT path FROM units WHERE name = :name")
            path = (await connection.execute(named, {"name": asked.question.unit})).scalar_one()
    given = {"path": path, "kind": asked.grouped, "start": period.start, "end": period.end}

    async def count() -> None:
        async with here.services.engine.begin() as connection:
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            await connection.execute(statement, given)

    return statistics.median(await timed(count, SLOW_TIMES))


async def rating_cost(here: Town, pace: float) -> tuple[float, float, int]:
    """Mean milliseconds of a rating by 50 writers on one unit, each writing every `pace` seconds,
    without counters and with them (and the round that adds them up); ratings written. In turn, so
    that a slow moment hits both.
    """
    address = here.environ["DATABASE_URL"]
    connections = [await psycopg.AsyncConnection.connect(address) for _ in range(WRITERS)]
    async with here.services.engine.connect() as connection:
        unit = text("SELECT id FROM units WHERE code = 'S-7'")
        unit_id = (await connection.execute(unit)).scalar_one()
        person = text("SELECT id FROM identities WHERE channel = 'bench' LIMIT 1")
        identity = (await connection.execute(person)).scalar_one()
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(2 * ROUNDS):
        counted = turn % 2 == 1
        await _triggers(here, on=counted)
        adding = asyncio.create_task(_add_up(here))
        until = time.perf_counter() + SECONDS
        each = await asyncio.gather(
            *(
                _write(each, (unit_id, identity), until, pace, pace * place / WRITERS)
                for place, each in enumerate(connections)
            )
        )
        adding.cancel()
        took[counted] += [ms for some in each for ms in some]
    await _triggers(here, on=True)
    for each_connection in connections:
        await each_connection.close()
    without, with_ = statistics.fmean(took[False]), statistics.fmean(took[True])
    return without, with_, len(took[True]) + len(took[False])


async def _write(
    connection: psycopg.AsyncConnection[object],
    who: tuple[int, object],
    until: float,
    pace: float,
    after: float,
) -> list[float]:
    insert = (
        "INSERT INTO ratings (id, unit_id, identity_id, channel, way, grade, inbox_id, rated_at) "
        "VALUES (uuidv7(), %s, %s, 'wechat', 'scan', 'satisfied', uuidv7(), now())"
    )
    found = []
    due = time.perf_counter() + after
    while due < until and time.perf_counter() < until:
        await asyncio.sleep(max(0, due - time.perf_counter()))
        began = time.perf_counter()
        await connection.execute(insert, who)
        await connection.commit()
        found.append((time.perf_counter() - began) * 1000)
        due += pace
    return found


async def _add_up(here: Town) -> None:
    while True:
        await asyncio.sleep(2)
        await here.services.counters.add_up()


async def _triggers(here: Town, *, on: bool) -> None:
    async with here.services.engine.begin() as connection:
        word = "ENABLE" if on else "DISABLE"
        await connection.execute(text(f"ALTER TABLE ratings {word} TRIGGER USER"))


async def main(sizes: list[int]) -> None:
    print("\n".join(description()))
    results = {}
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            async with town("default", write_city(Path(folder))) as here:
                began = time.perf_counter()
                await fill_ratings(here, size)
                print(
                    f"\n{size:,} ratings, {size // 100:,} cases: {time.perf_counter() - began:.0f} s"
                )
                results[size] = await measure(here, size)
                _print(results[size], results.get(sizes[0]) if size != sizes[0] else None)
                for name, pace in PACES.items():
                    without, with_, written = await rating_cost(here, pace)
                    print(
                        f"a rating, {WRITERS} writers on one unit, {name} ({written:,} written): "
                        f"{without:.2f} ms without counters, {with_:.2f} with: "
                        f"{with_ - without:+.2f} ms"
                    )


def _print(
    found: dict[str, tuple[float, float, float | None]],
    small: dict[str, tuple[float, float, float | None]] | None,
) -> None:
    print(f"{'':34}{'p50 ms':>8}{'p95 ms':>8}{'GROUP BY':>10}{'faster':>8}{'to small':>9}")
    for name, (p50, p95, plain) in found.items():
        beside = f"{plain:10.1f}{plain / p50:7.0f}×" if plain is not None else f"{'':18}"
        ratio = f"{p95 / small[name][1]:8.2f}×" if small else ""
        print(f"{name:34}{p50:8.1f}{p95:8.1f}{beside}{ratio}")


if __name__ == "__main__":
    asyncio.run(main([int(each) for each in sys.argv[1:]] or [1_000_000, 10_000_000]))
