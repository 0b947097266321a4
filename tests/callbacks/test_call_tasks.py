"""The calls to be made: whose they are, when, what is asked, and when nobody answers."""

from __future__ import annotations

from typing import Any

import pytest

from actions.callbacks.tasks import CallKind
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from tests.callbacks.conftest import Found
from tests.callbacks.town import CALLBACK, REVISIT, SPOT_CHECKS, Town
from tests.cases.steps import give_post, officer_id, refused, told


async def call(town: Town, number: str, who: Any = None, **given: Any) -> None:
    given = given or {"reached": "no"}
    await town.act(who or town.cast.sub, number, Verb.CALL_BACK, **given)


async def states(town: Town, number: str) -> list[tuple[str, str, int]]:
    return [(task.kind, task.state, task.attempts) for task in await town.tasks(number)]


# --- whose call it is -----------------------------------------------------------------------------


async def test_the_sub_centres_call_is_in_its_list_only(found: Found) -> None:
    town: Town = await found(callback=CALLBACK)
    number = await town.open()
    (task,) = await town.services.callbacks.open_for(town.cast.sub.turn())
    assert (task.kind, task.number, task.attempts, task.attempts_at_most) == (
        CallKind.FIRST,
        number,
        0,
        3,
    )
    assert task.phone_masked == "139****0000"
    for name in ("li", "head", "centre", "inspect", "chief", "other"):
        assert await town.listed(getattr(town.cast, name)) == []
    assert (await refused(town.services.callbacks.open_for(town.cast.chen.turn()))).key == (
        "officers_only"
    )


async def test_an_officers_own_call_does_not_stand_in_for_the_sub_centres(found: Found) -> None:
    town: Town = await found(callback=CALLBACK)
    number = await town.open()
    await town.act(town.cast.li, number, Verb.ACCEPT)
    await call(town, number, town.cast.li, reached="yes", text="问清楚了")
    assert await states(town, number) == [("first", "open", 0)]
    await call(town, number, town.cast.sub, reached="yes", text="等了两个小时", wish="道歉")
    assert await states(town, number) == [("first", "done", 1)]


async def test_it_is_enough_before_the_answer_where_only_some_call_is_wanted(found: Found) -> None:
    """The holder is told to call, does, and may go on though the sub-centre has not yet."""
    wanted = {"before_answer.kinds": ["unsatisfied"], "before_answer.callback": True}
    town: Town = await found(callback=CALLBACK, **wanted)
    number = await town.open()
    await town.act(town.cast.li, number, Verb.ACCEPT)
    early = town.act(town.cast.li, number, Verb.ANSWER, text="好了")
    assert (await refused(early)).key == "callback_first"
    await call(town, number, town.cast.li, reached="yes", text="问清楚了")
    await town.act(town.cast.li, number, Verb.ANSWER, text="好了")


async def test_a_units_call_is_its_holders_once_there_is_one(found: Found) -> None:
    town: Town = await found(callback={**CALLBACK, "by": "unit"})
    number = await town.open()
    assert await town.listed(town.cast.li) == await town.listed(town.cast.wang) == [number]
    assert await town.listed(town.cast.centre) == await town.listed(town.cast.liu) == []
    await town.act(town.cast.li, number, Verb.ACCEPT)
    assert await town.listed(town.cast.li) == [number]
    assert await town.listed(town.cast.wang) == []


async def test_a_revisit_is_not_for_who_did_the_work(found: Found) -> None:
    """LI has a post at the centre too."""
    town: Town = await found(revisit=REVISIT)
    await give_post(town.services, town.cast.li.badge, "云州市公安局", "centre")
    number = await town.open()
    await town.answer(number)
    assert await town.listed(town.cast.li) == []
    assert await town.listed(town.cast.centre) == [number]
    await call(town, number, town.cast.li)
    assert await states(town, number) == [("revisit", "open", 0)]


