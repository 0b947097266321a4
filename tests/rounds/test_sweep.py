"""The deadlines' alarms: who is told when, once, and what a worker does that was away.

A case of CHEN's at Mingdeli, opened on Friday 20 November 2026 at 14:05, accepted by LI, is to be
answered by Monday 18:00 (the default policy).
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from actions.bootstrap import Services
from actions.cases.states import State, Verb
from actions.clock import BEIJING
from actions.store.tables import alarms, case_events, cases
from tests.cases.steps import count, events_of, give_post, state_of, submit, told
from tests.cast import Cast
from tests.conftest import FrozenClock

PEOPLE = ("chen", "li", "wang", "head", "sub", "centre", "inspect")


def it_is(frozen: FrozenClock, text: str) -> None:
    frozen.moment = datetime.fromisoformat(text).replace(tzinfo=BEIJING)


async def accepted(services: Services, cast: Cast, **changes: Any) -> str:
    number = (await submit(services, cast.chen, **changes)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    return number


async def heard(services: Services, cast: Cast) -> dict[str, int]:
    """How many notices each of them has got so far."""
    return {name: len(await told(services, getattr(cast, name))) for name in PEOPLE}


async def news(services: Services, cast: Cast) -> dict[str, list[str]]:
    """What a minute's round tells, by person."""
    before = await heard(services, cast)
    await services.rounds.minute()
    texts = {name: await told(services, getattr(cast, name)) for name in PEOPLE}
    return {name: found[before[name] :] for name, found in texts.items() if found[before[name] :]}


# --- the ladder -----------------------------------------------------------------------------------


