"""Cards that change after they went out: by services, the queue and a worker."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Collection
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from actions.notices.notices import Offer
from actions.store.tables import deliveries, identities
from bot.back_off import MAX_ATTEMPTS
from bot.channels.base import Sent, TransportError
from bot.choices import Choices, Intent
from tests.bot.delivering import Installation

CARD = "case:Q26-0001:new"
TAKEN = {"zh": "已由李警官接了", "en": "Taken by Officer Li"}
ACCEPT = Offer("接单", '/accept{"number": "Q26-0001"}')


async def officer(there: Installation, sender: str, language: str = "zh") -> uuid.UUID:
    identity = await there.meet(sender)
    async with there.services.engine.begin() as connection:
        await connection.execute(
            update(identities).where(identities.c.id == identity).values(language=language)
        )
    return identity


async def card(there: Installation, *readers: uuid.UUID) -> None:
    for reader in readers:
        await there.tell(reader, "新件 Q26-0001", offers=[ACCEPT], card=CARD)


async def revise(
    there: Installation, texts: dict[str, str] = TAKEN, excluding: Collection[uuid.UUID] = ()
) -> None:
    async with there.services.engine.begin() as connection:
        await there.services.notices.revise(connection, card=CARD, texts=texts, excluding=excluding)


async def deliver(there: Installation) -> None:
    """Sends what is queued."""
    for row in await there.rows():
        await there.deliverer.deliver(str(row.id), 0)


def revised(there: Installation, row: Row[Any]) -> str:
    return str(there.services.vault.open_json(row.revised_sealed)["text"])


async def until_no_job(there: Installation) -> None:
    async with there.working():
        async with asyncio.timeout(10):
            while await there.jobs():  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_what_was_sent_is_replaced_in_each_readers_language(there: Installation) -> None:
    li, wang = await officer(there, "chat-li"), await officer(there, "chat-wang", "en")
    there.platform.script = [Sent("message", platform_id="11"), Sent("message", platform_id="12")]
    await card(there, li, wang)
    await deliver(there)
    await revise(there)
    await until_no_job(there)
    assert sorted(there.platform.revised) == [
        ("chat-li", "11", TAKEN["zh"]),
        ("chat-wang", "12", TAKEN["en"]),
    ]
    rows = await there.rows()
    assert [row.state for row in rows] == ["sent", "sent"]
    assert {revised(there, row) for row in rows} == set(TAKEN.values())
    assert all(row.revised_at for row in rows)


async def test_the_words_may_come_from_a_function(there: Installation) -> None:
    await card(there, await officer(there, "chat-li"))
    await deliver(there)
    async with there.services.engine.begin() as connection:
        await there.services.notices.revise(
            connection, card=CARD, texts=lambda language: f"taken ({language})"
        )
    await until_no_job(there)
    assert there.platform.revised == [("chat-li", "p-1", "taken (zh)")]


async def test_some_readers_keep_theirs_and_other_cards_stay(there: Installation) -> None:
    li, wang = await officer(there, "chat-li"), await officer(there, "chat-wang")
    await card(there, li, wang)
    await there.tell(wang, "另一件", card="case:Q26-0002:new")
    await there.tell(wang, "不是卡片")
    await deliver(there)
    await revise(there, excluding=[li])
    await until_no_job(there)
    assert there.platform.revised == [("chat-wang", "p-1", TAKEN["zh"])]


@pytest.mark.parametrize("state", ["queued", "held"])
async def test_what_is_not_sent_yet_goes_out_in_the_new_words(
    there: Installation, state: str
) -> None:
    """Held: the morning's digest will say it."""
    await card(there, await officer(there, "chat-li"))
    async with there.services.engine.begin() as connection:
        await connection.execute(update(deliveries).values(state=state))
    await revise(there)
    (row,) = await there.rows()
    content = there.services.vault.open_json(row.content_sealed)
    assert (row.state, content) == (state, {"text": TAKEN["zh"], "offers": []})
    assert len(await there.jobs()) == 1  # the delivery's own
    if state == "queued":
        await until_no_job(there)
        assert there.platform.sent == [("chat-li", TAKEN["zh"])]
        assert there.platform.choices == [()]
    assert there.platform.revised == []