async def test_a_revisit_that_reached_somebody_comes_with_its_grade(found: Found) -> None:
    """A call alone does not count as the re-visit, whoever makes it."""
    town: Town = await found(callback=CALLBACK, revisit=REVISIT)
    number = await town.open()
    await call(town, number, reached="yes", text="等太久")
    await town.answer(number)
    await call(town, number, town.cast.centre, reached="yes", text="还没看")
    assert await states(town, number) == [("first", "done", 1), ("revisit", "open", 0)]
    await town.act(town.cast.centre, number, Verb.REVISIT, grade="satisfied", text="好了")
    assert await states(town, number) == [("first", "done", 1), ("revisit", "done", 1)]


async def test_the_centre_may_say_that_its_revisit_reached_nobody(found: Found) -> None:
    """Where the sub-centre makes the first calls and the centre the re-visits."""
    town: Town = await found("zhangjiakou")
    number = await town.open()
    await call(town, number, reached="yes", text="等太久")
    await town.act(town.cast.li, number, Verb.ACCEPT)
    await town.act(town.cast.li, number, Verb.VERIFY, finding="substantiated", text="属实")
    await town.act(town.cast.li, number, Verb.RECTIFY, text="加开窗口")
    await town.act(town.cast.li, number, Verb.HAND_IN, text="已加开窗口")
    await town.act(town.cast.sub, number, Verb.REVIEW)
    await call(town, number, town.cast.sub)
    assert (await states(town, number))[-1] == ("revisit", "open", 0)
    await call(town, number, town.cast.centre)
    assert (await states(town, number))[-1] == ("revisit", "open", 1)


async def test_nobody_calls_about_themselves(found: Found) -> None:
    town: Town = await found(callback={**CALLBACK, "by": "centre"})
    about = await officer_id(town.services, town.cast.centre.badge)
    await town.open(officer_id=about)
    assert await town.listed(town.cast.centre) == []


# --- in which order, and what is shown ------------------------------------------------------------


async def test_those_whose_time_has_come_stand_first(found: Found) -> None:
    town: Town = await found(callback=CALLBACK, **{"deadlines.callback": {"within": "same day"}})
    first, second = await town.open(), await town.open(town.cast.zhou)
    assert await town.listed(town.cast.sub) == [first, second]
    await call(town, first)
    assert await town.listed(town.cast.sub) == [second, first]
    later = (await town.services.callbacks.open_for(town.cast.sub.turn()))[1]
    town.at("11-20 18:30")
    assert later.next_at == town.clock.moment
    assert (await town.services.callbacks.open_for(town.cast.sub.turn()))[1].attempts == 1


async def test_a_case_of_the_night_is_called_in_the_morning(found: Found) -> None:
    town: Town = await found(callback=CALLBACK)
    town.at("11-20 22:30")
    number = await town.open()
    (task,) = await town.services.callbacks.open_for(town.cast.sub.turn())
    town.at("11-21 09:00")
    assert (task.number, task.next_at) == (number, town.clock.moment)


@pytest.mark.parametrize(("seen", "phone"), [(True, "139****0000"), (False, "")])
async def test_a_locked_number_is_shown_only_where_callers_see_it(
    found: Found, seen: bool, phone: str
) -> None:
    town: Town = await found(
        callback=CALLBACK,
        **{"identity.escrow": "always", "identity.callers_see_phone": seen},
    )
    await town.open()
    (task,) = await town.services.callbacks.open_for(town.cast.sub.turn())
    assert task.phone_masked == phone


# --- what is asked --------------------------------------------------------------------------------


async def test_the_script_is_the_policys(found: Found) -> None:
    town: Town = await found("callbacks2014")
    script = town.services.callbacks.script
    number = await town.open()
    form = ["reason", "wish", "result", "aspects"]
    assert await script(town.cast.centre.turn(), number) == form
    assert (await refused(script(town.cast.liu.turn(), number))).key == "case_not_found"
    assert (await refused(script(town.cast.chen.turn(), number))).key == "case_not_found"


