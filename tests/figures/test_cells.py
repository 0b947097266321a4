"""What leaves the counters is exact, and tells of nobody."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from actions import clock
from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.figures.cells import Seen, see, see_many
from actions.figures.disclosure import Span
from actions.figures.reading import Step
from actions.figures.series import read_points
from actions.org.org import Unit
from actions.reports.intervals import Counts
from tests.figures.ratings import Raters, unit_named

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
NOVEMBER = Span(date(2026, 11, 1), date(2026, 12, 1))
OCTOBER = Span(date(2026, 10, 1), date(2026, 11, 1))


@pytest.fixture
async def raters(services: Services) -> AsyncIterator[Raters]:
    moment = datetime(2026, 11, 20, 14, 5, tzinfo=BEIJING)
    clock.freeze(lambda: moment)
    yield Raters(services)
    clock.freeze(None)


async def seen(services: Services, unit: Unit, span: Span, today: date = TODAY) -> Seen:
    below = [each.id for each in (await services.org.tree()).below(unit.path)]
    async with services.engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="REPEATABLE READ")
        return await see(connection, unit, below, span, today)


async def station(services: Services) -> Unit:
    return await unit_named(services, "明德里派出所")


async def test_a_whole_month_is_shown_as_it_is(services: Services, raters: Raters) -> None:
    unit = await station(services)
    await raters.rate(unit, date(2026, 10, 4), "sssu")
    await raters.rate(unit, date(2026, 10, 31), "sb")
    found = await seen(services, unit, OCTOBER)
    assert found.given == 6
    assert (found.span, found.counts) == (OCTOBER, Counts(4, 1, 1))
    assert found.by_way == {("wechat", "scan"): Counts(4, 1, 1)}


async def test_four_are_not_shown(services: Services, raters: Raters) -> None:
    unit = await station(services)
    await raters.rate(unit, date(2026, 10, 4), "sssu")
    assert await seen(services, unit, OCTOBER) == Seen(4)


async def test_five_of_one_citizen_are_not_shown(services: Services, raters: Raters) -> None:
    unit = await station(services)
    await raters.rate(unit, date(2026, 10, 4), "ssssu", person="openid-the-same")
    await raters.rate(unit, date(2026, 10, 5), "sss")
    assert await seen(services, unit, OCTOBER) == Seen(8)
    await raters.rate(unit, date(2026, 10, 6), "u")
    assert (await seen(services, unit, OCTOBER)).counts.total == 9


async def test_what_came_one_way_stands_alone_from_five_on(
    services: Services, raters: Raters
) -> None:
    """A lead hands out one code and reads the figures before and after: no grade is told."""
    unit = await station(services)
    await raters.rate(unit, date(2026, 10, 4), "s" * 12)
    before = await seen(services, unit, OCTOBER)
    await raters.rate(unit, date(2026, 10, 5), "u", came=("wechat", "invited_by_officer"))
    after = await seen(services, unit, OCTOBER)
    assert before.by_way == {("wechat", "scan"): Counts(12, 0, 0)}
    assert after.by_way == {}  # 13 less 12 would tell
    await raters.rate(unit, date(2026, 10, 6), "ssss", came=("wechat", "invited_by_officer"))
    both = await seen(services, unit, OCTOBER)
    assert both.by_way[("wechat", "invited_by_officer")] == Counts(4, 0, 1)


async def test_of_today_the_first_are_shown_once_five_more_have_come(
    services: Services, raters: Raters
) -> None:
    unit, today = await station(services), Span(TODAY, TODAY + DAY)
    await raters.rate(unit, TODAY, "sssssssss")
    assert await seen(services, unit, today) == Seen(9)
    await raters.rate(unit, TODAY, "u", hour=10)
    found = await seen(services, unit, today)
    assert (found.given, found.counts) == (10, Counts(5, 0, 0))
    await raters.rate(unit, TODAY, "uuuu", hour=11)
    assert (await seen(services, unit, today)).counts == Counts(5, 0, 0)
    await raters.rate(unit, TODAY, "s", hour=12)
    assert (await seen(services, unit, today)).counts == Counts(9, 0, 1)


async def test_a_unit_is_hidden_where_the_one_above_has_hardly_more(
    services: Services, raters: Raters
) -> None:
    county, unit = await unit_named(services, "桥西分局"), await station(services)
    other = await unit_named(services, "南站派出所")
    await raters.rate(unit, date(2026, 10, 4), "s" * 20)
    await raters.rate(other, date(2026, 10, 5), "u")
    assert (await seen(services, county, OCTOBER)).counts.total == 21
    assert await seen(services, unit, OCTOBER) == Seen(20)
    await raters.rate(other, date(2026, 10, 6), "ssss")
    assert (await seen(services, unit, OCTOBER)).counts == Counts(20, 0, 0)
    assert (await seen(services, other, OCTOBER)).counts == Counts(4, 0, 1)


async def test_days_are_points_where_five_came(services: Services, raters: Raters) -> None:
    unit = await station(services)
    for day, grades in (
        (3, "s" * 6),
        (4, "ss"),
        (5, "su"),
        (6, "ssssb"),
        (7, "s" * 8),
        (9, "sssss"),
    ):
        await raters.rate(unit, date(2026, 11, day), grades)
    span = Span(date(2026, 11, 2), date(2026, 11, 8))
    async with services.engine.connect() as connection:
        points = await read_points(connection, unit, span, Step.DAY, TODAY)
    shown = {point.first.day: point.counts and point.counts.total for point in points}
    # the 4th and 5th have four together and are hidden with the 6th, after which a cut comes
    assert shown == {2: 0, 3: 6, 4: None, 5: None, 6: None, 7: 8}


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_asked_is_exact_and_nothing_can_be_subtracted(
    services: Services, raters: Raters, seed: int
) -> None:
    """Ratings of two months, asked for on several days as they come: pairs of spans of a unit."""
    pick = random.Random(seed)
    unit = await station(services)
    shown: dict[Span, int] = {}
    for on in (date(2026, 11, 8), date(2026, 11, 15), TODAY):
        since = date(2026, 10, 1) if not shown and on.day == 8 else on - 7 * DAY
        while since < on:
            await raters.rate(unit, since, pick.choices("ssbu", k=pick.choice([0, 1, 1, 2, 4, 9])))
            since += DAY
        asked = [OCTOBER, NOVEMBER, Span(on - 6 * DAY, on + DAY)]
        asked += [_some_span(pick, on) for _ in range(6)]
        for span in asked:
            found = await seen(services, unit, span, on)
            if found.span is None:
                continue
            assert found.counts == await scanned(services, unit, found.span)
            assert sum((each.total for each in found.by_way.values()), 0) <= found.counts.total
            shown[found.span] = found.counts.total
    whole = Span(date(2026, 10, 1), date(2026, 12, 1))
    assert shown
    for one, n in shown.items():
        for other, m in shown.items():
            if one.first <= other.first and other.end <= one.end:
                assert n - m == 0 or n - m >= 5
        assert whole.first <= one.first


def _some_span(pick: random.Random, on: date) -> Span:
    first = date(2026, 10, 1) + pick.randrange((on - date(2026, 10, 1)).days) * DAY
    return Span(first, min(on + DAY, first + pick.randrange(1, 40) * DAY))


async def scanned(services: Services, unit: Unit, span: Span) -> Counts:
    query = text("""
        SELECT grade, count(*) FROM ratings JOIN units ON units.id = unit_id
        WHERE starts_with(path, :path) AND rated_at >= :first AND rated_at < :end GROUP BY 1""")
    start, end = (datetime(d.year, d.month, d.day, tzinfo=BEIJING) for d in (span.first, span.end))
    async with services.engine.connect() as connection:
        rows = (
            await connection.execute(query, {"path": unit.path, "first": start, "end": end})
        ).all()
    found = {row[0]: row[1] for row in rows}
    return Counts(*(found.get(grade, 0) for grade in ("satisfied", "basically", "unsatisfied")))


async def test_many_at_once_are_what_each_is(services: Services, raters: Raters) -> None:
    pick = random.Random(9)
    names = ["明德里派出所", "南站派出所", "石桥头派出所"]
    units = [await unit_named(services, name) for name in names]
    for unit in units:
        for day in range(1, 20):
            grades = pick.choices("ssbu", k=pick.randrange(7))
            await raters.rate(unit, date(2026, 11, day), grades)
    for span in (NOVEMBER, Span(date(2026, 11, 3), date(2026, 11, 12)), OCTOBER):
        async with services.engine.connect() as connection:
            found = await see_many(connection, units, span, TODAY)
        for unit in units:
            alone = await seen(services, unit, span)
            assert found[unit.id].given == alone.given
            assert (found[unit.id].span, found[unit.id].counts) == (alone.span, alone.counts)
