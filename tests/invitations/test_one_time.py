"""One-time codes: asked for by an officer, spent by one citizen, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, insert, literal, select, update

from actions import clock
from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.codes.target import CodeTarget
from actions.errors import Refusal
from actions.figures.reading import by_way, read_counts
from actions.invitations.one_time import Handed
from actions.ratings.rating import RatingView
from actions.store.tables import (
    deliveries,
    identities,
    officers,
    one_time_codes,
    posts,
    ratings,
    units,
)
from tests.asking import asked
from tests.cast import Cast, Someone, citizen, gather_cast
from tests.conftest import FrozenClock
from tests.installation import Servers, installation
from tests.invitations.asking import Counter
from tests.invitations.conftest import ASKING
from tests.policies import written

CODE = {
    "valid": "30 minutes",
    "grace": "10 minutes",
    "per_hour": 3,
    "per_day": 8,
    "pack": 6,
    "shifts": ["08:00-20:00", "20:00-08:00"],
}


@pytest.fixture
async def services(
    databases: Servers, tmp_path: Path, frozen: FrozenClock
) -> AsyncIterator[Services]:
    lines = {"invitations": ASKING, "officer_code": CODE}
    async with installation(databases, policy=written(tmp_path, "default", lines)) as wired:
        yield wired


@pytest.fixture
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


async def asks(someone: Someone, words: str = "", unit_id: int | None = None) -> Handed:
    return await someone.services.invitations.one_time.ask(someone.turn(), words, unit_id)


async def one(someone: Someone, words: str = "") -> CodeTarget:
    """The code that the officer gets, as it is when somebody scans it."""
    (scene,) = (await asks(someone, words)).scenes
    return await target(someone.services, scene)


async def target(services: Services, scene: str) -> CodeTarget:
    found = await services.org.code(scene)
    assert found is not None
    return found


async def rates(someone: Someone, code: CodeTarget, grade: str = "satisfied") -> RatingView:
    return await someone.services.ratings.rate(someone.turn(), grade, one_time=code.one_time)


async def refused(call: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await call
    return caught.value.key


async def all_ratings(services: Services) -> list[Row[Any]]:
    async with services.engine.connect() as connection:
        return list((await connection.execute(select(ratings))).all())


async def execute(services: Services, statement: Any) -> None:
    async with services.engine.begin() as connection:
        await connection.execute(statement)


# --- one code -------------------------------------------------------------------------------------


async def test_an_officer_asks_nothing_else_and_gets_a_code(services: Services, cast: Cast) -> None:
    handed = await asks(cast.li)
    (scene,) = handed.scenes
    assert handed.label == "桥西分局明德里派出所 · 李警官"  # as a badge says it: no given name
    assert handed.expires_at is not None
    assert 29 * 60 < (handed.expires_at - clock.now()).total_seconds() < 30 * 60
    code = await target(services, scene.lower().replace("-", " "))  # found as any code is
    assert (code.state, code.kind, code.label) == ("live", "officer", handed.label)


async def test_the_rating_is_marked_and_counted_apart(services: Services, cast: Cast) -> None:
    code = await one(cast.li)
    view = await rates(cast.chen, code)
    (row,) = await all_ratings(services)
    assert view.label == code.label
    assert (row.way, row.channel, str(row.one_time_id)) == (
        "invited_by_officer",
        "wechat",
        code.one_time,
    )
    assert (row.unit_id, row.officer_id, row.code_id) == (code.unit_id, code.officer_id, None)
    async with services.engine.connect() as connection:
        today = clock.now().astimezone(BEIJING).date()
        counts = await read_counts(connection, row.unit_id, today, today + timedelta(days=1))
    assert [(way, each.total) for (_, way), each in by_way(counts).items()] == [
        ("invited_by_officer", 1)
    ]
    stats = await asked(services, cast.chief)
    assert (stats.satisfaction.given, stats.satisfaction.span) == (1, None)  # no grade is told


async def test_a_code_is_good_for_one_rating(services: Services, cast: Cast) -> None:
    code, turn = await one(cast.li), cast.chen.turn()
    first = await services.ratings.rate(turn, "satisfied", one_time=code.one_time)
    again = await services.ratings.rate(turn, "satisfied", one_time=code.one_time)
    assert first.id == again.id  # the same message
    assert await refused(rates(cast.chen, code)) == "one_time_used"
    assert await refused(rates(cast.zhou, code)) == "one_time_used"
    assert (await target(services, code.scene)).state == "used"


async def test_of_many_who_tap_at_once_one_is_taken(services: Services, cast: Cast) -> None:
    code = await one(cast.li)
    crowd = [await citizen(services, f"openid-{n}") for n in range(6)]
    came = await asyncio.gather(*(rates(each, code) for each in crowd), return_exceptions=True)
    assert sum(isinstance(each, RatingView) for each in came) == 1
    assert [e.key for e in came if isinstance(e, Refusal)] == ["one_time_used"] * 5
    assert len(await all_ratings(services)) == 1


async def test_who_opened_it_at_the_last_moment_still_counts(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    code, late = await one(cast.li), await one(cast.li)
    frozen.advance(minutes=35)  # five minutes over, and the page is still in front of them
    assert (await target(services, code.scene)).state == "live"
    await rates(cast.chen, code)
    frozen.advance(minutes=10)
    assert (await target(services, late.scene)).state == "expired"
    assert await refused(rates(cast.chen, late)) == "one_time_expired"
    assert len(await all_ratings(services)) == 1


async def test_nobody_rates_what_they_asked_for_themselves(services: Services, cast: Cast) -> None:
    """Neither the officer in any chat, nor the chat that asked, whoever holds it now."""
    code = await one(cast.li)
    assert await refused(rates(cast.li, code)) == "own_invitation"
    mine = await citizen(services, "openid-li")
    await services.people.bind(mine.turn(), await services.people.make_binding_code(cast.li.badge))
    assert await refused(rates(mine, code)) == "own_invitation"
    chat = identities.c.conversation == cast.li.conversation
    await execute(services, update(identities).where(chat).values(officer_id=None))
    assert await refused(rates(cast.li, code)) == "own_invitation"
    await rates(cast.chen, code)  # it was not spent by any of that


async def test_a_leavers_codes_die_at_once(services: Services, cast: Cast) -> None:
    code = await one(cast.li)
    left = update(officers).where(officers.c.badge == cast.li.badge).values(active=False)
    await execute(services, left)
    assert (await target(services, code.scene)).state == "expired"
    assert await refused(rates(cast.chen, code)) == "one_time_expired"
    assert await refused(asks(cast.li)) == "officers_only"


async def test_a_code_belongs_where_the_officer_served_when_they_asked(
    services: Services, cast: Cast
) -> None:
    code = await one(cast.li)
    elsewhere = select(units.c.id).where(units.c.code == "YZ-QX-NZ").scalar_subquery()
    await execute(
        services,
        update(posts).where(posts.c.officer_id == code.officer_id).values(unit_id=elsewhere),
    )
    await rates(cast.chen, code)
    (row,) = await all_ratings(services)
    assert row.unit_id == code.unit_id
    assert (await one(cast.li)).unit_id != code.unit_id


async def test_the_officer_hears_nothing_of_what_came(services: Services, cast: Cast) -> None:
    """Not even praise: it would say which grade the one beside them has just tapped."""
    view = await rates(cast.chen, await one(cast.li))
    await services.ratings.comment(cast.chen.turn(), view.id, "特别耐心")
    async with services.engine.connect() as connection:
        query = select(deliveries.c.id).join(identities).where(identities.c.channel == "telegram")
        assert (await connection.execute(query)).all() == []


async def test_guessing_finds_nothing(services: Services, cast: Cast) -> None:
    await one(cast.li)
    for scene in ("K7M3-X9PD", "2222-2222", "a\x00b", "", "x" * 300):
        assert await services.org.code(scene) is None


async def test_a_stickers_code_is_still_found_first(services: Services, cast: Cast) -> None:
    code = await target(services, "mdl-hj2-cspc")
    assert (code.one_time, code.kind, code.state) == (None, "unit", "live")


# --- who gets one, and how many -------------------------------------------------------------------


async def test_citizens_get_none(cast: Cast) -> None:
    assert await refused(asks(cast.chen)) == "officers_only"


async def test_where_there_are_none_it_says_so(databases: Servers) -> None:
    async with installation(databases, policy="yuxi") as services:
        people = await gather_cast(services)
        assert await refused(asks(people.li)) == "invite_off"
        assert await refused(services.invitations.coverage.asked(people.li.turn(), "")) == (
            "invite_off"
        )


async def test_the_same_message_gets_the_same_codes(services: Services, cast: Cast) -> None:
    turn = cast.li.turn()
    ask = services.invitations.one_time.ask
    came = await asyncio.gather(*(ask(turn, "3 张") for _ in range(3)), return_exceptions=True)
    again = await ask(turn, "3 张")
    assert {each.scenes for each in came if isinstance(each, Handed)} == {again.scenes}
    assert len(again.scenes) == 3


async def test_door_to_door_every_question_is_a_new_code(cast: Cast) -> None:
    assert (await asks(cast.li)).scenes != (await asks(cast.li)).scenes


async def test_so_many_an_hour_and_a_day(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    for _ in range(3):
        await asks(cast.li)
    with pytest.raises(Refusal) as caught:
        await asks(cast.li)
    assert (caught.value.key, caught.value.params["at"]) == ("invite_hour", "15:06")
    await asks(cast.wang)  # another officer has their own
    assert len((await asks(cast.li, "4 张")).scenes) == 4  # fetched ahead counts for the day only
    assert await refused(asks(cast.li, "2 张")) == "invite_day_left"
    frozen.advance(hours=1)
    await asks(cast.li)
    assert await refused(asks(cast.li)) == "invite_day"
    frozen.advance(hours=9)  # 00:05 in Beijing
    await asks(cast.li)


async def test_two_questions_at_once_do_not_exceed_the_cap(services: Services, cast: Cast) -> None:
    came = await asyncio.gather(*(asks(cast.li) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(each, Handed) for each in came) == 3
    assert {each.key for each in came if isinstance(each, Refusal)} == {"invite_hour"}


async def test_fetched_ahead_for_the_day(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    handed = await asks(cast.li, "6")
    assert len(set(handed.scenes)) == 6
    frozen.advance(hours=9)  # 23:05
    await rates(cast.chen, await target(services, handed.scenes[0]))
    frozen.advance(hours=1, minutes=10)
    assert (await target(services, handed.scenes[1])).state == "expired"
    assert await refused(asks(cast.li, "7")) == "invite_pack"


async def test_who_serves_in_several_units_says_in_which(services: Services, cast: Cast) -> None:
    first = await one(cast.li)
    second = select(literal(first.officer_id), units.c.id, literal("officer"))
    second = second.where(units.c.code == "YZ-QX-NZ")
    await execute(services, insert(posts).from_select(["officer_id", "unit_id", "role"], second))
    handed = await asks(cast.li, "上门")
    assert [place.label for place in handed.offers] == [
        "桥西分局明德里派出所",
        "桥西分局南站派出所",
    ]
    assert handed.scenes == ()
    chosen = await asks(cast.li, "上门", handed.offers[1].unit_id)
    assert chosen.label == "桥西分局南站派出所 · 李警官"
    elsewhere = await asks(cast.li, "", 1)  # a unit where they do not serve is none to choose
    assert len(elsewhere.offers) == 2


# --- for one service ------------------------------------------------------------------------------


@pytest.fixture
async def counter(services: Services) -> Counter:
    return await Counter.opened(services)


async def done(counter: Counter, **fields: object) -> str:
    event = counter.event(officer="Y10101", unit="YZ-QX-MDL", **fields)
    await counter.takes(event)
    return str(event["number"])


async def test_a_service_has_one_rating_and_the_sms_is_not_sent(
    counter: Counter, cast: Cast
) -> None:
    number = await done(counter)
    code = await one(cast.li, f"窗口 {number}")
    await rates(cast.chen, code, "unsatisfied")
    await counter.services.invitations.round()
    invitation = await counter.invitation(number)
    assert (invitation.state, invitation.why_not) == ("dropped", "rated_already")
    (row,) = await counter.ratings()
    assert row.event_id == invitation.event_id
    assert await refused(asks(cast.li, f"窗口 {number}")) == "event_rated_before"


async def test_a_service_that_was_rated_by_sms_meanwhile_is_not_rated_again(
    counter: Counter, cast: Cast
) -> None:
    number = await done(counter)
    code = await one(cast.li, number)
    await counter.services.invitations.round()
    said = await counter.replies("1")
    assert said is not None
    assert await refused(rates(cast.zhou, code)) == "event_rated"
    assert len(await counter.ratings()) == 1
    assert (await target(counter.services, code.scene)).state == "live"  # nothing was spent


async def test_nobody_is_asked_who_may_not_be_asked(counter: Counter, cast: Cast) -> None:
    flagged = await done(counter, flags=["domestic_violence"])
    unscreened = await done(counter, flags=None)
    for number in (flagged, unscreened):  # in the same words: which reason it was is not told
        assert await refused(asks(cast.li, number)) == "event_not_to_ask"


async def test_only_ones_own_services(counter: Counter, cast: Cast) -> None:
    number = await done(counter)
    assert await refused(asks(cast.wang, number)) == "event_unknown"  # a colleague's
    assert await refused(asks(cast.liu, number)) == "event_unknown"
    assert await refused(asks(cast.li, f"警情 {number}")) == "event_unknown"  # it was a counter's
    assert await refused(asks(cast.li, "N999")) == "event_unknown"
    nobodys = counter.event(unit="YZ-QX-MDL-HJ2")
    await counter.takes(nobodys)
    code = await one(cast.wang, str(nobodys["number"]))  # names nobody, in the own station
    assert code.label == "桥西分局明德里派出所 · 户籍 2 号窗口 · 王警官"
    assert await refused(asks(cast.liu, str(nobodys["number"]))) == "event_unknown"


async def test_what_is_kept_names_no_citizen(services: Services, cast: Cast) -> None:
    await rates(cast.chen, await one(cast.li, "上门"))
    async with services.engine.connect() as connection:
        (row,) = (await connection.execute(select(one_time_codes))).all()
    assert (row.kind, row.in_pack, row.number) == ("visit", False, 1)
    assert row.used_at is not None
