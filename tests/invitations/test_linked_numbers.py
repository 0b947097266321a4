"""Somebody who linked their number is asked in the account; a lost message goes out by text."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import clock
from actions.errors import Refusal
from actions.invitations.answers import Asked
from actions.store.tables import deliveries, identities, invitations, opt_outs
from tests.cast import Someone, citizen, officer
from tests.conftest import FrozenClock
from tests.invitations.asking import CHEN, ZHOU, Counter


async def linked(counter: Counter, phone: str = CHEN) -> Someone:
    """A citizen in WeChat who has proved that number."""
    chen = await citizen(counter.services, "openid-chen")
    await counter.services.contacts.ask(chen.turn(), phone)
    async with counter.services.engine.connect() as connection:
        query = select(deliveries.c.content_sealed).where(deliveries.c.topic == "contact_code")
        sealed = (await connection.execute(query)).scalar_one()
    words = counter.services.vault.open_json(sealed)["text"]
    code = re.search(r"\d{6}", words)
    assert code
    await counter.services.contacts.prove(chen.turn(), code[0])
    return chen


async def lost(counter: Counter) -> str:
    """The last invitation's delivery fails for good; what is done then."""
    async with counter.services.engine.begin() as connection:
        query = select(deliveries.c.id).where(deliveries.c.topic == "invitation")
        newest = query.order_by(deliveries.c.created_at.desc(), deliveries.c.id.desc()).limit(1)
        delivery = (await connection.execute(newest)).scalar_one()
        return await counter.services.invitations.second_way.take_over(connection, delivery)


async def test_a_linked_number_is_asked_in_the_account(counter: Counter) -> None:
    chen = await linked(counter)
    await counter.asks()
    (message,) = await counter.messages()
    assert message[0] == "wechat"
    assert "码" not in message[1]
    said = await counter.replies("满意", conversation=chen.conversation, asked=Asked.INVITATION)
    assert said
    assert len(await counter.ratings()) == 1


async def test_another_number_is_asked_by_text(counter: Counter) -> None:
    await linked(counter)
    await counter.asks(phone=ZHOU)
    assert [channel for channel, _ in await counter.messages()] == ["sms"]


async def test_a_link_ends_after_a_year_or_when_they_leave(
    counter: Counter, frozen: FrozenClock
) -> None:
    chen = await linked(counter)
    person = await counter.services.people.whoami(chen.turn())
    await counter.services.people.set_state(person.identity_id, "unsubscribed")
    await counter.asks()
    await counter.services.people.set_state(person.identity_id, "active")
    frozen.advance(days=366)
    await counter.asks()
    assert [channel for channel, _ in await counter.messages()] == ["sms", "sms"]


async def test_what_the_account_cannot_bring_is_asked_by_text_and_counts_as_delivered(
    counter: Counter,
) -> None:
    await linked(counter)
    row = await counter.asks()
    assert await lost(counter) == "asked by text message"
    assert [channel for channel, _ in await counter.messages()] == ["wechat", "sms"]
    assert counter.code(row) in (await counter.messages())[-1][1]
    said = await counter.replies("3 等了两个小时")
    assert said
    assert "编号" in said.text
    async with counter.services.engine.begin() as connection:
        failed = deliveries.update().where(deliveries.c.key == f"invitation:{row.id.hex}")
        await connection.execute(failed.values(state="failed"))
        by_text = deliveries.update().where(deliveries.c.key == f"invitation:{row.id.hex}:sms")
        await connection.execute(by_text.values(state="sent"))
    now = clock.now()
    steps = await counter.services.invitations.funnel.follow(now - timedelta(days=1), now)
    assert [(each.events, each.delivered) for each in steps.values()] == [(1, 1)]


async def test_a_lost_text_has_no_second_way(counter: Counter) -> None:
    await counter.asks()
    assert await lost(counter) == ""


async def test_a_lost_message_to_somebody_who_stopped_goes_nowhere(counter: Counter) -> None:
    chen = await linked(counter)
    await counter.asks()
    await counter.services.invitations.opt_outs.own(chen.turn(), stop=True)
    assert "silent" in await lost(counter)


async def test_what_is_rated_by_then_is_not_asked_by_text(counter: Counter) -> None:
    chen = await linked(counter)
    row = await counter.asks()
    await counter.replies("满意", conversation=chen.conversation, asked=Asked.INVITATION)
    async with counter.services.engine.begin() as connection:  # rated another way: still waiting
        waits = invitations.update().where(invitations.c.id == row.id)
        await connection.execute(waits.values(state="sent"))
    assert await lost(counter) == "no text message: rated already"


async def test_stopping_in_the_account_stops_the_linked_number_too(counter: Counter) -> None:
    chen = await linked(counter)
    await counter.services.invitations.opt_outs.own(chen.turn(), stop=True)
    assert await counter.why_not() == "opted_out"
    await counter.services.invitations.opt_outs.own(chen.turn(), stop=False)
    assert await counter.why_not() is None


async def test_the_desk_notes_that_a_number_is_not_to_be_asked(counter: Counter) -> None:
    sub = await officer(counter.services, "桥西分局", "sub_centre")
    note = counter.services.invitations.opt_outs.note
    assert await note(sub.turn(), "139 0000 0000", stop=True) == "139****0000"
    assert await counter.why_not() == "opted_out"
    async with counter.services.engine.connect() as connection:
        row = (await connection.execute(select(opt_outs))).one()
    assert row.channel == "desk"
    assert row.officer_id is not None
    await note(sub.turn(), CHEN, stop=False)
    assert await counter.why_not() is None


@pytest.mark.parametrize(
    ("unit", "role"), [("明德里派出所", "officer"), ("明德里派出所", "unit_lead")]
)
async def test_who_is_rated_keeps_nobody_from_answering(
    counter: Counter, unit: str, role: str
) -> None:
    one = await officer(counter.services, unit, role)
    with pytest.raises(Refusal) as caught:
        await counter.services.invitations.opt_outs.note(one.turn(), CHEN, stop=True)
    assert caught.value.key == "opt_out_not_yours"
    assert await counter.why_not() is None


async def test_a_number_that_is_none_is_refused(counter: Counter) -> None:
    sub = await officer(counter.services, "桥西分局", "sub_centre")
    with pytest.raises(Refusal) as caught:
        await counter.services.invitations.opt_outs.note(sub.turn(), "12", stop=True)
    assert caught.value.key == "opt_out_no_number"


async def test_a_stranger_has_no_second_way(counter: Counter) -> None:
    chen = await citizen(counter.services, "openid-zhou")
    async with counter.services.engine.begin() as connection:
        person = await counter.services.people.person(connection, chen.conversation)
        await counter.services.notices.tell(
            connection, key="else", identity_id=person.identity_id, topic="case", text="别的"
        )
        query = select(deliveries.c.id).join(
            identities, identities.c.id == deliveries.c.identity_id
        )
        delivery = (await connection.execute(query)).scalar_one()
        assert await counter.services.invitations.second_way.take_over(connection, delivery) == ""
