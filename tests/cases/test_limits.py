"""Limits and bad input: each has a rule, a refusal with what is possible instead, and a test here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import delete, update

from actions.bootstrap import Services
from actions.cases.case import CaseView
from actions.cases.kinds import CaseKind
from actions.cases.states import State, Verb
from actions.errors import Refusal
from actions.store.tables import officers, posts
from tests.cases.situations import (
    World,
    accepted,
    answered,
    closed,
    make_world,
    opened,
    visited,
    withdrawn,
)
from tests.cases.steps import (
    events_of,
    give_post,
    officer_id,
    photo,
    refused,
    state_of,
    submit,
    told,
    unit_id,
)
from tests.cast import badge_of, officer
from tests.installation import Servers, installation
from tests.policies import FULL, written

pytestmark = pytest.mark.usefixtures("frozen")
ALL_DONE = {"callback_first", "visit_first", "finding_first", "measures_first", "photos_first"}


@pytest.fixture(scope="module")
async def world(databases: Servers) -> AsyncIterator[World]:
    async with installation(databases) as wired:
        yield await make_world(wired)


@pytest.fixture(scope="module")
async def full(
    databases: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    policy = written(tmp_path_factory.mktemp("policies"), changes=FULL)
    async with installation(databases, policy=policy) as wired:
        yield await make_world(wired)


async def no(world: World, name: str, number: str, verb: Verb, **given: Any) -> Refusal:
    return await refused(world.act(name, number, verb, **given))


# --- two at once, yesterday's card, a closed case -------------------------------------------------


@pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.TRANSFER])
async def test_two_officers_at_once(world: World, verb: Verb) -> None:
    number = await opened(world)
    given: dict[str, Any] = {"unit": world.nanzhan, "text": "不是我们的"}
    turns = [getattr(world.cast, name).turn() for name in ("li", "wang")]
    act = world.services.cases.act
    calls = [act(turn, number, verb, **(given if verb is Verb.TRANSFER else {})) for turn in turns]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(result, CaseView) for result in results) == 1
    (lost,) = [result for result in results if isinstance(result, Refusal)]
    # taken: by whom; gone to another unit: it is not there any more
    assert lost.key == ("case_taken" if verb is Verb.ACCEPT else "case_not_found")


async def test_an_officer_and_the_citizen_at_once(world: World) -> None:
    number = await opened(world)
    results = await asyncio.gather(
        world.act("li", number, Verb.ACCEPT),
        world.act("chen", number, Verb.WITHDRAW),
        return_exceptions=True,
    )
    refusals = [result for result in results if isinstance(result, Refusal)]
    assert [each.key for each in refusals] in ([], ["case_over"])
    assert await state_of(world.services, number) is State.WITHDRAWN


@pytest.mark.parametrize(
    ("bring", "name", "verb", "key"),
    [
        (accepted, "wang", Verb.ACCEPT, "case_taken"),
        (accepted, "li", Verb.ACCEPT, "case_yours"),
        (answered, "wang", Verb.ANSWER, "case_taken"),
        (answered, "li", Verb.ANSWER, "verb_not_now"),
        (closed, "wang", Verb.ACCEPT, "case_over"),
        (closed, "li", Verb.ANSWER, "case_over"),
        (withdrawn, "li", Verb.ACCEPT, "case_over"),
        (withdrawn, "chen", Verb.URGE, "case_over"),
        (closed, "chen", Verb.WITHDRAW, "case_over"),
        (opened, "li", Verb.ANSWER, "accept_first"),
        (opened, "chen", Verb.RATE_RESULT, "verb_not_now"),
        (opened, "chen", Verb.ACCEPT, "verb_not_yours"),
    ],
)
async def test_a_button_of_yesterdays_card(
    world: World, bring: Any, name: str, verb: Verb, key: str
) -> None:
    number = await bring(world)
    before = await events_of(world.services, number)
    refusal = await no(world, name, number, verb, text="x", grade="satisfied")
    assert refusal.key == key
    assert refusal.params["number"] == number
    assert await events_of(world.services, number) == before


async def test_the_next_officer_is_told_who_was_faster_and_when(world: World) -> None:
    number = await accepted(world)
    refusal = await no(world, "wang", number, Verb.ACCEPT)
    assert (refusal.params["who"], refusal.params["at"]) == ("李警官", "14:05")


async def test_an_answer_is_given_once_however_often_it_is_pressed(world: World) -> None:
    number = await accepted(world)
    turn = world.cast.li.turn()
    for _ in range(2):
        await world.services.cases.act(turn, number, Verb.ANSWER, text="好了")
    assert (await events_of(world.services, number)).count("answer") == 1


# --- transfer -------------------------------------------------------------------------------------


async def test_never_in_a_circle(world: World) -> None:
    services, number = world.services, await opened(world)
    mingdeli = await unit_id(services, "明德里派出所")
    liu = world.cast.liu
    await world.act("li", number, Verb.TRANSFER, unit=world.nanzhan, text="在南站")
    for where in (mingdeli, world.nanzhan):
        refusal = await refused(
            services.cases.act(liu.turn(), number, Verb.TRANSFER, unit=where, text="不是")
        )
        assert refusal.key == ("transfer_circle" if where == mingdeli else "transfer_same")
    county = await unit_id(services, "桥西分局")
    await services.cases.act(liu.turn(), number, Verb.TRANSFER, unit=county, text="说不清")
    await world.act("sub", number, Verb.DISPATCH, unit=mingdeli, text="就是你们")  # from above
    refusal = await no(world, "li", number, Verb.TRANSFER, unit=world.nanzhan, text="不是")
    assert refusal.key == "transfer_circle"


@pytest.mark.parametrize(
    ("unit", "key"),
    [
        ("望江门派出所", "transfer_far"),
        ("桥东分局", "transfer_far"),
        ("明德里派出所", "transfer_same"),
        ("云州市公安局", None),
        ("桥西分局", None),
        ("槐荫路派出所", None),
    ],
)
async def test_how_far_a_unit_may_transfer(world: World, unit: str, key: str | None) -> None:
    number = await opened(world)
    given = {"unit": await unit_id(world.services, unit), "text": "不是我们的"}
    if key is None:
        await world.act("li", number, Verb.TRANSFER, **given)
    else:
        assert (await no(world, "li", number, Verb.TRANSFER, **given)).key == key


async def test_the_level_above_may_send_it_to_another_county(world: World) -> None:
    number = await opened(world)
    unit = await unit_id(world.services, "望江门派出所")
    await world.act("centre", number, Verb.DISPATCH, unit=unit, text="在桥东")
    assert (await no(world, "li", number, Verb.ACCEPT)).key == "case_not_found"


@pytest.mark.parametrize("unit", ["南站派出所", "户籍 1 号窗口"])
async def test_never_to_the_house_of_whom_it_is_about(world: World, unit: str) -> None:
    subject = await officer_id(world.services, world.cast.wang.badge)
    receipt = await submit(world.services, world.cast.chen, officer_id=subject)
    where = await unit_id(world.services, unit)
    refusal = None
    try:
        await world.act("sub", receipt.number, Verb.DISPATCH, unit=where, text="去办")
    except Refusal as found:
        refusal = found.key
    # WANG works at Mingdeli: its counter is the same house, the South station is not
    assert refusal == ("transfer_conflict" if unit != "南站派出所" else None)


# --- people ---------------------------------------------------------------------------------------


async def test_a_unit_without_officers_leads_to_the_next_above(world: World) -> None:
    """The community desk has nobody: its station hears. The station's three have no chat: the
    sub-centre does."""
    desk = await unit_id(world.services, "户籍 2 号窗口")
    receipt = await submit(world.services, world.cast.chen, unit_id=desk)
    assert len(await told(world.services, world.cast.li, receipt.number)) == 1
    empty = await unit_id(world.services, "槐荫路派出所")  # nobody of it is bound
    receipt = await submit(world.services, world.cast.chen, unit_id=empty)
    assert len(await told(world.services, world.cast.sub, receipt.number)) == 1
    await world.act("sub", receipt.number, Verb.ACCEPT)


async def test_an_officer_at_two_units_works_at_both_and_hears_once(world: World) -> None:
    badge = await badge_of(world.services, "槐荫路派出所", "officer")
    zhao = await officer(world.services, "槐荫路派出所", "officer")
    await give_post(world.services, badge, "明德里派出所", "officer")
    await give_post(world.services, badge, "户籍 1 号窗口", "officer")
    for unit in ("槐荫路派出所", "户籍 1 号窗口"):
        where = await unit_id(world.services, unit)
        receipt = await submit(world.services, world.cast.chen, unit_id=where)
        assert len(await told(world.services, zhao, receipt.number)) == 1
        view = await world.services.cases.act(zhao.turn(), receipt.number, Verb.ACCEPT)
        assert view.mine
    async with world.services.engine.begin() as connection:
        who = await officer_id(world.services, badge)
        extra = await unit_id(world.services, "槐荫路派出所")
        await connection.execute(
            delete(posts).where(posts.c.officer_id == who, posts.c.unit_id != extra)
        )


@pytest.fixture
async def li_leaves(world: World) -> AsyncIterator[Any]:
    """LI leaves the force, or only the unit; and is back after the test."""
    who = await officer_id(world.services, world.cast.li.badge)
    home = await unit_id(world.services, "明德里派出所")

    async def leave(what: str) -> None:
        async with world.services.engine.begin() as connection:
            if what == "the force":
                await connection.execute(
                    update(officers).where(officers.c.id == who).values(active=False)
                )
            else:
                await connection.execute(
                    update(posts).where(posts.c.officer_id == who).values(unit_id=world.nanzhan)
                )

    yield leave
    async with world.services.engine.begin() as connection:
        await connection.execute(update(officers).where(officers.c.id == who).values(active=True))
        await connection.execute(
            update(posts).where(posts.c.officer_id == who).values(unit_id=home)
        )


@pytest.mark.parametrize("what", ["the force", "the unit"])
async def test_a_colleague_takes_what_a_leaver_held(
    world: World, li_leaves: Any, what: str
) -> None:
    number = await accepted(world)
    assert (await no(world, "wang", number, Verb.ACCEPT)).key == "case_taken"
    await li_leaves(what)
    assert (await no(world, "li", number, Verb.ANSWER, text="x")).key == "case_not_found"
    await world.act("chen", number, Verb.URGE)
    assert "催办" in (await told(world.services, world.cast.wang, number))[-1]
    if what == "the force":
        listed = await world.services.cases.open_for_officer(world.cast.wang.turn())
        assert number in [case.number for case in listed]
    await world.act("wang", number, Verb.ACCEPT)
    view = await world.services.cases.find(world.cast.wang.turn(), number)
    assert view.mine


async def test_handing_over_only_to_a_colleague_who_may(world: World) -> None:
    number = await accepted(world)
    li = await officer_id(world.services, world.cast.li.badge)
    liu = await officer_id(world.services, world.cast.liu.badge)
    chief = await officer_id(world.services, world.cast.chief.badge)
    for who, key in [(liu, "colleague_not_here"), (chief, "colleague_not_here")]:
        assert (await no(world, "li", number, Verb.HAND_OVER, officer=who)).key == key
    refusal = await no(world, "head", number, Verb.HAND_OVER, officer=li)
    assert (refusal.key, refusal.params["who"]) == ("colleague_has_it", "李警官")
    await world.act("li", number, Verb.HAND_OVER, officer=world.wang)
    assert "交给您了" in (await told(world.services, world.cast.wang, number))[-1]
    assert (await no(world, "li", number, Verb.ANSWER, text="x")).key == "case_taken"


# --- more time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("span", "key"),
    [
        ("6 working days", "span_too_long"),
        ("8 days", "span_too_long"),
        ("0 minutes", "span_unread"),
        ("一会儿", "span_unread"),
        ("5 working days", None),
    ],
)
async def test_how_much_more_time_may_be_asked_for(
    world: World, span: str, key: str | None
) -> None:
    number = await accepted(world)
    given = {"span": span, "text": "等街道回复"}
    if key is None:
        await world.act("li", number, Verb.EXTEND, **given)
        assert (await no(world, "li", number, Verb.EXTEND, **given)).key == "extension_none"
    else:
        refusal = await no(world, "li", number, Verb.EXTEND, **given)
        assert refusal.key == key
        if key == "span_too_long":
            assert refusal.params["most"]


async def test_nobody_grants_their_own_request(world: World) -> None:
    number = await opened(world)
    await world.act("head", number, Verb.ACCEPT)
    await world.act("head", number, Verb.EXTEND, span="1 working day", text="等街道")
    assert (await no(world, "head", number, Verb.GRANT)).key == "verb_not_yours"
    await world.act("sub", number, Verb.GRANT)


async def test_three_urgings_a_day(world: World) -> None:
    number = await opened(world)
    for _ in range(3):
        await world.act("chen", number, Verb.URGE)
    refusal = await no(world, "chen", number, Verb.URGE)
    assert refusal.key == "urged_enough"
    assert "add_facts" in refusal.may


# --- what must have been done before --------------------------------------------------------------


async def test_what_the_policy_wants_before_the_answer_one_after_the_other(full: World) -> None:
    number = await accepted(full)

    async def missing() -> str:
        refusal = await no(full, "li", number, Verb.HAND_IN, text="办好了")
        assert set(refusal.may) <= {str(verb) for verb in Verb}
        assert refusal.may
        return refusal.key

    proof = await photo(full.services, full.cast.li)
    citizens = await photo(full.services, full.cast.chen)
    await full.act("chen", number, Verb.ADD_FACTS, text="现场", attachments=[citizens])
    steps: list[tuple[str, str, Verb, dict[str, Any]]] = [
        ("callback_first", "sub", Verb.CALL_BACK, {"reached": "yes", "text": "说了"}),
        ("visit_first", "li", Verb.VISIT, {"text": "上门看了"}),
        ("finding_first", "li", Verb.VERIFY, {"finding": "partly", "text": "监控"}),
        ("measures_first", "li", Verb.RECTIFY, {"text": "加了窗口"}),
        ("photos_first", "li", Verb.RECTIFY, {"text": "照片", "attachments": [proof]}),
    ]
    assert {step[0] for step in steps} == ALL_DONE
    for key, name, verb, given in steps:
        assert await missing() == key
        await full.act(name, number, verb, **given)
    await full.act("li", number, Verb.HAND_IN, text="办好了")


async def test_what_cannot_be_mended_needs_no_photo(full: World) -> None:
    number = await accepted(full)
    await full.act("sub", number, Verb.CALL_BACK, reached="yes", text="说了")
    await full.act("li", number, Verb.VISIT, text="上门看了")
    await full.act("li", number, Verb.VERIFY, finding="unsubstantiated", text="监控看了")
    await full.act("li", number, Verb.EXPLAIN, text="按规定要本人来")
    await full.act("li", number, Verb.HAND_IN, text="已解释")


async def test_the_code_of_a_visit_cannot_be_guessed(full: World) -> None:
    number = await visited(full)
    right = full.codes[number]
    wrong = "0000" if right != "0000" else "1111"
    for _ in range(10):
        refusal = await no(full, "li", number, Verb.CONFIRM_VISIT, code=wrong)
        assert refusal.key == "visit_code_wrong"
    refusal = await no(full, "li", number, Verb.CONFIRM_VISIT, code=right)
    assert refusal.key == "too_many_guesses"
    await full.act("chen", number, Verb.CONFIRM_VISIT)  # the citizen needs no code
    await full.services.redis.flushdb()


async def test_who_did_the_work_neither_reviews_nor_revisits_it(full: World) -> None:
    """The sub-centre took it itself: another level looks at it."""
    services: Services = full.services
    county = await unit_id(services, "桥西分局")
    number = (await submit(services, full.cast.chen, unit_id=county, kind=CaseKind.HELP)).number
    await full.act("sub", number, Verb.ACCEPT)
    await full.act("sub", number, Verb.ANSWER, text="好了")
    refusal = await no(full, "sub", number, Verb.REVISIT, grade="satisfied", text="好")
    assert refusal.key == "verb_not_yours"
    await full.act("centre", number, Verb.REVISIT, grade="satisfied", text="好")


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        (Verb.VERIFY, {"finding": "maybe", "text": "x"}),
        (Verb.VERIFY, {"finding": "partly"}),
        (Verb.CALL_BACK, {"reached": "yes"}),
        (Verb.ANSWER, {"text": ""}),
        (Verb.HAND_OVER, {}),
    ],
)
async def test_what_no_button_can_send_is_a_fault_and_changes_nothing(
    world: World, verb: Verb, given: dict[str, Any]
) -> None:
    number = await accepted(world)
    before = await events_of(world.services, number)
    with pytest.raises(ValueError, match=r"needs|finding|said"):
        await world.act("li", number, verb, **given)
    assert await events_of(world.services, number) == before
