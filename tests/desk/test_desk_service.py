"""What an entry becomes: whose case it is, who hears of it, and what its writer must not see."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.desk.entry import LONGEST, Entry, EntryKind, Source
from actions.errors import Refusal
from actions.ratings.rating import Grade
from actions.store.tables import cases, deliveries, desk_entries, identities, ratings, units
from actions.turn import Turn
from tests.cast import Cast, Someone
from tests.conftest import FrozenClock

CALL = Entry(Source.HOTLINE, EntryKind.COMPLAINT, "户籍窗口等了两个小时", phone="139 0000 0000")
pytestmark = pytest.mark.usefixtures("frozen")


async def unit_id(services: Services, name: str) -> int:
    async with services.engine.connect() as connection:
        query = select(units.c.id).where(units.c.name == name)
        return int((await connection.execute(query)).scalars().first() or 0)


async def count(services: Services, table: object) -> int:
    async with services.engine.connect() as connection:
        query = select(func.count()).select_from(table)  # type: ignore[arg-type]
        return int((await connection.execute(query)).scalar_one())


async def test_the_case_is_the_number_owners(services: Services, cast: Cast) -> None:
    entry = replace(CALL, unit_id=await unit_id(services, "明德里派出所"), news=True)
    recorded = await services.desk.record(cast.sub.turn(), entry)
    assert recorded.receipt is not None
    assert recorded.short_code == recorded.receipt.short_code
    assert recorded.texted
    async with services.engine.connect() as connection:
        query = select(identities, cases.c.phone_sealed).join(
            cases, cases.c.identity_id == identities.c.id
        )
        row = (await connection.execute(query)).one()
    assert (row.channel, row.officer_id, row.state) == ("sms", None, "active")
    assert services.vault.open(row.sender_sealed) == "+8613900000000"
    assert services.vault.open(row.phone_sealed) == "13900000000"


@pytest.mark.parametrize("phone", ["", "13900000000", "0310-3123456转8"])
async def test_who_wants_no_texts_gets_none(services: Services, cast: Cast, phone: str) -> None:
    entry = replace(CALL, phone=phone, unit_id=await unit_id(services, "明德里派出所"))
    recorded = await services.desk.record(cast.sub.turn(), entry)
    assert recorded.receipt is not None
    number = recorded.receipt.number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    async with services.engine.connect() as connection:
        row = (
            await connection.execute(select(identities).where(identities.c.channel == "desk"))
        ).one()
        told = select(func.count()).where(deliveries.c.identity_id == row.id)
        assert row.state == "dead"
        assert (await connection.execute(told)).scalar_one() == 0


async def test_the_short_code_opens_it_for_whoever_has_it(services: Services, cast: Cast) -> None:
    recorded = await services.desk.record(cast.sub.turn(), CALL)
    view = await services.cases.find(cast.chen.turn(), recorded.short_code)
    assert view.what == CALL.what


async def test_who_wrote_it_down_is_in_its_history(services: Services, cast: Cast) -> None:
    recorded = await services.desk.record(cast.sub.turn(), CALL)
    assert recorded.receipt is not None
    events = await services.cases.history(cast.centre.turn(), recorded.receipt.number)
    assert events[0].verb == "submit"
    assert events[0].by.endswith("警官")
    assert events[0].words == "recorded_hotline"


async def test_the_same_form_is_written_down_once(services: Services, cast: Cast) -> None:
    turn = cast.sub.turn()
    first, second = await asyncio.gather(
        services.desk.record(turn, CALL), services.desk.record(turn, CALL)
    )
    third = await services.desk.record(turn, CALL)
    assert first == second == third
    assert await count(services, cases) == await count(services, desk_entries) == 1


async def test_a_rating_becomes_a_case_only_when_not_satisfied(
    services: Services, cast: Cast
) -> None:
    station = await unit_id(services, "明德里派出所")
    good = Entry(Source.HOTLINE, EntryKind.RATING, unit_id=station, grade=Grade.SATISFIED)
    recorded = await services.desk.record(cast.sub.turn(), good)
    assert recorded.receipt is None
    assert recorded.unit_label == "桥西分局明德里派出所"
    bad = replace(good, source=Source.DOOR_VISIT, grade=Grade.UNSATISFIED, what="等太久")
    turn = cast.centre.turn()
    recorded = await services.desk.record(turn, bad)
    assert await services.desk.record(turn, bad) == recorded
    assert recorded.receipt is not None
    async with services.engine.connect() as connection:
        rows = (await connection.execute(select(ratings).order_by(ratings.c.rated_at))).all()
        case = (await connection.execute(select(cases))).one()
    assert [(row.channel, row.way) for row in rows] == [("desk", "hotline"), ("desk", "door_visit")]
    assert (case.kind, case.rating_id) == ("unsatisfied", rows[1].id)


def refused(cast: Cast) -> dict[str, tuple[Someone, Entry, str]]:
    graded = Entry(Source.WALK_IN, EntryKind.RATING, grade=Grade.SATISFIED)
    return {
        "a citizen": (cast.chen, CALL, "desk_not_yours"),
        "a supervisor": (cast.chief, CALL, "desk_not_yours"),
        "an officer who takes calls": (cast.li, CALL, "desk_source_not_yours"),
        "a wrong number": (cast.sub, replace(CALL, phone="12345"), "desk_phone_wrong"),
        "a novel": (cast.sub, replace(CALL, what="长" * (LONGEST + 1)), "desk_too_long"),
        "a badge of nobody": (cast.sub, replace(CALL, badge="X99999"), "desk_badge_unknown"),
        "a grade by an officer of the unit": (cast.li, graded, "desk_grade_not_yours"),
        "a grade by its head": (cast.head, graded, "desk_grade_not_yours"),
        "a grade from another county": (cast.liu, graded, "desk_grade_not_yours"),
    }


REFUSED = (
    *("a citizen", "a supervisor", "an officer who takes calls", "a wrong number", "a novel"),
    *("a badge of nobody", "a grade by an officer of the unit", "a grade by its head"),
    "a grade from another county",
)


@pytest.mark.parametrize("case", REFUSED)
async def test_refusals_leave_nothing_behind(services: Services, cast: Cast, case: str) -> None:
    who, entry, key = refused(cast)[case]
    if entry.kind is EntryKind.RATING:
        entry = replace(entry, unit_id=await unit_id(services, "明德里派出所"))
    with pytest.raises(Refusal) as told:
        await services.desk.record(who.turn(), entry)
    assert told.value.key == key
    assert await count(services, cases) == await count(services, desk_entries) == 0


async def test_about_oneself_it_goes_above_and_its_code_is_withheld(
    services: Services, cast: Cast
) -> None:
    entry = replace(CALL, source=Source.WALK_IN, badge=cast.li.badge)
    entry = replace(entry, unit_id=await unit_id(services, "明德里派出所"))
    recorded = await services.desk.record(cast.li.turn(), entry)
    assert recorded.receipt is not None
    assert recorded.withheld
    assert recorded.short_code == ""
    assert recorded.unit_label == "桥西分局"
    with pytest.raises(Refusal, match="case_not_found"):
        await services.cases.find(cast.li.turn(), recorded.receipt.number)
    by_head = replace(entry, source=Source.HOTLINE)
    assert (await services.desk.record(cast.head.turn(), by_head)).withheld
    assert not (await services.desk.record(cast.sub.turn(), by_head)).withheld


async def test_a_unit_beyond_reach_is_left_to_the_centre(services: Services, cast: Cast) -> None:
    there = await unit_id(services, "南站派出所")
    entry = replace(CALL, source=Source.DOOR_VISIT, unit_id=there, unit_words="南站所")
    recorded = await services.desk.record(cast.li.turn(), entry)
    assert recorded.unit_label == "云州市公安局"
    assert recorded.receipt is not None
    view = await services.cases.find(cast.centre.turn(), recorded.receipt.number)
    assert view.who == "南站所"


async def test_an_open_case_of_the_same_number_is_shown_to_those_above(
    services: Services, cast: Cast
) -> None:
    recorded = await services.desk.record(cast.centre.turn(), CALL)
    assert recorded.receipt is not None
    number = recorded.receipt.number
    assert await services.desk_lookups.same_number(cast.centre.turn(), "139-0000-0000") == [number]
    assert (
        await services.desk_lookups.same_number(cast.sub.turn(), "13900000000") == []
    )  # not their county
    assert await services.desk_lookups.same_number(cast.li.turn(), "13900000000") == []
    assert await services.desk_lookups.same_number(cast.centre.turn(), "不留") == []


async def test_todays_own_entries(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    await services.desk.record(cast.sub.turn(), CALL)
    frozen.advance(minutes=3)
    station = await unit_id(services, "明德里派出所")
    good = Entry(Source.HOTLINE, EntryKind.RATING, unit_id=station, grade=Grade.SATISFIED)
    await services.desk.record(cast.sub.turn(), good)
    assert [each.number for each in await services.desk_lookups.today(cast.sub.turn())] == [
        "",
        "Q26-0001",
    ]
    assert await services.desk_lookups.today(cast.centre.turn()) == []
    frozen.advance(days=1)
    assert await services.desk_lookups.today(cast.sub.turn()) == []


async def test_suggestions_lie_within_reach(services: Services, cast: Cast) -> None:
    labels = [
        u.label for u in await services.desk_lookups.suggested(cast.sub.turn(), "派出所 明德里")
    ]
    assert labels[0] == "桥西分局明德里派出所"
    assert await services.desk_lookups.suggested(cast.li.turn(), "南站派出所") == []


async def test_danger_reaches_the_duty_desk(services: Services, cast: Cast) -> None:
    turn: Turn = cast.sub.turn()
    assert await services.desk.alarm(turn, "他拿着刀要砍人")
    assert await services.desk.alarm(turn, "他拿着刀要砍人")
    assert not await services.desk.alarm(turn, "等了两小时")
    async with services.engine.connect() as connection:
        query = select(func.count()).where(deliveries.c.topic == "duty")
        assert (await connection.execute(query)).scalar_one() == 1
