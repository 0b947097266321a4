"""The counters equal a count of the rows, after any writes, corrections, deletions and rounds."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from actions import clock
from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.figures.disclosure import months_between
from actions.figures.graded import read_graded
from actions.figures.measures import Measure
from actions.figures.reading import Step, month_after, read_counts, read_series, whole_months
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.org.org import Unit
from actions.ratings.rating import Grade, Way
from actions.reports.intervals import Counts
from actions.store.tables import figure_changes, ratings
from tests.conftest import SAMPLE

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 120


class Writer:
    """Writes, corrects and deletes ratings as the seed says."""

    def __init__(self, services: Services, seed: int) -> None:
        self._services = services
        self._random = random.Random(seed)
        self._written: list[uuid.UUID] = []

    async def prepare(self) -> None:
        tree = await self._services.org.tree()
        self._units = sorted(tree.units)
        async with self._services.engine.begin() as connection:
            person = await self._services.people.meet(connection, "wechat", "openid-many")
        self._identity = person.identity_id

    def row(self) -> dict[str, Any]:
        pick = self._random
        return {
            "unit_id": pick.choice(self._units),
            "channel": pick.choice(["wechat", "sms", "web"]),
            "way": pick.choice([way.value for way in Way]),
            "grade": pick.choice([grade.value for grade in Grade]),
            "rated_at": FIRST + timedelta(minutes=pick.randrange(DAYS * 24 * 60)),
        }

    async def step(self) -> None:
        """One statement: a rating or many, a correction of some, a deletion, a round of adding up."""
        what = self._random.choice(["one", "many", "correct", "words", "delete", "round"])
        if what == "round":
            await self._services.counters.add_up()
            return
        async with self._services.engine.begin() as connection:
            if what in {"one", "many"}:
                count = 1 if what == "one" else self._random.randrange(2, 20)
                rows = [
                    {
                        **self.row(),
                        "id": clock.new_id(),
                        "identity_id": self._identity,
                        "inbox_id": clock.new_id(),
                    }
                    for _ in range(count)
                ]
                await connection.execute(insert(ratings), rows)
                self._written += [row["id"] for row in rows]
            elif self._written:
                some = self._random.sample(self._written, min(5, len(self._written)))
                await self._change(connection, what, some)

    async def _change(self, connection: Any, what: str, some: Sequence[uuid.UUID]) -> None:
        these = ratings.c.id.in_(some)
        if what == "correct":
            await connection.execute(update(ratings).where(these).values(**self.row()))
        elif what == "words":
            await connection.execute(update(ratings).where(these).values(comment_sealed=b"x"))
        else:
            await connection.execute(delete(ratings).where(these))
            self._written = [each for each in self._written if each not in some]


async def scanned(services: Services, unit: Unit, first: date, end: date) -> Counter[Any]:
    query = text("""
        SELECT grade, channel, way, count(*) FROM ratings JOIN units ON units.id = unit_id
        WHERE starts_with(path, :path) AND rated_at >= :first AND rated_at < :end
        GROUP BY 1, 2, 3""")
    start, until = (datetime(d.year, d.month, d.day, tzinfo=BEIJING) for d in (first, end))
    async with services.engine.connect() as connection:
        given = {"path": unit.path, "first": start, "end": until}
        rows = (await connection.execute(query, given)).all()
    return Counter({tuple(row[:3]): row[3] for row in rows})


async def counted(services: Services, unit: Unit, first: date, end: date) -> Counter[Any]:
    async with services.engine.connect() as connection:
        found = await read_counts(connection, unit.id, first, end)
    return Counter({(each.measure.value, each.channel, each.way): each.n for each in found})


async def graded(services: Services, unit: Unit, first: date, end: date) -> Counts:
    """By days where the span cuts a month, by whole months within it."""
    months = months_between(first, end)
    whole = [each for each in months if each >= first and month_after(each) <= end]
    async with services.engine.connect() as connection:
        cut = [each for each in months if each not in whole]
        found = await read_graded(connection, [unit.id], cut, whole)
    return found[unit.id].counts(first, end)


def by_grade(rows: Counter[Any]) -> Counts:
    together: Counter[str] = Counter()
    for (grade, _, _), n in rows.items():
        together[grade] += n
    return Counts(together["satisfied"], together["basically"], together["unsatisfied"])


async def all_agree(services: Services, seed: int) -> None:
    """Some units, and the whole city, over spans of all lengths."""
    pick = random.Random(seed)
    tree = await services.org.tree()
    units = [await services.org.unit(each) for each in pick.sample(sorted(tree.units), 4)]
    root = next(unit.id for unit in tree.units.values() if unit.parent_id is None)
    spans = [(date(2026, 1, 1), date(2026, 5, 2)), (date(2026, 2, 1), date(2026, 3, 1))]
    for _ in range(3):
        first = date(2026, 1, 1) + timedelta(days=pick.randrange(DAYS))
        spans.append((first, first + timedelta(days=pick.randrange(1, 80))))
    for unit in [await services.org.unit(root), *units]:
        for span in spans:
            rows = await scanned(services, unit, *span)
            assert await counted(services, unit, *span) == rows
            assert await graded(services, unit, *span) == by_grade(rows)


@pytest.mark.parametrize("seed", range(6))
async def test_counters_equal_a_scan_after_any_interleaving(services: Services, seed: int) -> None:
    writer = Writer(services, seed)
    await writer.prepare()
    for _ in range(60):
        await writer.step()
    await all_agree(services, seed)
    await services.counters.add_up()
    await all_agree(services, seed)


async def test_writers_and_rounds_at_once_lose_nothing(services: Services) -> None:
    writers = [Writer(services, seed) for seed in range(5)]
    for writer in writers:
        await writer.prepare()

    async def works(writer: Writer) -> None:
        for _ in range(25):
            await writer.step()

    await asyncio.gather(*(works(writer) for writer in writers))
    await all_agree(services, 7)


async def test_what_changes_no_counter_leaves_no_trace(services: Services) -> None:
    writer = Writer(services, 1)
    await writer.prepare()
    async with services.engine.begin() as connection:
        row = {**writer.row(), "id": clock.new_id(), "identity_id": writer._identity}
        await connection.execute(insert(ratings).values(**row, inbox_id=clock.new_id()))
        await connection.execute(update(ratings).values(comment_sealed=b"x"))
        assert len((await connection.execute(select(figure_changes))).all()) == 1
    assert await services.counters.add_up() == 1
    assert await services.counters.add_up() == 0


async def test_units_that_move_take_their_figures_along(services: Services) -> None:
    writer = Writer(services, 3)
    await writer.prepare()
    for _ in range(40):
        await writer.step()
    await services.counters.add_up()
    city = load_city(SAMPLE)
    moving = next(unit for unit in city.units if unit.kind == "station")
    county = next(u for u in city.units if u.kind == "county" and u.code != moving.parent)
    object.__setattr__(moving, "parent", county.code)
    await load(services.engine, services.vault, city)
    await all_agree(services, 3)


async def test_counting_anew_changes_nothing(services: Services) -> None:
    writer = Writer(services, 4)
    await writer.prepare()
    for _ in range(40):
        await writer.step()
    await services.counters.recount()
    await all_agree(services, 4)


@pytest.mark.parametrize(
    ("first", "end", "whole"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), (date(2026, 1, 1), date(2026, 2, 1))),
        (date(2026, 1, 2), date(2026, 2, 1), (date(2026, 2, 1), date(2026, 2, 1))),
        (date(2025, 12, 31), date(2026, 3, 9), (date(2026, 1, 1), date(2026, 3, 1))),
        (date(2026, 1, 5), date(2026, 1, 9), (date(2026, 1, 9), date(2026, 1, 9))),
        (date(2025, 11, 20), date(2026, 1, 1), (date(2025, 12, 1), date(2026, 1, 1))),
    ],
)
def test_whole_months(first: date, end: date, whole: tuple[date, date]) -> None:
    assert whole_months(first, end) == whole


def test_the_month_after_december() -> None:
    assert month_after(date(2026, 12, 31)) == date(2027, 1, 1)
    assert Measure.SATISFIED in set(Measure)


async def test_steps_add_up_to_the_whole(services: Services) -> None:
    writer = Writer(services, 5)
    await writer.prepare()
    for _ in range(60):
        await writer.step()
    tree = await services.org.tree()
    root = next(unit.id for unit in tree.units.values() if unit.parent_id is None)
    first, end = date(2026, 1, 1), date(2026, 5, 1)
    whole = await scanned(services, await services.org.unit(root), first, end)
    async with services.engine.connect() as connection:
        for step in Step:
            series = await read_series(connection, root, first, end, step)
            added: Counter[Any] = Counter()
            for counts in series.values():
                added += Counter({(c.measure.value, c.channel, c.way): c.n for c in counts})
            assert added == whole
            assert all(begins == starts(begins, step) for begins in series)
        cut = await read_series(connection, root, date(2026, 1, 7), date(2026, 3, 9), Step.MONTH)
    whole = await scanned(
        services, await services.org.unit(root), date(2026, 1, 7), date(2026, 3, 9)
    )
    assert sum(c.n for counts in cut.values() for c in counts) == whole.total()
    assert sorted(cut) == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


def starts(day: date, step: Step) -> date:
    """The day on which the day's step begins."""
    if step is Step.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday() if step is Step.WEEK else 0)
