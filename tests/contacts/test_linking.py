"""Linking a number: the code by text message, what is refused, and what follows from it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from actions.bootstrap import Services
from actions.contacts.proof import digits_in, takes_proof
from actions.errors import Refusal
from actions.store.tables import contact_proofs, contacts, deliveries, identities
from tests.cast import Cast, Someone, citizen
from tests.conftest import FrozenClock

PHONE = "13900000000"


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    """A policy that asks in the official account first."""
    return {**environ, "POLICY": "callbacks2014"}


async def texts(services: Services) -> list[str]:
    """What went to the number, the oldest first."""
    query = (
        select(deliveries.c.content_sealed)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(identities.c.channel == "sms")
        .order_by(deliveries.c.created_at, deliveries.c.id)
    )
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalars().all()
    return [services.vault.open_json(each)["text"] for each in sealed]


async def code(services: Services) -> str:
    found = re.search(r"\d{6}", (await texts(services))[-1])
    assert found
    return found[0]


async def links(someone: Someone, phone: str = PHONE) -> str:
    services = someone.services
    await services.contacts.ask(someone.turn(), phone)
    return await services.contacts.prove(someone.turn(), await code(services))


async def rows(services: Services, table: Any) -> list[Any]:
    async with services.engine.connect() as connection:
        return list((await connection.execute(select(table))).all())


async def refused(work: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await work
    return caught.value


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("482913", "482913"),
        ("482 913", "482913"),
        ("４８２９１３", "482913"),
        ("验证码：482913。", "482913"),
        ("code 482913", "482913"),
        ("48291", ""),
        ("4829133", ""),
        ("是482913吗", ""),
        ("", ""),
    ],
)
def test_digits_are_read_as_people_write_them(said: str, digits: str) -> None:
    assert digits_in(said) == digits


@pytest.mark.parametrize("phone", [None, "03101234567", "+85291234567", "12345678901"])
def test_only_a_mainland_mobile_is_linked(phone: str | None) -> None:
    assert not takes_proof(phone)


async def test_the_code_from_the_text_message_links_the_number(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    shown = await services.contacts.ask(cast.chen.turn(), "139 0000 0000")
    assert shown == "139****0000"
    assert PHONE not in (await texts(services))[-1]
    assert await services.contacts.prove(cast.chen.turn(), await code(services)) == shown
    (row,) = await rows(services, contacts)
    assert services.vault.open(row.phone_sealed) == PHONE
    assert not await rows(services, contact_proofs)


async def test_the_same_message_asks_and_proves_once(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    asking, proving = cast.chen.turn(), cast.chen.turn()
    for _ in range(2):
        await services.contacts.ask(asking, PHONE)
    assert len(await texts(services)) == 1
    for _ in range(2):
        await services.contacts.prove(proving, await code(services))
    assert len(await rows(services, contacts)) == 1


async def test_wrong_codes_are_counted_and_end(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await services.contacts.ask(cast.chen.turn(), PHONE)
    right = await code(services)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    left = [await refused(services.contacts.prove(cast.chen.turn(), wrong)) for _ in range(5)]
    assert [each.params.get("left") for each in left] == ["4", "3", "2", "1", None]
    assert left[-1].key == "link_code_over"
    assert (await refused(services.contacts.prove(cast.chen.turn(), right))).key == "link_code_over"
    assert not await rows(services, contacts)


async def test_a_code_is_over_after_ten_minutes_and_only_its_asker_has_it(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await services.contacts.ask(cast.chen.turn(), PHONE)
    given = await code(services)
    assert (await refused(services.contacts.prove(cast.zhou.turn(), given))).key == "link_code_over"
    frozen.advance(minutes=10)
    assert (await refused(services.contacts.prove(cast.chen.turn(), given))).key == "link_code_over"


async def test_codes_a_day_are_limited_for_a_number_whoever_asks(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    for who in (cast.chen, cast.zhou, cast.chen):
        await services.contacts.ask(who.turn(), PHONE)
    other = await citizen(services, "openid-other")
    assert (await refused(services.contacts.ask(other.turn(), PHONE))).key == "link_too_often"
    assert len(await texts(services)) == 3


async def test_a_number_moves_to_who_proves_it_last_and_the_former_is_told(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await links(cast.chen)
    await links(cast.zhou)
    (row,) = await rows(services, contacts)
    async with services.engine.connect() as connection:
        query = select(identities.c.conversation).where(identities.c.id == row.identity_id)
        assert (await connection.execute(query)).scalar_one() == cast.zhou.conversation
        told = select(deliveries.c.content_sealed).where(deliveries.c.topic == "contact")
        (sealed,) = (await connection.execute(told)).scalars().all()
    assert "139****0000" in services.vault.open_json(sealed)["text"]


async def test_a_linked_number_is_forgotten_on_a_word(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await links(cast.chen)
    assert await services.contacts.forget(cast.chen.turn()) == "139****0000"
    assert await services.contacts.forget(cast.chen.turn()) is None
    assert not await rows(services, contacts)


@pytest.mark.parametrize("channel", ["sms", "web"])
async def test_where_nobody_is_anybody_nothing_is_linked(
    services: Services, cast: Cast, frozen: FrozenClock, channel: str
) -> None:
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, channel, "somebody")
    someone = Someone(services, person.conversation)
    assert (await refused(services.contacts.ask(someone.turn(), PHONE))).key == "link_not_here"
    assert not await texts(services)


async def test_a_landline_is_refused_before_anything_is_written(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    refusal = await refused(services.contacts.ask(cast.chen.turn(), "0310-1234567"))
    assert refusal.key == "link_no_mobile"
    assert not await rows(services, contact_proofs)


async def test_who_asked_hears_when_the_code_cannot_be_sent(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await services.contacts.ask(cast.chen.turn(), PHONE)
    (row,) = await rows(services, deliveries)
    async with services.engine.begin() as connection:
        assert await services.contacts.not_sent(connection, row.id)
    told = [each for each in await rows(services, deliveries) if each.topic == "contact"]
    assert "没发出去" in services.vault.open_json(told[0].content_sealed)["text"]
    async with services.engine.begin() as connection:
        assert await services.contacts.not_sent(connection, told[0].id) == ""
