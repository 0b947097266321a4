"""Who sees a proposal, who decides, and that a decision stands."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from actions.accountability.standing import may_decide, may_see
from actions.errors import Refusal
from actions.people.roles import Role
from actions.store.tables import proposal_events, proposals, rule_evaluations
from tests.accountability.house import House
from tests.cases.steps import refused
from tests.cast import Someone

# Who stands where: /1/ the city, /1/2/ a county, /1/2/3/ a station.
GRID = [
    # role, of, level, about, sees, decides
    ("inspector", "/1/", "inspector", "/1/2/", True, True),
    ("centre", "/1/", "inspector", "/1/2/", True, True),  # stands in for every level
    ("sub_centre", "/1/2/", "inspector", "/1/2/", False, False),  # the own county
    ("sub_centre", "/1/2/", "inspector", "/1/2/3/", False, False),
    ("supervisor", "/1/", "inspector", "/1/2/", True, False),
    ("supervisor", "/1/2/", "inspector", "/1/2/", False, False),  # about themselves
    ("unit_lead", "/1/2/", "inspector", "/1/2/", False, False),
    ("officer", "/1/2/3/", "inspector", "/1/2/3/", False, False),
    ("administrator", "/1/", "inspector", "/1/2/", False, False),
    ("inspector", "/1/", "centre", "/1/2/", False, False),
    ("centre", "/1/", "centre", "/1/2/", True, True),
    ("sub_centre", "/1/2/", "sub_centre", "/1/2/3/", True, True),
    ("sub_centre", "/1/4/", "sub_centre", "/1/2/3/", False, False),  # another county's
    ("supervisor", "/1/2/", "sub_centre", "/1/2/3/", True, False),
    ("unit_lead", "/1/2/", "sub_centre", "/1/2/3/", False, False),
    ("unit_lead", "/1/2/3/", "sub_centre", "/1/2/3/", False, False),
    ("inspector", "/1/", "sub_centre", "/1/2/3/", True, True),
]


@pytest.mark.parametrize(("role", "of", "level", "about", "sees", "decides"), GRID)
def test_rights(role: str, of: str, level: str, about: str, sees: bool, decides: bool) -> None:
    posts = [(Role(role), of)]
    assert (may_see(posts, level, about), may_decide(posts, level, about)) == (sees, decides)
    officer_there = [*posts, (Role.OFFICER, f"{about}9/")]
    assert not may_see(officer_there, level, about)
    assert not may_decide(officer_there, level, about)


@pytest.fixture
async def made(house: House) -> House:
    """Qiaoxi county was last in October."""
    await house.month("2026-10")
    house.at("2026-11-04 08:00")
    await house.run()
    return house


async def decide(made: House, who: Someone, *, adopt: bool, reason: str = "情况属实") -> str:
    number = await made.number()
    view = await made.services.accountability.proposals.decide(
        who.turn(), number, adopt=adopt, reason=reason
    )
    return view.state


async def test_adopted_by_a_named_person_with_a_reason(made: House) -> None:
    house, shown = made, made.services.accountability.proposals.shown
    assert await decide(house, house.cast.inspect, adopt=True) == "adopted"
    view = await shown(house.cast.centre.turn(), await house.number())
    assert (view.state, view.reason, view.mine) == ("adopted", "情况属实", False)
    assert view.decided_by.endswith("警官（云州市公安局）")
    assert view.decided_at is not None
    assert [event["verb"] for event in await house.log()] == ["proposed", "adopted"]


async def test_declined_stays_declined(made: House) -> None:
    house = made
    await decide(house, house.cast.inspect, adopt=False, reason="系统停机两天，数不全")
    for who, adopt in ((house.cast.inspect, True), (house.cast.centre, True)):
        assert (await refused(decide(house, who, adopt=adopt))).key == "proposal_declined"
    assert await house.run() == (0, 0)
    house.at("2026-11-30 08:00")
    assert await house.run() == (0, 0)
    (view,) = await house.services.accountability.proposals.listed(house.cast.centre.turn())
    assert (view.state, view.reason) == ("declined", "系统停机两天，数不全")


async def test_said_again_it_is_as_it_is(made: House) -> None:
    house = made
    for _ in range(2):
        assert await decide(house, house.cast.inspect, adopt=True) == "adopted"
    again = await refused(decide(house, house.cast.centre, adopt=True))
    assert again.key == "proposal_adopted"
    assert [event["verb"] for event in await house.log()] == ["proposed", "adopted"]


async def test_two_at_once_one_of_them_decides(made: House) -> None:
    house = made
    found = await asyncio.gather(
        decide(house, house.cast.inspect, adopt=True),
        decide(house, house.cast.centre, adopt=False),
        return_exceptions=True,
    )
    assert sum(isinstance(each, str) for each in found) == 1
    assert sum(isinstance(each, Refusal) for each in found) == 1


@pytest.mark.parametrize("reason", ["", "  \n ", "不", "。。。", "😀"])
async def test_no_decision_without_a_reason(made: House, reason: str) -> None:
    said = await refused(decide(made, made.cast.inspect, adopt=True, reason=reason))
    assert said.key == "proposal_needs_reason"


NOT_THEIRS = {
    "chen": "proposals_not_yours",  # a citizen
    "li": "proposals_not_yours",  # an officer
    "head": "proposals_not_yours",  # of the station
    "chief": "proposal_not_found",  # supervisor of the very county
    "sub": "proposal_not_found",  # of the very county
    "other": "proposal_not_found",  # of another county
}


@pytest.mark.parametrize("who", NOT_THEIRS)
async def test_others_neither_see_nor_decide(made: House, who: str) -> None:
    proposals_, someone = made.services.accountability.proposals, getattr(made.cast, who)
    key = NOT_THEIRS[who]
    number = await made.number()
    assert (await refused(proposals_.shown(someone.turn(), number))).key == key
    assert (await refused(proposals_.compared(someone.turn(), number))).key == key
    assert (await refused(decide(made, someone, adopt=True))).key == key
    if key == "proposal_not_found":
        assert await proposals_.listed(someone.turn()) == []
        nowhere = await refused(proposals_.shown(someone.turn(), 999_999))
        assert nowhere.key == key  # no hint whether there is one


@pytest.mark.parametrize("who", ["chen", "li", "head", "chief", "sub", "other"])
async def test_the_dry_run_is_for_the_whole_city_s_desk(made: House, who: str) -> None:
    call = made.services.accountability.trial.asked(getattr(made.cast, who).turn(), "")
    assert (await refused(call)).key == "rules_not_yours"


WRONG = [
    ("明年", "period_future"),
    ("本月", "rules_no_month"),
    ("昨天", "rules_no_month"),
    ("没有的规则", "rule_unknown"),
]


@pytest.mark.parametrize(("words", "key"), WRONG)
async def test_a_dry_run_that_cannot_be(made: House, words: str, key: str) -> None:
    call = made.services.accountability.trial.asked(made.cast.centre.turn(), words)
    assert (await refused(call)).key == key


# --- errors found later ---------------------------------------------------------------------------


async def test_reckoned_again_without_any_change(made: House) -> None:
    found = await made.services.accountability.proposals.compared(
        made.cast.inspect.turn(), await made.number()
    )
    assert (found.months, found.now and found.now.outcome) == ([], "proposed")


async def test_a_correction_is_shown_and_nothing_is_rewritten(made: House) -> None:
    await made.correct("YZ-QX", "2026-10", 30)  # 160 + 30 of 200: 95.0 %
    compared = made.services.accountability.proposals.compared
    found = await compared(made.cast.inspect.turn(), await made.number())
    ((then, now),) = found.months
    assert (then.share, now and now.share) == (0.8, 0.95)
    assert found.now is not None
    assert found.now.outcome == "untold"
    view = await made.services.accountability.proposals.shown(
        made.cast.inspect.turn(), await made.number()
    )
    assert view.evidence.months[0].share == 0.8
    last = (await made.log())[-1]
    assert (last["verb"], last["evidence"]["outcome"]) == ("compared", "untold")


async def test_the_database_itself_keeps_what_was_known(made: House) -> None:
    await decide(made, made.cast.inspect, adopt=True)
    number = await made.number()
    statements = [
        update(proposals).where(proposals.c.number == number).values(evidence={}),
        update(proposals).where(proposals.c.number == number).values(state="declined"),
        delete(proposals).where(proposals.c.number == number),
        update(rule_evaluations).values(evidence={}),
        delete(proposal_events),
    ]
    for statement in statements:
        with pytest.raises(DBAPIError, match="changed"):
            async with made.services.engine.begin() as connection:
                await connection.execute(statement)


async def test_reasons_are_sealed(made: House) -> None:
    await decide(made, made.cast.inspect, adopt=True, reason="与李某谈过")
    async with made.services.engine.connect() as connection:
        stored = (await connection.execute(text("SELECT p::text FROM proposals p"))).scalar_one()
    assert "李某" not in stored
