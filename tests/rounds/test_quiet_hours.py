"""Quiet hours, 22:00 to 7:00: what can wait is held, and comes in the morning as one message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.clock import BEIJING
from actions.people.roster import Shift
from actions.store.tables import deliveries
from tests.cases.steps import count, submit, told
from tests.cast import Cast, gather_cast
from tests.conftest import FrozenClock
from tests.installation import Servers, installation
from tests.policies import written

NIGHT, MORNING = "2026-11-20T23:00", "2026-11-21T07:00"


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.fixture
async def at_night(services: Services, cast: Cast, frozen: FrozenClock) -> Cast:
    frozen.moment = beijing(NIGHT)
    return cast


async def held(services: Services) -> int:
    return await count(services, deliveries, deliveries.c.state == "held")


async def test_at_night_the_card_waits_and_the_citizen_does_not(
    services: Services, at_night: Cast, frozen: FrozenClock
) -> None:
    cast = at_night
    number = (await submit(services, cast.chen)).number
    for officer in (cast.li, cast.wang, cast.head):
        assert len(await told(services, officer, number, "held")) == 1
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)  # LI is awake
    assert len(await told(services, cast.chen, number, "queued")) == 1
    frozen.moment = beijing(MORNING) - timedelta(minutes=1)
    await services.rounds.minute()
    assert await held(services) > 0
    frozen.moment = beijing(MORNING)
    await services.rounds.minute()
    assert await held(services) == 0


async def test_few_come_as_they_are_with_their_buttons(
    services: Services, at_night: Cast, frozen: FrozenClock
) -> None:
    numbers = [(await submit(services, at_night.chen)).number for _ in range(2)]
    frozen.moment = beijing(MORNING)
    await services.rounds.minute()
    queued = await told(services, at_night.li, state="queued")
    assert [number for number in numbers if any(number in text for text in queued)] == numbers
    assert len(queued) == 2


async def test_many_become_one_message(
    services: Services, at_night: Cast, frozen: FrozenClock
) -> None:
    for _ in range(15):
        await submit(services, at_night.chen)
    frozen.moment = beijing(MORNING)
    await services.rounds.minute()
    (digest,) = await told(services, at_night.li, state="queued")
    assert "夜里有 15 条" in digest
    assert "还有 3 件" in digest
    assert len(await told(services, at_night.li, state="merged")) == 15
    before = await count(services, deliveries)
    await services.rounds.minute()
    assert await count(services, deliveries) == before


async def test_two_workers_in_the_morning_send_one_digest(
    services: Services, at_night: Cast, frozen: FrozenClock
) -> None:
    for _ in range(5):
        await submit(services, at_night.chen)
    frozen.moment = beijing(MORNING)
    await asyncio.gather(*(services.rounds.minute() for _ in range(3)))
    assert len(await told(services, at_night.li, state="queued")) == 1


async def test_who_is_on_duty_is_told_at_once(
    services: Services, at_night: Cast, frozen: FrozenClock
) -> None:
    shift = Shift("YZ-QX-MDL", at_night.wang.badge, beijing("2026-11-20T20:00"), beijing(MORNING))
    assert await services.roster.load([shift]) == []
    number = (await submit(services, at_night.chen)).number
    assert len(await told(services, at_night.wang, number, "queued")) == 1
    for other in (at_night.li, at_night.head):
        assert await told(services, other, number) == []  # the roster says who takes it


async def test_taken_at_night_the_morning_says_so(
    services: Services, at_night: Cast, frozen: FrozenClock
) -> None:
    number = (await submit(services, at_night.chen)).number
    await services.cases.act(at_night.wang.turn(), number, Verb.ACCEPT)
    frozen.moment = beijing(MORNING)
    await services.rounds.minute()
    (text,) = await told(services, at_night.li, state="queued")
    assert "王警官接了" in text


async def test_without_quiet_hours_nothing_waits(
    databases: Servers, frozen: FrozenClock, tmp_path: object
) -> None:
    policy = written(tmp_path, changes={"hours.quiet": None})  # type: ignore[arg-type]
    async with installation(databases, policy=policy) as wired:
        cast = await gather_cast(wired)
        frozen.moment = beijing(NIGHT)
        number = (await submit(wired, cast.chen)).number
        assert len(await told(wired, cast.li, number, "queued")) == 1


# --- escalations are not held ---------------------------------------------------------------------


@pytest.fixture(scope="module")
async def always(
    databases: Servers, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Services]:
    """A case must be accepted within half an hour, by night too."""
    accept = {"within": "30 minutes", "escalate": [{"after": "0 minutes", "to": "sub_centre"}]}
    policy = written(tmp_path_factory.mktemp("policies"), changes={"deadlines.accept": accept})
    async with installation(databases, policy=policy) as wired:
        yield wired


async def test_an_escalation_comes_by_night_and_the_urging_waits(
    always: Services, frozen: FrozenClock
) -> None:
    cast = await gather_cast(always)
    frozen.moment = beijing(NIGHT)
    number = (await submit(always, cast.chen)).number
    frozen.moment = beijing("2026-11-20T23:31")
    await always.rounds.minute()
    (escalated,) = await told(always, cast.sub, number, "queued")
    assert "没人接单" in escalated
    assert len(await told(always, cast.li, number, "held")) == 2  # the card, and the urging