async def test_nobody_waits_for_what_is_just_being_sent(there: Installation) -> None:
    """The verb's transaction goes on; the message is replaced when it has gone out."""
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        begun.set()
        await go.wait()

    there.platform.before = slowly
    await card(there, await officer(there, "chat-li"))
    (row,) = await there.rows()
    sending = asyncio.create_task(there.deliverer.deliver(str(row.id), 0))
    await begun.wait()
    async with asyncio.timeout(5):
        await revise(there)
    go.set()
    await sending
    await until_no_job(there)
    assert there.platform.sent == [("chat-li", "新件 Q26-0001")]
    assert there.platform.revised == [("chat-li", "p-1", TAKEN["zh"])]


async def test_two_changes_come_in_their_order(there: Installation) -> None:
    await card(there, await officer(there, "chat-li"))
    await deliver(there)
    busy = TransportError("busy")
    there.platform.script = [busy]
    await revise(there)
    await revise(there, {"zh": "已办结"})
    await until_no_job(there)
    assert [words for _, _, words in there.platform.revised] == [
        TAKEN["zh"],
        TAKEN["zh"],
        "已办结",
    ]
    assert revised(there, (await there.rows())[0]) == "已办结"


async def test_what_cannot_be_replaced_stays_and_is_not_tried_again(there: Installation) -> None:
    await card(there, await officer(there, "chat-li"))
    await deliver(there)
    there.platform.script = [TransportError("cannot be changed", permanent=True)]
    await revise(there)
    await until_no_job(there)
    (row,) = await there.rows()
    assert (row.state, row.revised_sealed, row.attempts) == ("sent", None, 1)
    assert len(there.platform.revised) == 1


async def test_it_is_not_tried_for_ever(there: Installation) -> None:
    await card(there, await officer(there, "chat-li"))
    await deliver(there)
    (row,) = await there.rows()
    sealed = there.services.vault.seal_json({"text": "已接"}).decode()
    there.platform.script = [TransportError("busy"), ValueError("电话 13900000000")]
    with pytest.raises(TransportError):
        await there.deliverer.revise(str(row.id), sealed, 0)
    await there.deliverer.revise(str(row.id), sealed, MAX_ATTEMPTS - 1)


async def test_a_card_that_failed_is_left_alone(there: Installation) -> None:
    await card(there, await officer(there, "chat-li"))
    there.platform.script = [TransportError("refused", permanent=True)]
    await deliver(there)
    await revise(there)
    await until_no_job(there)
    assert there.platform.revised == []


async def test_who_left_is_not_bothered(there: Installation) -> None:
    li = await officer(there, "chat-li")
    await card(there, li)
    await deliver(there)
    await there.services.people.set_state(li, "unsubscribed")
    await revise(there)
    await until_no_job(there)
    assert there.platform.revised == []


async def test_the_old_button_still_means_what_it_meant(there: Installation) -> None:
    """The service refuses politely; here the tap must only not be lost."""
    li = await officer(there, "chat-li")
    await card(there, li)
    await deliver(there)
    await revise(there)
    await until_no_job(there)
    token = there.platform.choices[0][0]
    intent = await Choices(there.services.redis).by_token(f"c{li.hex}", token)
    assert intent == Intent("accept", {"number": "Q26-0001"})


# --- who can no longer be reached -----------------------------------------------------------------


async def state_of(there: Installation, identity: uuid.UUID) -> str:
    async with there.services.engine.connect() as connection:
        query = select(identities.c.state).where(identities.c.id == identity)
        return str((await connection.execute(query)).scalar_one())


async def test_nothing_more_is_sent_to_who_blocked_us(there: Installation) -> None:
    li, wang = await officer(there, "chat-li"), await officer(there, "chat-wang")
    there.platform.script = [TransportError("blocked", gone=True, code="403")]
    await there.tell(li, "一", "二")
    await there.tell(wang, "三")
    await deliver(there)
    first, second, third = await there.rows()
    assert (first.note, second.note, third.state) == ("403 blocked", "the person is dead", "sent")
    assert [await state_of(there, one) for one in (li, wang)] == ["dead", "active"]


async def test_a_revision_finds_out_as_well(there: Installation) -> None:
    li = await officer(there, "chat-li")
    await card(there, li)
    await deliver(there)
    there.platform.script = [TransportError("blocked", gone=True)]
    await revise(there)
    await until_no_job(there)
    assert await state_of(there, li) == "dead"


async def test_who_left_in_the_meantime_has_left(there: Installation) -> None:
    """Leaving says more than a dead address."""
    li = await officer(there, "chat-li")

    async def leaves() -> None:
        await there.services.people.set_state(li, "unsubscribed")

    there.platform.before = leaves
    there.platform.script = [TransportError("blocked", gone=True)]
    await there.tell(li, "一")
    await deliver(there)
    assert await state_of(there, li) == "unsubscribed"
