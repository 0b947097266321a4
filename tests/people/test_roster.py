"""Leave and duty: who is told of a new case of Mingdeli, where LI, WANG and HEAD work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.people.roster import Shift
from actions.store.tables import absences, officers, shifts
from tests.cases.steps import count, refused, submit, told
from tests.cast import Cast, gather_cast
from tests.conftest import FrozenClock
from tests.installation import Servers, installation

pytestmark = pytest.mark.usefixtures("frozen")
STATION, NANZHAN = "YZ-QX-MDL", "YZ-QX-NZ"
EVERYONE = {"li", "wang", "head"}


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture(scope="module")
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


@pytest.fixture(autouse=True)
async def an_empty_roster(services: Services) -> AsyncIterator[None]:
    yield
    async with services.engine.begin() as connection:
        await connection.execute(shifts.delete())
        await connection.execute(absences.delete())


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=BEIJING)


async def hears(services: Services, cast: Cast) -> set[str]:
    """Who is told of a case that is submitted now."""
    number = (await submit(services, cast.chen)).number
    names = ("li", "wang", "head", "liu", "sub", "centre")
    return {n for n in names if await told(services, getattr(cast, n), number)}


# --- leave ----------------------------------------------------------------------------------------


async def test_without_a_roster_everyone_hears(services: Services, cast: Cast) -> None:
    assert await hears(services, cast) == EVERYONE


async def test_who_is_on_leave_does_not(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await services.roster.take_leave(cast.li.turn(), at("20T12:00"), at("23T00:00"))
    assert await hears(services, cast) == EVERYONE - {"li"}
    frozen.moment = at("23T08:00")
    assert await hears(services, cast) == EVERYONE


async def test_leave_that_begins_tomorrow(services: Services, cast: Cast) -> None:
    await services.roster.take_leave(cast.li.turn(), at("21T00:00"), at("23T00:00"))
    assert await hears(services, cast) == EVERYONE


async def test_all_on_leave_the_level_above_hears(services: Services, cast: Cast) -> None:
    for someone in (cast.li, cast.wang, cast.head):
        await services.roster.take_leave(someone.turn(), at("20T12:00"), at("23T00:00"))
    assert await hears(services, cast) == {"sub"}
    await services.roster.take_leave(cast.sub.turn(), at("20T12:00"), at("23T00:00"))
    assert await hears(services, cast) == {"centre"}


async def test_coming_back_early(services: Services, cast: Cast) -> None:
    await services.roster.take_leave(cast.li.turn(), at("20T12:00"), at("23T00:00"))
    assert await services.roster.come_back(cast.li.turn()) is True
    assert await hears(services, cast) == EVERYONE
    assert await services.roster.come_back(cast.li.turn()) is False


async def test_another_leave_takes_the_place_of_the_one_before(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await services.roster.take_leave(cast.li.turn(), at("20T12:00"), at("30T00:00"))
    await services.roster.take_leave(cast.li.turn(), at("20T12:00"), at("21T00:00"))
    frozen.moment = at("21T09:00")
    assert await hears(services, cast) == EVERYONE


@pytest.mark.parametrize(("first", "last"), [("18", "19"), ("20", "19"), ("21", "21")])
async def test_a_leave_that_is_over_or_empty_is_refused(
    services: Services, cast: Cast, first: str, last: str
) -> None:
    call = services.roster.take_leave(cast.li.turn(), at(f"{first}T00:00"), at(f"{last}T00:00"))
    assert (await refused(call)).key == "leave_over"


async def test_a_citizen_has_no_leave(services: Services, cast: Cast) -> None:
    for call in (
        services.roster.take_leave(cast.chen.turn(), at("20T12:00"), at("23T00:00")),
        services.roster.come_back(cast.chen.turn()),
        services.roster.on_duty(cast.chen.turn()),
    ):
        assert (await refused(call)).key == "officers_only"


# --- duty -----------------------------------------------------------------------------------------


def shift(cast: Cast, name: str, first: str, last: str, unit: str = STATION) -> Shift:
    return Shift(unit, getattr(cast, name).badge, at(first), at(last))


async def test_while_someone_is_on_duty_only_they_hear(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    assert await services.roster.load([shift(cast, "wang", "20T08:00", "20T20:00")]) == []
    assert await hears(services, cast) == {"wang"}
    frozen.moment = at("20T20:00")  # the end is not theirs any more
    assert await hears(services, cast) == EVERYONE


async def test_a_hole_in_the_roster_is_everyone(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    lines = [
        shift(cast, "li", "20T08:00", "20T12:00"),
        shift(cast, "wang", "20T16:00", "20T20:00"),
    ]
    assert await services.roster.load(lines) == []
    assert await hears(services, cast) == EVERYONE  # at 14:05 nobody is on
    frozen.moment = at("20T16:00")
    assert await hears(services, cast) == {"wang"}


async def test_who_is_on_duty_and_on_leave_is_not_told(services: Services, cast: Cast) -> None:
    await services.roster.load([shift(cast, "wang", "20T08:00", "20T20:00")])
    await services.roster.take_leave(cast.wang.turn(), at("20T12:00"), at("23T00:00"))
    assert await hears(services, cast) == {"li", "head"}


async def test_a_leaver_in_the_roster_leaves_a_hole(services: Services, cast: Cast) -> None:
    await services.roster.load([shift(cast, "wang", "20T08:00", "20T20:00")])
    of_wang = update(officers).where(officers.c.badge == cast.wang.badge)
    async with services.engine.begin() as connection:
        await connection.execute(of_wang.values(active=False))
    try:
        assert await hears(services, cast) == {"li", "head"}
        assert await services.roster.on_duty(cast.li.turn()) == []
    finally:
        async with services.engine.begin() as connection:
            await connection.execute(of_wang.values(active=True))


async def test_who_is_on_duty_is_told_by_unit_from_above(services: Services, cast: Cast) -> None:
    lines = [
        shift(cast, "wang", "20T08:00", "20T20:00"),
        shift(cast, "liu", "20T08:00", "20T18:00", NANZHAN),
    ]
    await services.roster.load(lines)
    seen = await services.roster.on_duty(cast.sub.turn())
    assert [(line.called, line.unit_label) for line in seen] == [
        ("王警官", "明德里派出所"),
        ("刘警官", "南站派出所"),
    ]
    assert [line.called for line in await services.roster.on_duty(cast.li.turn())] == ["王警官"]


async def test_a_line_loaded_again_is_there_once_and_can_be_changed(
    services: Services, cast: Cast
) -> None:
    line = shift(cast, "wang", "20T08:00", "20T12:00")
    longer = shift(cast, "wang", "20T08:00", "20T20:00")
    await asyncio.gather(*(services.roster.load([line]) for _ in range(3)))
    assert await hears(services, cast) == EVERYONE
    await services.roster.load([longer])
    assert await hears(services, cast) == {"wang"}
    assert await count(services, shifts) == 1


async def test_one_wrong_line_and_nothing_is_loaded(services: Services, cast: Cast) -> None:
    good = shift(cast, "wang", "20T08:00", "20T20:00")
    wrong = [
        Shift("YZ-XX", cast.wang.badge, good.from_at, good.until_at),
        Shift(STATION, "Y99999", good.from_at, good.until_at),
        Shift(STATION, cast.li.badge, good.until_at, good.until_at - timedelta(hours=1)),
    ]
    found = await services.roster.load([good, *wrong])
    assert len(found) == 3
    assert ["YZ-XX" in found[0], "Y99999" in found[1], "before it begins" in found[2]] == [True] * 3
    assert await count(services, shifts) == 0
