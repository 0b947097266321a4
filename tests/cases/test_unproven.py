"""A text message proves nothing: trying to get something out of us, or done, by one.

TEXTER  somebody who writes from a number of their own.
THIEF   somebody who writes from CHEN's number, or forges it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.errors import Refusal
from actions.store.tables import case_followers, identities
from tests.cases.steps import refused, submit
from tests.cast import Cast, Someone, badge_of, gather_cast
from tests.installation import Servers, installation

type Try = Callable[[Services, Someone, str], Awaitable[object]]


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture(scope="module")
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


async def texter(services: Services, number: str = "+8613900000001") -> Someone:
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "sms", number)
    return Someone(services, person.conversation)


def act(verb: Verb, **given: Any) -> Try:
    return lambda services, who, number: services.cases.act(who.turn(), number, verb, **given)


TRIES: dict[str, Try] = {
    "by number": lambda s, who, number: s.cases.find(who.turn(), number),
    "my cases": lambda s, who, _: s.cases.mine(who.turn()),
    "history": lambda s, who, number: s.cases.history(who.turn(), number),
    "clocks": lambda s, who, number: s.cases.clocks(who.turn(), number),
    "links": lambda s, who, number: s.cases.links(who.turn(), number),
    "link": lambda s, who, number: s.cases.decide_link(who.turn(), number, number, "linked"),
    "work list": lambda s, who, _: s.cases.open_for_officer(who.turn()),
    "urge": act(Verb.URGE),
    "withdraw": act(Verb.WITHDRAW),
    "reopen": act(Verb.REOPEN, text="还没好"),
    "reply": act(Verb.REPLY, text="是的"),
    "rate what has no result": act(Verb.RATE_RESULT, grade="satisfied"),
    "confirm a visit": act(Verb.CONFIRM_VISIT),
    "say that it stayed solved": act(Verb.CONFIRM_SOLVED, solved="yes"),
    "say how they were treated": act(Verb.REPORT_TREATMENT, treated="badly"),
    "accept": act(Verb.ACCEPT),
    "answer": act(Verb.ANSWER, text="办好了"),
    "transfer": act(Verb.TRANSFER, unit=1),
    "close": act(Verb.CLOSE),
}


@pytest.mark.parametrize("name", TRIES)
async def test_own_others_and_none_are_refused_alike(
    services: Services, cast: Cast, name: str
) -> None:
    """What is refused, and in which words, tells nothing of what there is."""
    who = await texter(services)
    own = (await submit(services, who)).number
    others = (await submit(services, cast.chen)).number
    for number in (own, others, "Q26-9999", "nonsense"):
        refusal = await refused(TRIES[name](services, who, number))
        assert (refusal.key, refusal.params, refusal.may) == ("channel_unproven", {}, ())


async def test_a_short_code_opens_nothing_and_makes_no_follower(
    services: Services, cast: Cast
) -> None:
    who = await texter(services)
    receipt = await submit(services, cast.chen)
    for _ in range(30):  # nor does it count as guessing: there is nothing to guess
        assert (await refused(services.cases.find(who.turn(), receipt.short_code))).key == (
            "channel_unproven"
        )
    async with services.engine.connect() as connection:
        found = (await connection.execute(select(case_followers))).all()
    assert found == []


async def test_what_we_ask_later_may_be_answered(services: Services, cast: Cast) -> None:
    """Once the own case is closed; nothing is shown for it, and nobody else's is touched."""
    who, thief = await texter(services), await texter(services, "+8613900000009")
    number = (await submit(services, who)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="办好了")
    await services.cases.act(who.turn(), number, Verb.RATE_RESULT, grade="satisfied")
    tries = (
        act(Verb.CONFIRM_SOLVED, solved="no"),
        act(Verb.REPORT_TREATMENT, treated="badly", text="有人打电话来"),
    )
    for each in tries:
        assert (await refused(each(services, thief, number))).key == "channel_unproven"
        view: Any = await each(services, who, number)
        assert (view.gist, view.answer, view.may) == ("", "", [])
    assert (await refused(act(Verb.REOPEN, text="还没好")(services, who, number))).key == (
        "channel_unproven"
    )


