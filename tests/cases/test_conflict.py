"""Conflict of interest: whom a case is about, and their direct leader, never see or handle it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from actions.bootstrap import Services
from actions.cases.states import State, Verb
from actions.store.tables import cases, identities, units
from tests.cases.situations import World, accepted, make_world, opened
from tests.cases.steps import (
    case_row,
    give_post,
    officer_id,
    refused,
    submit,
    told,
    unit_id,
)
from tests.cast import Someone, citizen
from tests.installation import Servers, installation

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture(scope="module")
async def world(databases: Servers) -> AsyncIterator[World]:
    async with installation(databases) as wired:
        yield await make_world(wired)


async def about(world: World, name: str, **changes: Any) -> str:
    """A case of CHEN's about this officer, told at their own unit."""
    subject = await officer_id(world.services, world.person(name).badge)
    return (await submit(world.services, world.cast.chen, officer_id=subject, **changes)).number


async def unit_of(services: Services, number: str) -> str:
    async with services.engine.connect() as connection:
        query = select(units.c.name).join(cases, cases.c.unit_id == units.c.id)
        return str((await connection.execute(query.where(cases.c.number == number))).scalar_one())


async def sees_nothing(world: World, who: Someone, number: str) -> None:
    """Not by number, not in a list, by no verb, in no notice."""
    service, turn = world.services.cases, who.turn()
    for call in (
        service.find(turn, number),
        service.history(turn, number),
        service.clocks(turn, number),
        service.links(turn, number),
        service.act(turn, number, Verb.ACCEPT),
        service.act(turn, number, Verb.SUPERVISE, text="快"),
    ):
        assert (await refused(call)).key == "case_not_found"
    assert number not in [case.number for case in await service.open_for_officer(turn)]
    assert await told(world.services, who, number) == []
    await world.services.redis.flushdb()


@pytest.mark.parametrize(
    ("name", "unit"),
    [("li", "桥西分局"), ("head", "桥西分局"), ("sub", "云州市公安局"), ("centre", "云州市公安局")],
)
async def test_it_goes_above_them_and_they_never_see_it(world: World, name: str, unit: str) -> None:
    number = await about(world, name)
    assert await unit_of(world.services, number) == unit
    await sees_nothing(world, world.person(name), number)
    if name == "li":
        await sees_nothing(world, world.cast.head, number)
    row = await case_row(world.services, number)
    assert row.escrow


async def test_the_level_above_hears_of_it_and_handles_it(world: World) -> None:
    number = await about(world, "li")
    assert len(await told(world.services, world.cast.sub, number)) == 1
    view = await world.services.cases.act(world.cast.sub.turn(), number, Verb.ACCEPT)
    assert view.phone == ""  # in escrow: not even the holder sees who complained


async def test_the_lead_named_is_barred_like_the_officer(world: World) -> None:
    """A complaint about HEAD goes to the county; the officers of the station do not get it."""
    number = await about(world, "head")
    await sees_nothing(world, world.cast.head, number)
    await sees_nothing(world, world.cast.li, number)


async def test_named_later_it_is_taken_away_and_goes_above(world: World) -> None:
    """LI holds it when it turns out to be about WANG of the same station."""
    number = await accepted(world)
    await world.act("sub", number, Verb.NAME_SUBJECT, officer=world.cast.wang.badge)
    row = await case_row(world.services, number)
    assert (row.state, row.accepted_by, row.escrow) == (State.DISPATCHED, None, True)
    assert await unit_of(world.services, number) == "桥西分局"
    for name in ("wang", "head", "li"):
        no = await refused(world.services.cases.find(world.person(name).turn(), number))
        assert no.key == "case_not_found"
    await world.act("centre", number, Verb.ACCEPT)


async def test_whose_name_is_not_known_is_refused(world: World) -> None:
    number = await opened(world)
    no = await refused(
        world.services.cases.act(world.cast.sub.turn(), number, Verb.NAME_SUBJECT, officer="Y99999")
    )
    assert no.key == "badge_not_here"
    assert await unit_of(world.services, number) == "明德里派出所"


async def test_who_works_at_two_stations_is_avoided_at_both(
    databases: Servers,
) -> None:
    async with installation(databases) as wired:
        world = await make_world(wired)
        await give_post(wired, world.cast.liu.badge, "明德里派出所", "officer")
        number = await about(world, "liu")  # told at Mingdeli
        assert await unit_of(wired, number) == "桥西分局"
        for unit in ("明德里派出所", "南站派出所", "户籍 1 号窗口"):
            where = await unit_id(wired, unit)
            call = wired.cases.act(
                world.cast.sub.turn(), number, Verb.DISPATCH, unit=where, text="去办"
            )
            assert (await refused(call)).key == "transfer_conflict"


async def test_the_groups_of_their_house_get_no_card(world: World) -> None:
    """A bound group of Mingdeli: its cases are posted there, those about LI are not."""
    person = await world.services.people.whoami(world.cast.head.turn())
    assert person.officer is not None
    group = await citizen(world.services, "group-of-mingdeli")
    async with world.services.engine.begin() as connection:
        await connection.execute(
            identities.update()
            .where(identities.c.conversation == group.conversation)
            .values(kind="group", unit_id=person.officer.unit_id)
        )
    try:
        usual, about_li = await opened(world), await about(world, "li")
        assert len(await told(world.services, group, usual)) == 1
        assert await told(world.services, group, about_li) == []
    finally:
        async with world.services.engine.begin() as connection:
            await connection.execute(
                identities.update()
                .where(identities.c.conversation == group.conversation)
                .values(state="dead")
            )