async def test_a_spot_checks_script_has_the_aspects_where_the_policy_wants_them(
    found: Found,
) -> None:
    town: Town = await found("callbacks2014", **{"callback.form": ["reason"]})
    number = await town.close(kind=CaseKind.SUGGESTION)
    town.at("12-01 10:00")
    assert await town.services.callbacks.draw_month(town.clock()) == 1
    asked = await town.services.callbacks.script(town.cast.centre.turn(), number)
    assert asked == ["result", "aspects"]


async def test_nothing_is_prescribed_where_nobody_has_to_call(found: Found) -> None:
    town: Town = await found()
    number = await town.open()
    assert await town.services.callbacks.script(town.cast.li.turn(), number) == []


# --- nobody answers -------------------------------------------------------------------------------


async def test_three_attempts_are_at_three_parts_of_the_day(found: Found) -> None:
    """Pressing "not reached" three times in a minute is one attempt."""
    town: Town = await found(callback=CALLBACK)
    number = await town.open()
    for _ in range(3):
        await call(town, number)
    assert await states(town, number) == [("first", "open", 1)]
    town.at("11-20 18:40")
    await call(town, number)
    assert await states(town, number) == [("first", "open", 2)]
    town.at("11-20 20:00")
    await call(town, number)
    assert await states(town, number) == [("first", "open", 2)]
    town.at("11-21 09:05")
    await call(town, number)
    assert await states(town, number) == [("first", "unreachable", 3)]
    assert await town.listed(town.cast.sub) == []


async def thrice(town: Town, number: str, who: Any = None) -> None:
    for moment in ("11-20 14:10", "11-20 18:40", "11-21 09:05"):
        town.at(moment)
        await call(town, number, who)


@pytest.mark.parametrize(
    ("rule", "reader", "words"),
    [
        ("continue", "li", "按已知的情况接着办"),
        ("visit", "li", "请上门一趟"),
        ("close", "sub", "写明原因办结"),
    ],
)
async def test_what_the_policy_does_about_it(
    found: Found, rule: str, reader: str, words: str
) -> None:
    town: Town = await found(callback={**CALLBACK, "unreachable": rule})
    number = await town.open()
    await town.act(town.cast.li, number, Verb.ACCEPT)
    await thrice(town, number)
    heard = await told(town.services, getattr(town.cast, reader), number)
    assert sum(words in text for text in heard) == 1
    assert sum("打了 3 次" in text for text in heard) == 1


async def test_the_callback_clock_is_met_by_trying_as_often_as_asked(found: Found) -> None:
    town: Town = await found(
        callback=CALLBACK, **{"deadlines.callback": {"within": "2 working days"}}
    )
    number = await town.open()
    await thrice(town, number)
    clocks = await town.services.cases.clocks(town.cast.sub.turn(), number)
    assert [c.met for c in clocks if c.clock == "callback"] == [True]


async def test_a_revisit_that_reached_nobody_leaves_it_to_the_level_above(found: Found) -> None:
    town: Town = await found(revisit=REVISIT, **{"deadlines.revisit": {"within": "3 working days"}})
    number = await town.open()
    await town.answer(number)
    await thrice(town, number, town.cast.centre)
    clocks = await town.services.cases.clocks(town.cast.centre.turn(), number)
    assert [c.met for c in clocks if c.clock == "revisit"] == [True]
    assert any("复访打了 3 次" in text for text in await told(town.services, town.cast.centre))
    await town.act(town.cast.centre, number, Verb.CLOSE, text="三次没联系上，先办结，可随时重开")


async def test_an_unreachable_spot_check_is_only_counted(found: Found) -> None:
    town: Town = await found(spot_checks=SPOT_CHECKS)
    number = await town.close(kind=CaseKind.COMPLAINT)
    town.at("12-01 10:00")
    await town.services.callbacks.draw_month(town.clock())
    before = len(await told(town.services, town.cast.centre, number))
    for moment in ("12-01 10:05", "12-01 14:05", "12-01 18:40"):
        town.at(moment)
        await call(town, number, town.cast.centre)
    assert await states(town, number) == [("spot_check", "unreachable", 3)]
    assert len(await told(town.services, town.cast.centre, number)) == before
