"""What the articles' ways of working need of a case: from the centre down, called, mended or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from actions.cases.kinds import CaseKind
from actions.cases.states import Clock, State, Verb
from tests.cases.situations import World, make_world
from tests.cases.steps import state_of, submit, told, unit_id
from tests.conftest import FrozenClock
from tests.installation import Servers, installation

pytestmark = pytest.mark.usefixtures("frozen")

UNSATISFIED = CaseKind.UNSATISFIED


@pytest.fixture
async def handan(databases: Servers) -> AsyncIterator[World]:
    async with installation(databases, policy="handan") as wired:
        yield await make_world(wired)


@pytest.fixture
async def yuxi(databases: Servers) -> AsyncIterator[World]:
    async with installation(databases, policy="yuxi") as wired:
        yield await make_world(wired)


@pytest.fixture
async def callbacks2014(databases: Servers) -> AsyncIterator[World]:
    async with installation(databases, policy="callbacks2014") as wired:
        yield await make_world(wired)


# --- everything to the centre first ---------------------------------------------------------------


async def test_the_centre_learns_which_unit_was_named(handan: World) -> None:
    number = (await submit(handan.services, handan.cast.chen, kind=UNSATISFIED)).number
    view = await handan.services.cases.find(handan.cast.centre.turn(), number)
    assert (view.unit_label, view.where) == ("云州市公安局", "桥西分局明德里派出所")


async def test_a_place_that_was_told_is_kept(handan: World) -> None:
    receipt = await submit(handan.services, handan.cast.chen, where="人民路路口")
    view = await handan.services.cases.find(handan.cast.centre.turn(), receipt.number)
    assert view.where == "人民路路口"


async def test_who_took_it_at_the_centre_can_send_it_down(handan: World) -> None:
    number = (await submit(handan.services, handan.cast.chen)).number
    await handan.act("centre", number, Verb.ACCEPT)
    station = await unit_id(handan.services, "望江门派出所")
    await handan.act("centre", number, Verb.TRANSFER, unit=station, text="在桥东")
    assert await state_of(handan.services, number) is State.DISPATCHED


# --- who calls ------------------------------------------------------------------------------------


async def test_without_a_number_nobody_is_to_call(yuxi: World) -> None:
    services, cast = yuxi.services, yuxi.cast
    number = (await submit(services, cast.chen, kind=UNSATISFIED, phone="")).number
    assert Clock.CALLBACK not in {
        c.clock for c in await services.cases.clocks(cast.li.turn(), number)
    }
    assert await told(services, cast.inspect, number) == []


async def test_the_call_is_pressed_of_who_makes_it(yuxi: World, frozen: FrozenClock) -> None:
    """The inspector's call is none of the unit's work: its lead is told nothing of it."""
    services, cast = yuxi.services, yuxi.cast
    number = (await submit(services, cast.chen, kind=UNSATISFIED)).number
    await yuxi.act("li", number, Verb.ACCEPT)
    before = [len(await told(services, each, number)) for each in (cast.inspect, cast.head)]
    due = {c.clock: c.due_at for c in await services.cases.clocks(cast.li.turn(), number)}
    call_by = due[Clock.CALLBACK]
    assert call_by is not None
    frozen.moment = call_by + timedelta(minutes=1)
    await services.rounds.minute()
    after = [len(await told(services, each, number)) for each in (cast.inspect, cast.head)]
    assert [a - b for a, b in zip(after, before, strict=True)] == [1, 0]


async def test_a_call_waits_for_who_is_asked_to_make_it(yuxi: World) -> None:
    services, cast = yuxi.services, yuxi.cast
    number = (await submit(services, cast.chen, kind=UNSATISFIED)).number
    assert (await services.cases.find(cast.inspect.turn(), number)).calls
    assert not (await services.cases.find(cast.li.turn(), number)).calls


# --- only what was mended is tracked --------------------------------------------------------------


async def _answered(world: World, outcome: Verb) -> str:
    """An unsatisfied case under callbacks2014, mended or explained, reviewed."""
    number = (await submit(world.services, world.cast.chen, kind=UNSATISFIED)).number
    await world.act("li", number, Verb.ACCEPT)
    await world.act("li", number, Verb.VISIT, text="当面说了")
    await world.act("li", number, Verb.VERIFY, finding="partly", text="看了录像")
    await world.act("li", number, outcome, text="写明了")
    await world.act("li", number, Verb.HAND_IN, text="办好了")
    await world.act("centre", number, Verb.REVIEW)
    return number


@pytest.mark.parametrize(
    ("outcome", "clock", "state"),
    [
        (Verb.RECTIFY, Clock.REVISIT, State.ANSWERED),  # the centre calls once more
        (Verb.EXPLAIN, Clock.SILENCE, State.CLOSED),  # there is nothing to track
    ],
)
async def test_a_content_citizen(
    callbacks2014: World, outcome: Verb, clock: Clock, state: State
) -> None:
    services, centre = callbacks2014.services, callbacks2014.cast.centre
    number = await _answered(callbacks2014, outcome)
    running = {
        c.clock for c in await services.cases.clocks(centre.turn(), number) if c.stopped_at is None
    }
    assert clock in running
    await callbacks2014.act("chen", number, Verb.RATE_RESULT, grade="satisfied")
    assert await state_of(services, number) is state