async def test_an_officer_cannot_be_bound_and_is_none_if_bound_by_hand(
    services: Services, cast: Cast
) -> None:
    who = await texter(services, "+8613900000002")
    badge = await badge_of(services, "明德里派出所", "officer")
    code = await services.people.make_binding_code(badge)
    assert (await refused(services.people.bind(who.turn(), code))).key == "channel_unproven"
    async with services.engine.begin() as connection:
        officer = (await services.people.by_badge(connection, badge)).id  # type: ignore[union-attr]
        await connection.execute(
            update(identities)
            .where(identities.c.conversation == who.conversation)
            .values(officer_id=officer)
        )
    assert (await services.people.whoami(who.turn())).officer is None
    number = (await submit(services, cast.chen)).number
    for call in (
        services.cases.open_for_officer(who.turn()),
        services.escrow.ask(who.turn(), number, "要看"),
        services.people.bind_group(who.turn()),
    ):
        assert isinstance(await refused(call), Refusal)


async def test_the_code_that_was_tried_by_text_is_still_good(
    services: Services, cast: Cast
) -> None:
    badge = await badge_of(services, "明德里派出所", "officer")
    code = await services.people.make_binding_code(badge)
    await refused(services.people.bind((await texter(services)).turn(), code))
    assert (await services.people.bind(cast.li.turn(), code)).id


async def test_the_result_of_an_own_case_is_rated_once_and_nothing_is_shown(
    services: Services, cast: Cast
) -> None:
    who = await texter(services, "+8613900000003")
    number = (await submit(services, who, what="窗口没人")).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="已整改")
    (waiting,) = await services.cases.to_rate(who.turn())
    assert (waiting.number, waiting.gist, waiting.answer, waiting.unit_label) == (
        number,
        "",
        "",
        "",
    )
    thief = await texter(services, "+8613900000004")
    assert await services.cases.to_rate(thief.turn()) == []
    rate = act(Verb.RATE_RESULT, grade="satisfied")
    assert (await refused(rate(services, thief, number))).key == "channel_unproven"

    turn = who.turn()
    rated = await services.cases.act(turn, number, Verb.RATE_RESULT, grade="satisfied")
    again = await services.cases.act(turn, number, Verb.RATE_RESULT, grade="satisfied")
    for view in (rated, again):
        assert (view.result_grade, view.what, view.answer, view.phone) == (
            "satisfied",
            "",
            "",
            "",
        )
        assert view.may == []
    changed = act(Verb.RATE_RESULT, grade="unsatisfied")
    assert (await refused(changed(services, who, number))).key == "channel_unproven"
    assert await services.cases.to_rate(who.turn()) == []


async def test_a_proven_citizen_sees_what_waits_in_full(services: Services, cast: Cast) -> None:
    number = (await submit(services, cast.zhou, what="窗口没人")).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="已整改")
    (waiting,) = await services.cases.to_rate(cast.zhou.turn())
    assert (waiting.number, waiting.answer) == (number, "已整改")


async def test_what_was_wrong_may_be_said_until_somebody_has_taken_it(
    services: Services, cast: Cast
) -> None:
    who = await texter(services)
    own = (await submit(services, who)).number
    others = (await submit(services, cast.chen)).number
    told = await services.cases.act(who.turn(), own, Verb.ADD_FACTS, text="等了两个小时")
    assert (told.gist, told.what, told.phone) == ("", "", "")
    await services.cases.act(cast.li.turn(), own, Verb.ACCEPT)
    for number in (own, others, "Q26-9999"):
        no = await refused(services.cases.act(who.turn(), number, Verb.ADD_FACTS, text="还有"))
        assert (no.key, no.params, no.may) == ("channel_unproven", {}, ())
