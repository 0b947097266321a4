"""An identity that is locked away is opened by two persons, with a reason, for a day."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.store.tables import escrow_openings
from actions.turn import Turn
from tests.cases.steps import (
    PHONE,
    count,
    give_post,
    officer_id,
    refused,
    submit,
    told,
)
from tests.cast import Cast, Someone, officer
from tests.conftest import FrozenClock

WHY = "要当面核实是哪一天的事"


async def locked(services: Services, cast: Cast, **changes: object) -> str:
    """CHEN's complaint about LI: locked, and above LI's station."""
    about = await officer_id(services, cast.li.badge)
    return (await submit(services, cast.chen, officer_id=about, **changes)).number


async def phone(services: Services, who: Someone, number: str) -> str:
    return (await services.cases.find(who.turn(), number)).phone


async def key(call: object) -> str:
    return (await refused(call)).key  # type: ignore[arg-type]


async def ask(services: Services, who: Someone, number: str) -> object:
    return await services.escrow.ask(who.turn(), number, WHY)


async def test_one_asks_and_another_grants(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await locked(services, cast)
    assert await phone(services, cast.inspect, number) == ""
    asked = await services.escrow.ask(cast.inspect.turn(), number, WHY)
    assert (asked.granted, asked.reason, asked.until) == (None, WHY, None)
    assert await phone(services, cast.inspect, number) == ""
    (request,) = [text for text in await told(services, cast.centre) if "申请启封" in text]
    assert WHY in request

    decided = await services.escrow.decide(cast.centre.turn(), number, grant=True)
    assert decided.granted is True
    assert any("已由沈警官同意" in text for text in await told(services, cast.inspect, number))
    assert PHONE not in "".join(await told(services, cast.inspect, number))
    assert await phone(services, cast.inspect, number) == PHONE
    assert await phone(services, cast.centre, number) == ""  # granted to who asked, nobody else

    frozen.advance(hours=23)
    assert await phone(services, cast.inspect, number) == PHONE
    frozen.advance(hours=2)
    assert await phone(services, cast.inspect, number) == ""


async def test_every_look_is_noted_with_who_when_and_why(services: Services, cast: Cast) -> None:
    number = await locked(services, cast)
    await ask(services, cast.inspect, number)
    await services.escrow.decide(cast.centre.turn(), number, grant=True)
    await phone(services, cast.inspect, number)
    await phone(services, cast.inspect, number)
    looks = await services.looks.at(cast.inspect.turn(), number)
    assert [(look.by, look.because, look.reason) for look in looks] == [
        ("彭警官（云州市公安局）", "asked", WHY),
        ("沈警官（云州市公安局）", "granted", ""),
        ("彭警官（云州市公安局）", "escrow", ""),
        ("彭警官（云州市公安局）", "escrow", ""),
    ]


async def test_a_holders_look_is_noted_too_and_only_inspectors_read_it(
    services: Services, cast: Cast
) -> None:
    number = (await submit(services, cast.chen)).number
    await services.cases.act(cast.wang.turn(), number, Verb.ACCEPT)
    await phone(services, cast.wang, number)
    looks = await services.looks.at(cast.inspect.turn(), number)
    assert {(look.by, look.because) for look in looks} == {("王警官（明德里派出所）", "holder")}
    for name in ("wang", "head", "sub", "centre", "chen"):
        call = services.looks.at(getattr(cast, name).turn(), number)
        assert await key(call) == "reveals_not_yours", name
    assert await key(services.looks.at(cast.liu.turn(), number)) == "case_not_found"


async def test_refused_it_stays_locked(services: Services, cast: Cast) -> None:
    number = await locked(services, cast)
    await ask(services, cast.inspect, number)
    decided = await services.escrow.decide(cast.centre.turn(), number, grant=False)
    assert decided.granted is False
    assert any("没有同意" in text for text in await told(services, cast.inspect, number))
    assert await phone(services, cast.inspect, number) == ""
    await ask(services, cast.inspect, number)  # with better reasons one may ask again


async def test_nobody_decides_their_own_request(services: Services, cast: Cast) -> None:
    number = await locked(services, cast)
    await ask(services, cast.inspect, number)
    call = services.escrow.decide(cast.inspect.turn(), number, grant=True)
    assert await key(call) == "escrow_own_request"
    assert await phone(services, cast.inspect, number) == ""


async def test_nor_does_the_database_let_them(services: Services, cast: Cast) -> None:
    number = await locked(services, cast)
    await ask(services, cast.inspect, number)
    async with services.engine.begin() as connection:
        row = (await connection.execute(select(escrow_openings))).one()
        statement = escrow_openings.update().values(decided_by=row.asked_by, granted=True)
        with pytest.raises(IntegrityError, match="two_persons"):
            await connection.execute(statement)


async def test_who_may_neither_ask_nor_decide(services: Services, cast: Cast) -> None:
    """LI it is about, HEAD leads him, WANG is his colleague; SUB may see the case, not open it."""
    number = await locked(services, cast)
    await ask(services, cast.inspect, number)
    for name in ("chen", "zhou", "li", "head", "liu", "chief", "other"):
        someone: Someone = getattr(cast, name)
        assert await key(ask(services, someone, number)) == "case_not_found", name
        decide = services.escrow.decide(someone.turn(), number, grant=True)
        assert await key(decide) == "case_not_found", name
    assert await key(ask(services, cast.sub, number)) == "escrow_not_yours"
    decide = services.escrow.decide(cast.sub.turn(), number, grant=True)
    assert await key(decide) == "escrow_not_yours"


async def test_who_holds_it_may_not(services: Services, cast: Cast) -> None:
    number = await locked(services, cast)
    await services.cases.act(cast.centre.turn(), number, Verb.ACCEPT)
    assert await key(ask(services, cast.centre, number)) == "escrow_not_yours"
    await give_post(services, cast.other.badge, "云州市公安局", "centre")
    await ask(services, cast.inspect, number)
    assert not any("申请启封" in text for text in await told(services, cast.centre, number))
    assert any("申请启封" in text for text in await told(services, cast.other, number))


async def test_one_request_at_a_time_and_none_while_it_is_open(
    services: Services, cast: Cast
) -> None:
    number = await locked(services, cast)
    second = await officer(services, "云州市公安局", "centre", 1)
    await ask(services, cast.inspect, number)
    again = await refused(ask(services, second, number))  # type: ignore[arg-type]
    assert (again.key, again.params["who"]) == ("escrow_pending", "彭警官")
    await services.escrow.decide(second.turn(), number, grant=True)
    assert await key(ask(services, cast.inspect, number)) == "escrow_open"
    await ask(services, cast.centre, number)  # it is open for who asked only
    assert await key(services.escrow.decide(second.turn(), "Q26-9999", grant=True)) == (
        "case_not_found"
    )


async def test_a_request_that_nobody_decides_lapses(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await locked(services, cast)
    await ask(services, cast.inspect, number)
    frozen.advance(days=3, minutes=1)
    decide = services.escrow.decide(cast.centre.turn(), number, grant=True)
    assert await key(decide) == "escrow_none"
    await ask(services, cast.centre, number)


async def test_what_is_not_locked_or_has_no_number(services: Services, cast: Cast) -> None:
    free = (await submit(services, cast.chen)).number
    assert await key(ask(services, cast.inspect, free)) == "escrow_not_locked"
    without = await locked(services, cast, phone="")
    assert await key(ask(services, cast.inspect, without)) == "escrow_empty"
    decide = services.escrow.decide(cast.centre.turn(), free, grant=True)
    assert await key(decide) == "escrow_none"


async def test_without_a_second_person_nothing_is_asked(services: Services, cast: Cast) -> None:
    """The inspector and the centre are away: only who asks is left."""
    second = await officer(services, "云州市公安局", "centre", 1)
    number = await locked(services, cast)
    for away in (cast.centre, cast.inspect):
        person = await services.people.whoami(away.turn())
        await services.people.set_state(person.identity_id, "dead")
    assert await key(ask(services, second, number)) == "escrow_nobody"
    assert await count(services, escrow_openings) == 0


async def test_the_same_message_asks_and_decides_once(services: Services, cast: Cast) -> None:
    number = await locked(services, cast)
    turn: Turn = cast.inspect.turn()
    first = await services.escrow.ask(turn, number, WHY)
    assert await services.escrow.ask(turn, number, WHY) == first
    assert sum("申请启封" in text for text in await told(services, cast.centre)) == 1
    decided = await services.escrow.decide(cast.centre.turn(), number, grant=True)
    assert await services.escrow.decide(cast.centre.turn(), number, grant=True) == decided
    assert sum("启封已由" in text for text in await told(services, cast.inspect)) == 1
    other_way = services.escrow.decide(cast.centre.turn(), number, grant=False)
    assert await key(other_way) == "escrow_none"
