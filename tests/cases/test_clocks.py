"""The clocks of a case as its verbs start, stop, pause and prolong them; all from Friday 14:05."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from actions import clock
from actions.bootstrap import Services, bootstrap
from actions.cases.clocks import Clocks
from actions.cases.kinds import CaseKind
from actions.cases.ledger import Ledger
from actions.cases.states import Clock, Verb
from actions.clock import BEIJING
from actions.deadlines.workdays import Calendar, Holiday, published
from tests.cases.situations import World, accepted, answered, closed, make_world, opened, worked
from tests.cases.steps import case_row, submit, told
from tests.conftest import FrozenClock
from tests.installation import Servers, installation
from tests.policies import FULL, written

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture(scope="module")
async def world(databases: Servers) -> AsyncIterator[World]:
    """Under the default policy: accept within 2 duty hours, answer within 3 days."""
    async with installation(databases) as wired:
        yield await make_world(wired)


@pytest.fixture(scope="module")
async def full(
    databases: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """Call back the same day, verify within 1, rectify within 3, review within 1 working day."""
    policy = written(tmp_path_factory.mktemp("policies"), changes=FULL)
    async with installation(databases, policy=policy) as wired:
        yield await make_world(wired)


async def clocks(world: World, number: str) -> dict[Clock, Any]:
    """The latest run of each clock."""
    found = await world.services.cases.clocks(world.cast.centre.turn(), number)
    return {view.clock: view for view in found}


async def running(world: World, number: str) -> dict[str, str]:
    """What runs against the officers, and until when in Beijing: "20 16:05", or "stands"."""
    timers = {Clock.SILENCE, Clock.STAYED, Clock.RETALIATION}
    return {
        str(name): f"{clock.beijing(view.due_at):%d %H:%M}" if view.due_at else "stands"
        for name, view in (await clocks(world, number)).items()
        if view.stopped_at is None and name not in timers
    }


async def ended(world: World, number: str) -> dict[str, bool | None]:
    """What was stopped: in time, too late, or None for dropped."""
    found = (await clocks(world, number)).items()
    return {str(name): view.met for name, view in found if view.stopped_at is not None}


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def it_is(frozen: FrozenClock, text: str) -> None:
    frozen.moment = beijing(text)


# --- starting and stopping ------------------------------------------------------------------------


async def test_from_dispatch_to_the_answer(world: World, frozen: FrozenClock) -> None:
    number = await opened(world)
    assert await running(world, number) == {"accept": "20 16:05", "answer": "23 18:00"}
    await world.act("li", number, Verb.ACCEPT)
    assert await running(world, number) == {"answer": "23 18:00"}
    assert await ended(world, number) == {"accept": True}
    it_is(frozen, "2026-11-23T17:59")
    await world.act("li", number, Verb.ANSWER, text="好了")
    assert await ended(world, number) == {"accept": True, "answer": True}


async def test_what_comes_too_late_is_missed(world: World, frozen: FrozenClock) -> None:
    number = await opened(world)
    it_is(frozen, "2026-11-20T16:06")
    await world.act("li", number, Verb.ACCEPT)
    it_is(frozen, "2026-11-23T18:01")
    await world.act("li", number, Verb.ANSWER, text="好了")
    assert await ended(world, number) == {"accept": False, "answer": False}


async def test_every_clock_of_a_full_policy(full: World) -> None:
    number = await opened(full)
    assert await running(full, number) == {
        "accept": "20 16:05",
        "callback": "20 21:00",  # the same day, when calling hours end
        "verify": "23 18:00",  # Monday is the first working day
        "rectify": "25 18:00",
        "answer": "23 18:00",  # three days, whatever days they are
    }
    row = await case_row(full.services, number)
    assert (row.due_at, row.answer_by) == (
        beijing("2026-11-20T16:05:00.000") + (row.due_at - row.due_at.replace(microsecond=0)),
        beijing("2026-11-23T18:00"),
    )


async def test_each_step_stops_its_clock(full: World) -> None:
    number = await worked(full)
    met = {"accept": True, "callback": True, "verify": True}
    assert await ended(full, number) == met
    await full.act("li", number, Verb.HAND_IN, text="办好了")
    assert await ended(full, number) == {**met, "rectify": True}
    assert await running(full, number) == {"answer": "23 18:00", "review": "23 18:00"}
    await full.act("sub", number, Verb.REVIEW)
    assert await running(full, number) == {"revisit": "24 18:00"}
    await full.act("centre", number, Verb.REVISIT, grade="satisfied", text="好了")
    assert await running(full, number) == {}
    assert set((await ended(full, number)).values()) == {True}


async def test_two_attempts_do_not_stop_the_callback_and_reaching_does(full: World) -> None:
    number = await opened(full)
    await full.act("sub", number, Verb.CALL_BACK, reached="no")
    assert "callback" in await running(full, number)
    await full.act("sub", number, Verb.CALL_BACK, reached="yes", text="说了")
    assert (await ended(full, number))["callback"] is True


async def test_unreachable_after_the_last_attempt_stops_it_too(
    full: World, frozen: FrozenClock
) -> None:
    it_is(frozen, "2026-11-20T09:05")
    number = await opened(full)
    for hour in ("09:10", "14:05", "18:35"):  # each in another part of the day
        it_is(frozen, f"2026-11-20T{hour}")
        assert "callback" in await running(full, number)
        await full.act("sub", number, Verb.CALL_BACK, reached="no")
    assert (await ended(full, number))["callback"] is True


@pytest.mark.parametrize("verb", [Verb.WITHDRAW, Verb.MERGE])
async def test_what_is_dropped_is_neither_met_nor_missed(world: World, verb: Verb) -> None:
    number = await accepted(world)
    if verb is Verb.MERGE:
        await world.act("li", number, verb, into=world.other_case)
    else:
        await world.act("chen", number, verb)
    assert await running(world, number) == {}
    assert await ended(world, number) == {"accept": True, "answer": None}
    assert (await case_row(world.services, number)).due_at is None


async def test_what_is_dropped_too_late_is_missed_all_the_same(
    world: World, frozen: FrozenClock
) -> None:
    """Nobody gets rid of a missed promise by merging the case away."""
    number = await accepted(world)
    it_is(frozen, "2026-11-24T09:00")
    await world.act("li", number, Verb.MERGE, into=world.other_case)
    assert (await ended(world, number))["answer"] is False


# --- standing still -------------------------------------------------------------------------------


async def test_a_question_stops_the_clocks_and_the_reply_lets_them_run(
    world: World, frozen: FrozenClock
) -> None:
    number = await accepted(world)
    it_is(frozen, "2026-11-20T15:00")
    await world.act("li", number, Verb.ASK, text="几号去的？")
    assert await running(world, number) == {"answer": "stands", "citizen": "23 18:00"}
    assert (await case_row(world.services, number)).due_at is None
    it_is(frozen, "2026-11-22T19:00")  # the closings of the 21st and 22nd passed meanwhile
    await world.act("chen", number, Verb.REPLY, text="三号")
    assert await running(world, number) == {"answer": "25 18:00"}
    row = await case_row(world.services, number)
    assert row.due_at == row.answer_by == beijing("2026-11-25T18:00")
    assert (await ended(world, number))["citizen"] is True
    assert "11 月 25 日" in (await told(world.services, world.cast.li, number))[-1]


async def test_while_it_stands_nobody_is_told_anything(world: World, frozen: FrozenClock) -> None:
    number = await accepted(world)
    await world.act("li", number, Verb.ASK, text="几号去的？")
    before = [len(await told(world.services, world.person(n), number)) for n in ("li", "head")]
    it_is(frozen, "2026-11-23T17:59")  # warned at 14:00, if it ran
    await world.services.rounds.minute()
    after = [len(await told(world.services, world.person(n), number)) for n in ("li", "head")]
    assert after == before


async def test_a_question_answered_between_two_closings_costs_nothing(
    world: World, frozen: FrozenClock
) -> None:
    number = await accepted(world)
    it_is(frozen, "2026-11-21T09:00")
    await world.act("li", number, Verb.ASK, text="几号去的？")
    it_is(frozen, "2026-11-21T12:00")
    await world.act("li", number, Verb.CONTINUE)
    assert await running(world, number) == {"answer": "23 18:00"}


async def test_another_unit_gets_a_case_whose_clocks_run(world: World, frozen: FrozenClock) -> None:
    number = await accepted(world)
    await world.act("li", number, Verb.ASK, text="几号去的？")
    it_is(frozen, "2026-11-21T19:00")
    await world.act("sub", number, Verb.DISPATCH, unit=world.nanzhan, text="去南站办")
    # two duty hours: one until 20:00, one from 8:00 on Sunday; one closing passed standing
    assert await running(world, number) == {"accept": "22 09:00", "answer": "24 18:00"}


# --- more time, again, anew -----------------------------------------------------------------------


async def test_granted_time_is_added(world: World) -> None:
    number = await accepted(world)
    await world.act("li", number, Verb.EXTEND, span="2 working days", text="等街道回复")
    assert await running(world, number) == {"answer": "23 18:00", "extension": "23 18:00"}
    await world.act("head", number, Verb.GRANT)
    assert await running(world, number) == {"answer": "25 18:00"}  # from Monday 18:00
    assert (await case_row(world.services, number)).answer_by == beijing("2026-11-25T18:00")
    assert (await ended(world, number))["extension"] is True
    assert any("11 月 25 日" in t for t in await told(world.services, world.cast.chen, number))


async def test_refused_time_is_not(world: World) -> None:
    number = await accepted(world)
    await world.act("li", number, Verb.EXTEND, span="2 working days", text="等街道回复")
    await world.act("head", number, Verb.DENY)
    assert await running(world, number) == {"answer": "23 18:00"}


async def test_sent_back_the_work_begins_again(full: World, frozen: FrozenClock) -> None:
    number = await worked(full)
    await full.act("li", number, Verb.HAND_IN, text="办好了")
    it_is(frozen, "2026-11-23T10:00")
    await full.act("sub", number, Verb.SEND_BACK, text="没有照片")
    found = await running(full, number)
    assert found["rectify"] == "26 18:00"  # three working days from Monday
    assert (await ended(full, number))["review"] is True


async def test_sent_back_after_the_answer_the_citizen_gets_a_new_promise(
    full: World, frozen: FrozenClock
) -> None:
    number = await worked(full)
    await full.act("li", number, Verb.HAND_IN, text="办好了")
    await full.act("sub", number, Verb.REVIEW)
    it_is(frozen, "2026-11-24T10:00")
    await full.act("chen", number, Verb.RATE_RESULT, grade="unsatisfied")
    assert await running(full, number) == {"review": "25 18:00"}
    await full.act("sub", number, Verb.SEND_BACK, text="群众不满意")
    assert await running(full, number) == {"rectify": "27 18:00", "answer": "27 18:00"}
    assert (await case_row(full.services, number)).answer_by == beijing("2026-11-27T18:00")


async def test_reopened_everything_begins_anew(world: World, frozen: FrozenClock) -> None:
    number = await closed(world)
    assert (await case_row(world.services, number)).due_at is None
    it_is(frozen, "2026-12-01T10:00")
    await world.act("chen", number, Verb.REOPEN, text="又坏了")
    assert await running(world, number) == {"accept": "01 12:00", "answer": "04 18:00"}
    runs = await world.services.cases.clocks(world.cast.centre.turn(), number)
    assert [view.clock for view in runs].count(Clock.ANSWER) == 2


async def test_the_citizen_sees_what_was_promised_and_nothing_else(full: World) -> None:
    number = await opened(full)
    seen = await full.services.cases.clocks(full.cast.chen.turn(), number)
    assert {view.clock for view in seen} == {Clock.ANSWER, Clock.CALLBACK}
    view = await full.services.cases.find(full.cast.chen.turn(), number)
    assert {due.clock for due in view.due} == {"answer", "callback"}


# --- another policy -------------------------------------------------------------------------------


async def test_an_open_case_keeps_the_clock_it_began_with(
    world: World, frozen: FrozenClock, tmp_path: Any
) -> None:
    """The policy is changed to one day while the case is open; pauses still add to three."""
    number = await accepted(world)
    policy = written(tmp_path, changes={"deadlines.answer.within": "1 day"})
    settings = world.services.settings.model_copy(update={"policy": policy})
    later: Services = bootstrap(settings)
    changed = replace(world, services=later)
    it_is(frozen, "2026-11-20T15:00")
    await changed.act("li", number, Verb.ASK, text="几号去的？")
    it_is(frozen, "2026-11-21T19:00")
    await changed.act("chen", number, Verb.REPLY, text="三号")
    assert await running(changed, number) == {"answer": "24 18:00"}
    new = await opened(changed)
    assert (await running(changed, new))["answer"] == "22 18:00"
    row, other = await case_row(later, number), await case_row(later, new)
    assert row.policy == world.services.policy.digest != other.policy
    # Told to, the open case follows the new policy too: begun on the 20th, a day, and the day on
    # which it stood still at the closing of the office does not count.
    assert await later.rounds.adopt_policy() >= 1
    assert (await running(changed, number))["answer"] == "22 18:00"
    assert await later.rounds.adopt_policy() == 0
    await later.close()


# --- a year whose holidays are not published ------------------------------------------------------


def calendar_of(*days_off: date) -> Calendar:
    """As published, and the year 2027 with these days off."""
    known = published()
    off = {**known.off, **{day: Holiday("元旦", "New Year") for day in days_off}}
    return Calendar(replace(known, years=known.years | {2027}, off=off))


async def test_an_unknown_year_is_said_and_reckoned_again_once_it_is_known(
    full: World, frozen: FrozenClock
) -> None:
    assert not full.services.calendar.knows(2027), "choose a later year: this one got published"
    it_is(frozen, "2026-12-30T10:00")
    number = await accepted(full)
    assert (await running(full, number))["rectify"] == "04 18:00"  # 31, 1, 4: Friday counts
    assert (await case_row(full.services, number)).certain is False
    assert (await clocks(full, number))[Clock.RECTIFY].certain is False
    assert (await clocks(full, number))[Clock.VERIFY].certain is True
    assert await full.services.rounds.day() == 0

    known = Clocks(full.services.policy, calendar_of(date(2027, 1, 1)), Ledger(full.services.vault))
    async with full.services.engine.begin() as connection:
        assert await known.recount(connection) == 1
        assert await known.recount(connection) == 0
    assert (await running(full, number))["rectify"] == "05 18:00"  # 31, 4, 5
    assert (await case_row(full.services, number)).certain is True


async def test_the_answer_settles_all_but_silence(world: World) -> None:
    number = await answered(world)
    assert await running(world, number) == {}
    names = {n for n, v in (await clocks(world, number)).items() if v.stopped_at is None}
    assert names == {Clock.SILENCE}


async def test_a_line_for_some_kinds_runs_for_no_other(databases: Servers, tmp_path: Path) -> None:
    wanted = {"before_answer.finding": True, "before_answer.kinds": ["complaint"]}
    line = {"within": "1 working day", "only": ["complaint", "unsatisfied"]}
    policy = written(tmp_path, changes={"deadlines.verify": line, **wanted})
    async with installation(databases, policy=policy) as wired:
        here = await make_world(wired)
        complaint = await submit(wired, here.cast.chen)
        request = await submit(wired, here.cast.chen, kind=CaseKind.HELP, what="孩子户口怎么办")
        assert "verify" in await running(here, complaint.number)
        assert "verify" not in await running(here, request.number)
        assert "answer" in await running(here, request.number)


async def test_what_is_held_over_night_says_today_in_the_morning(
    databases: Servers, tmp_path: Path, frozen: FrozenClock
) -> None:
    """Opened on Friday at 23:05, read on Saturday at seven."""
    policy = written(tmp_path, changes={"hours.quiet": "22:00-07:00"})
    async with installation(databases, policy=policy) as wired:
        here = await make_world(wired)
        frozen.advance(hours=9)
        receipt = await submit(wired, here.cast.chen)
        (card,) = await told(wired, here.cast.li, receipt.number)
        assert "今天 10:00 前接单" in card
        assert "明天" not in card
