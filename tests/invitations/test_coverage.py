"""Coverage: who had services and never asked; counted by officer and shift, shown by rank."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions import clock
from actions.bootstrap import Services
from actions.errors import Refusal
from actions.invitations.coverage import Covered, Record
from actions.people.roster import Shift
from tests.cast import Cast, Someone, gather_cast
from tests.conftest import FrozenClock
from tests.installation import Servers, installation
from tests.invitations.asking import CHEN, Counter
from tests.invitations.conftest import ASKING
from tests.invitations.test_one_time import CODE
from tests.policies import written


@pytest.fixture
async def services(
    databases: Servers, tmp_path: Path, frozen: FrozenClock
) -> AsyncIterator[Services]:
    lines = {"invitations": {**ASKING, "share": 0}, "officer_code": {**CODE, "per_hour": 8}}
    async with installation(databases, policy=written(tmp_path, "default", lines)) as wired:
        yield wired


@pytest.fixture
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


@pytest.fixture
async def counter(services: Services) -> Counter:
    return await Counter.opened(services)


async def did(counter: Counter, someone: Someone, unit: str, **fields: Any) -> None:
    """The officer finished a service ten minutes ago, or when `ago` says."""
    finished = clock.beijing(clock.now() - fields.pop("ago", timedelta(minutes=10)))
    given = {"officer": someone.badge, "unit": unit, "finished_at": f"{finished:%Y-%m-%d %H:%M}"}
    await counter.takes(counter.event(**given, **fields))


async def asks(someone: Someone, words: str = "") -> tuple[str, ...]:
    return (await someone.services.invitations.one_time.ask(someone.turn(), words)).scenes


async def uses(chen: Someone, scene: str) -> None:
    code = await chen.services.org.code(scene)
    assert code is not None
    await chen.services.ratings.rate(chen.turn(), "unsatisfied", one_time=code.one_time)


async def seen(someone: Someone, words: str = "今天") -> Covered:
    return await someone.services.invitations.coverage.asked(someone.turn(), words)


def of(covered: Covered, someone: Someone) -> Record:
    return next(one.record for one in covered.by_officer if one.badge == someone.badge)


STATION, OTHER = "YZ-QX-MDL", "YZ-QX-NZ"


async def test_who_asked_and_who_did_not(
    services: Services, cast: Cast, counter: Counter, frozen: FrozenClock
) -> None:
    frozen.advance(hours=1)
    for _ in range(3):
        await did(counter, cast.li, STATION)
    await did(counter, cast.wang, STATION)
    scenes = await asks(cast.li, "5 张")
    await uses(cast.chen, scenes[0])
    covered = await seen(cast.chief)
    assert covered.unit_label == "桥西分局"
    assert of(covered, cast.li) == Record(3, 1, 0, 5, 1, 1)
    assert of(covered, cast.wang) == Record(1, 1, 1, 0, 0, 0)
    assert [one.badge for one in covered.by_officer] == [cast.wang.badge, cast.li.badge]
    assert covered.whole == Record(4, 2, 1, 5, 1, 1)


async def test_whom_nobody_may_ask_is_no_service_to_ask_about(
    services: Services, cast: Cast, counter: Counter
) -> None:
    """An officer with nothing else is not among those who never asked."""
    await did(counter, cast.li, STATION, flags=["minor"])
    await did(counter, cast.li, STATION, flags=None)
    await did(counter, cast.li, STATION, kind="enterprise", phone=CHEN)
    covered = await seen(cast.chief)
    assert covered.by_officer == ()
    assert covered.whole == Record(0, 0, 0, 0, 0, 0)


async def test_a_night_shift_is_one_and_belongs_to_its_day(
    services: Services, cast: Cast, counter: Counter, frozen: FrozenClock
) -> None:
    """Asked at 23:05, services at 22:55 and at 01:55 the next morning: one shift, covered."""
    frozen.advance(hours=9)
    await did(counter, cast.li, STATION)
    await asks(cast.li)
    frozen.advance(hours=3)
    await did(counter, cast.li, STATION)
    assert of(await seen(cast.chief, "本月"), cast.li) == Record(2, 1, 0, 1, 0, 0)
    frozen.advance(hours=8)  # 10:05: the day's shift, and nothing asked in it
    await did(counter, cast.li, STATION)
    assert of(await seen(cast.chief, "本月"), cast.li) == Record(3, 2, 1, 1, 0, 0)


async def test_the_duty_roster_says_what_a_shift_is(
    services: Services, cast: Cast, counter: Counter, frozen: FrozenClock
) -> None:
    """On duty from 08:00 to 08:00 the day after, day and night are one shift."""
    begins = clock.now() - timedelta(hours=6)
    duty = Shift(STATION, cast.li.badge, begins, begins + timedelta(hours=24))
    assert await services.roster.load([duty]) == []
    for someone in (cast.li, cast.wang):
        await did(counter, someone, STATION)
        await asks(someone)
    frozen.advance(hours=9)
    for someone in (cast.li, cast.wang):
        await did(counter, someone, STATION)
    covered = await seen(cast.chief)
    assert of(covered, cast.li) == Record(2, 1, 0, 1, 0, 0)
    assert of(covered, cast.wang) == Record(2, 2, 1, 1, 0, 0)


async def test_an_officer_sees_their_own_record_only(
    services: Services, cast: Cast, counter: Counter
) -> None:
    await did(counter, cast.li, STATION)
    await did(counter, cast.wang, STATION)
    await uses(cast.chen, (await asks(cast.li))[0])
    covered = await seen(cast.li, "今天 桥西")  # a unit changes nothing
    assert (covered.mine, covered.by_officer) == (True, ())
    assert covered.whole == Record(1, 1, 0, 1, 1, 1)
    assert covered.whole.used_shown is None  # one code: it would say who has rated
    await asks(cast.li, "4 张")
    assert (await seen(cast.li)).whole.used_shown == 1


async def test_everybody_sees_only_what_is_theirs(
    services: Services, cast: Cast, counter: Counter
) -> None:
    await did(counter, cast.li, STATION)
    await did(counter, cast.liu, OTHER)
    lead, chief, centre = [await seen(who) for who in (cast.head, cast.chief, cast.centre)]
    assert [one.badge for one in lead.by_officer] == [cast.li.badge]
    assert {one.badge for one in chief.by_officer} == {cast.li.badge, cast.liu.badge}
    assert centre.whole.events == 2
    assert (await seen(cast.other)).whole.events == 0
    named = await seen(cast.chief, "今天 南站所")
    assert [one.badge for one in named.by_officer] == [cast.liu.badge]
    for who, words, key in (
        (cast.other, "今天 桥西", "not_yours"),
        (cast.chen, "今天", "not_allowed"),
        (cast.chief, "明年", "period_future"),
    ):
        with pytest.raises(Refusal) as caught:
            await seen(who, words)
        assert caught.value.key.removesuffix("_but") == key


async def test_the_administrator_sees_all_of_it(
    services: Services, cast: Cast, counter: Counter
) -> None:
    await did(counter, cast.li, STATION)
    day = timedelta(days=1)
    found = await services.invitations.coverage.between(clock.now() - day, clock.now())
    ((one,)) = found.by_officer
    assert (one.called, one.unit_label) == ("李警官", "桥西分局明德里派出所")


# --- the funnel by chat -----------------------------------------------------------------------------


async def test_the_funnel_is_the_subtrees(services: Services, cast: Cast, counter: Counter) -> None:
    await did(counter, cast.li, STATION)
    for _ in range(4):
        await did(counter, cast.liu, OTHER, flags=["suspect"])
    await services.invitations.planning.plan()
    found = await services.invitations.funnel.asked(cast.chief.turn(), "")
    assert (found.unit.label, found.all.events, found.all.eligible) == ("桥西分局", 5, 1)
    assert found.all.counted() == {"do_not_ask": None, "not_drawn": 1}  # under five: not shown
    station = await services.invitations.funnel.asked(cast.head.turn(), "本月")
    assert (station.all.events, dict(station.all.why_not)) == (1, {"not_drawn": 1})
    other = await services.invitations.funnel.asked(cast.other.turn(), "本月")
    assert other.all.events == 0
    for who, key in ((cast.li, "not_allowed"), (cast.chen, "not_allowed")):
        with pytest.raises(Refusal) as caught:
            await services.invitations.funnel.asked(who.turn(), "")
        assert caught.value.key.removesuffix("_but") == key