async def test_each_step_of_the_ladder_is_told_once(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await accepted(services, cast)
    it_is(frozen, "2026-11-23T13:59")
    assert await news(services, cast) == {}
    for moment, who, word in [
        ("2026-11-23T14:00", {"li"}, "快到期"),  # four hours before
        ("2026-11-23T18:00", {"li", "head"}, ""),
        ("2026-11-24T18:00", {"sub"}, "超期上报"),  # a day later the county
        ("2026-11-26T18:00", {"centre"}, "超期上报"),  # three days later the city
    ]:
        it_is(frozen, moment)
        said = await news(services, cast)
        assert set(said) == who, moment
        assert all(len(texts) == 1 and number in texts[0] for texts in said.values()), said
        assert all(word in texts[0] for texts in said.values())
        for _ in range(2):
            assert await news(services, cast) == {}
    it_is(frozen, "2027-01-10T09:00")
    assert await news(services, cast) == {}


async def test_at_the_due_time_the_holder_is_urged_and_the_lead_told(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await accepted(services, cast)
    it_is(frozen, "2026-11-23T18:00")
    said = await news(services, cast)
    assert "督办" in said["li"][0]
    assert "超期上报" in said["head"][0]


async def test_nobody_accepts_and_the_next_level_hears_of_it(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = (await submit(services, cast.chen)).number
    it_is(frozen, "2026-11-20T16:06")
    said = await news(services, cast)
    assert set(said) == {"li", "wang", "head"}
    assert "没人接单" in said["li"][0]
    it_is(frozen, "2026-11-20T18:06")
    said = await news(services, cast)
    assert set(said) == {"sub"}
    assert "请您接单" in said["sub"][0]
    await services.cases.act(cast.sub.turn(), number, Verb.ACCEPT)  # from above, at once
    it_is(frozen, "2026-11-21T10:00")
    assert await news(services, cast) == {}


async def test_the_history_has_every_alarm(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await accepted(services, cast)
    for moment in ("2026-11-23T14:00", "2026-11-23T18:00", "2026-11-26T18:00"):
        it_is(frozen, moment)
        await services.rounds.minute()
    verbs = await events_of(services, number)
    assert verbs[:3] == ["submit", "dispatch", "accept"]
    assert verbs[3:] == ["warn", "supervise", "escalate", "escalate", "escalate"]
    history = await services.cases.history(cast.centre.turn(), number)
    assert [line.by for line in history[3:]] == ["system"] * 5
    assert "warn" not in [
        line.verb for line in await services.cases.history(cast.chen.turn(), number)
    ]


async def test_an_alarm_leaves_the_case_as_it_is(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await accepted(services, cast)
    query = select(cases).where(cases.c.number == number)
    async with services.engine.connect() as connection:
        before = (await connection.execute(query)).one()
    it_is(frozen, "2026-11-30T09:00")
    await services.rounds.minute()
    async with services.engine.connect() as connection:
        assert (await connection.execute(query)).one() == before


# --- what means nothing any more ------------------------------------------------------------------


async def test_alarms_of_a_clock_that_was_stopped_say_nothing(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await accepted(services, cast)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="好了")
    it_is(frozen, "2026-11-26T18:00")
    before = await heard(services, cast)
    swept = await services.rounds.minute()
    assert (swept.fired, swept.told) == (0, 0)
    assert swept.stale > 0
    assert await heard(services, cast) == before
    assert await count(services, alarms, alarms.c.fired_at.is_(None), alarms.c.kind != "act") == 0


async def test_what_was_told_before_a_question_is_not_told_after_it(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    """Overdue on Monday; a question and its reply change nothing of that."""
    number = await accepted(services, cast)
    it_is(frozen, "2026-11-23T18:05")
    assert set(await news(services, cast)) == {"li", "head"}
    await services.cases.act(cast.li.turn(), number, Verb.ASK, text="几号去的？")
    it_is(frozen, "2026-11-23T19:00")
    await services.cases.act(cast.chen.turn(), number, Verb.REPLY, text="三号")
    assert await news(services, cast) == {}
    assert (await events_of(services, number)).count("supervise") == 1
    it_is(frozen, "2026-11-24T18:05")
    assert set(await news(services, cast)) == {"sub"}


async def test_a_clock_put_back_an_hour_changes_nothing(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await accepted(services, cast)
    it_is(frozen, "2026-11-23T18:30")
    assert set(await news(services, cast)) == {"li", "head"}
    it_is(frozen, "2026-11-23T17:30")
    assert await news(services, cast) == {}
    it_is(frozen, "2026-11-23T18:30")
    assert await news(services, cast) == {}


# --- a crowd --------------------------------------------------------------------------------------


async def test_a_worker_away_for_three_days_sends_one_digest_each(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    for _ in range(50):
        await accepted(services, cast)
    it_is(frozen, "2026-11-27T09:00")  # due on Monday, and every level is long due to hear
    said = await news(services, cast)
    assert {name: len(texts) for name, texts in said.items()} == {
        "li": 1,
        "head": 1,
        "sub": 1,
        "centre": 1,
    }
    for texts in said.values():
        assert "50 件" in texts[0]
        assert "还有 40 件" in texts[0]
    assert await count(services, case_events, case_events.c.verb == "supervise") == 50
    assert await news(services, cast) == {}


async def test_few_come_one_by_one_with_their_buttons(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    for _ in range(3):
        await accepted(services, cast)
    it_is(frozen, "2026-11-23T14:00")
    assert len((await news(services, cast))["li"]) == 3


async def test_two_sweeps_at_once_tell_everyone_once(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    for _ in range(3):
        await accepted(services, cast)
    it_is(frozen, "2026-11-23T18:00")
    before = await heard(services, cast)
    swept = await asyncio.gather(*(services.rounds.minute() for _ in range(4)))
    assert sum(each.fired for each in swept) == 9  # warned late, urged, escalated to the lead
    after = await heard(services, cast)
    assert {name: after[name] - before[name] for name in ("li", "head")} == {"li": 3, "head": 3}


# --- who is there ---------------------------------------------------------------------------------


async def test_of_a_holder_on_leave_the_unit_hears(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await accepted(services, cast)
    it_is(frozen, "2026-11-23T08:00")
    until = datetime(2026, 11, 30, tzinfo=BEIJING)
    await services.roster.take_leave(cast.li.turn(), frozen(), until)
    it_is(frozen, "2026-11-23T14:00")
    assert set(await news(services, cast)) == {"wang", "head"}


async def test_a_lead_who_holds_it_is_not_the_level_above(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = (await submit(services, cast.chen)).number
    await services.cases.act(cast.head.turn(), number, Verb.ACCEPT)
    it_is(frozen, "2026-11-23T18:00")
    said = await news(services, cast)
    assert "督办" in said["head"][0]
    assert set(said) == {"head", "centre"}  # no other lead above: the centre


async def test_an_officer_at_two_units_hears_of_a_case_once(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await give_post(services, cast.li.badge, "户籍 2 号窗口", "officer")
    await give_post(services, cast.li.badge, "南站派出所", "officer")
    await accepted(services, cast)
    assert len(await told(services, cast.li)) == 1
    it_is(frozen, "2026-11-23T14:00")
    assert len((await news(services, cast))["li"]) == 1


# --- what the program does itself -----------------------------------------------------------------


async def test_no_reply_and_the_work_goes_on(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await accepted(services, cast)
    await services.cases.act(cast.li.turn(), number, Verb.ASK, text="几号去的？")
    it_is(frozen, "2026-11-23T17:59")
    await services.rounds.minute()
    assert await state_of(services, number) is State.WAITING
    it_is(frozen, "2026-11-23T18:00")
    said = await news(services, cast)
    assert await state_of(services, number) is State.ACCEPTED
    assert "没有回答" in said["li"][0]
    assert "chen" not in said
    assert await news(services, cast) == {}


async def test_a_reply_in_time_needs_no_timer(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await accepted(services, cast)
    await services.cases.act(cast.li.turn(), number, Verb.ASK, text="几号去的？")
    await services.cases.act(cast.chen.turn(), number, Verb.REPLY, text="三号")
    it_is(frozen, "2026-11-23T18:00")
    swept = await services.rounds.minute()
    assert swept.acted == 0
    assert "continue" not in await events_of(services, number)


async def test_silence_closes_and_is_counted_as_silence(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await accepted(services, cast)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="好了")
    it_is(frozen, "2026-11-27T18:00")  # seven days later
    await services.rounds.minute()
    async with services.engine.connect() as connection:
        query = select(cases.c.state, cases.c.closed_as, cases.c.result_grade)
        row = (await connection.execute(query)).one()
    assert tuple(row) == ("closed", "silent", None)
    assert (await events_of(services, number))[-1] == "close"


async def test_much_later_the_citizen_is_asked_and_only_then(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    """After 30 days whether it stayed solved, after 30 and 90 whether anyone made them pay."""
    number = await accepted(services, cast)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="好了")
    await services.cases.act(cast.chen.turn(), number, Verb.RATE_RESULT, grade="satisfied")
    it_is(frozen, "2026-12-20T17:59")
    assert await news(services, cast) == {}
    it_is(frozen, "2026-12-20T18:00")
    said = await news(services, cast)
    assert set(said) == {"chen"}
    assert len(said["chen"]) == 1
    assert "有没有再出现" in said["chen"][0]
    it_is(frozen, "2026-12-21T18:00")  # a day apart: the one does not push the other away
    said = await news(services, cast)
    assert len(said["chen"]) == 1
    assert "为难" in said["chen"][0]
    it_is(frozen, "2027-02-18T18:00")
    said = await news(services, cast)
    assert len(said["chen"]) == 1
    assert "为难" in said["chen"][0]
    assert await state_of(services, number) is State.CLOSED


async def test_who_has_reopened_is_not_asked_whether_it_stayed_solved(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await accepted(services, cast)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="好了")
    await services.cases.act(cast.chen.turn(), number, Verb.RATE_RESULT, grade="satisfied")
    await services.cases.act(cast.chen.turn(), number, Verb.REOPEN, text="又坏了")
    it_is(frozen, "2026-12-20T18:00")
    assert "chen" not in await news(services, cast)


@pytest.mark.parametrize(
    ("verb", "given", "name"),
    [
        (Verb.CONFIRM_SOLVED, {"solved": "no"}, "sub"),
        (Verb.REPORT_TREATMENT, {"treated": "badly", "text": "被点名了"}, "inspect"),
    ],
)
async def test_only_the_level_above_hears_what_the_citizen_says_then(
    services: Services, cast: Cast, frozen: FrozenClock, verb: Verb, given: Any, name: str
) -> None:
    number = await accepted(services, cast)
    await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="好了")
    await services.cases.act(cast.chen.turn(), number, Verb.RATE_RESULT, grade="satisfied")
    before = await heard(services, cast)
    await services.cases.act(cast.chen.turn(), number, verb, **given)
    after = await heard(services, cast)
    assert {each for each in PEOPLE if after[each] > before[each]} == {name}
    if verb is Verb.REPORT_TREATMENT:
        for who in (cast.li, cast.head):
            assert verb not in [e.verb for e in await services.cases.history(who.turn(), number)]
