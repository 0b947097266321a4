"""A message that is stored while somebody waits for its answer is leased with that, if it may be."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.tables import inbox
from bot.inbox import Inbox, Stored
from bot.message import Incoming
from tests.bot.test_gateway import Gateways, StandInForRasa, echo, texts, words


async def store(services: Services, incoming: Incoming) -> Stored:
    return await Inbox(services, 30).store(incoming, push=False, lease=True)


async def test_the_first_is_leased_and_the_next_waits_for_it(services: Services) -> None:
    there = Inbox(services, 30)
    first = await store(services, words("一", "m1"))
    second = await store(services, words("二", "m2"))
    assert first.claimed is not None
    assert first.claimed.attempts == 1
    assert second.claimed is None
    assert await there.claim(first.person.conversation) is None  # nobody else may begin
    finished = await there.finish(first.claimed, [])
    assert finished.more
    after = await there.claim(first.person.conversation)
    assert after is not None
    assert after.id == second.id


async def test_of_many_stored_at_once_one_is_leased(services: Services) -> None:
    stored = await asyncio.gather(*(store(services, words("喂", f"m{n}")) for n in range(12)))
    assert sum(each.claimed is not None for each in stored) <= 1
    async with services.engine.begin() as connection:
        rows = (await connection.execute(select(inbox.c.state))).scalars().all()
    assert sorted(rows)[:11] == ["received"] * 11
    assert len(rows) == 12


async def test_the_same_message_again_is_not_leased_again(services: Services) -> None:
    first = await store(services, words("一", "m1"))
    again = await store(services, words("一", "m1"))
    assert first.claimed is not None
    assert again.known
    assert again.claimed is None


async def test_a_lease_of_a_gateway_that_died_runs_out(services: Services) -> None:
    """As any lease: another gateway takes the message up."""
    first = await Inbox(services, -1).store(words("一", "m1"), push=False, lease=True)
    assert first.claimed is not None
    taken = await Inbox(services, 30).claim(first.person.conversation)
    assert taken is not None
    assert taken.attempts == 2


async def test_many_of_one_person_are_answered_each_once(services: Services) -> None:
    """Through two gateways at once, in whatever order they are stored."""
    gateway, rasa = Gateways(services), StandInForRasa(echo)
    one, two = gateway(rasa), gateway(rasa)
    said = [f"第{n}句" for n in range(20)]
    answers = await asyncio.gather(
        *(
            (one if n % 2 else two).receive(words(text, text), wait=30)
            for n, text in enumerate(said)
        )
    )
    for each in (one, two):
        await each.settle()
    told = [message.text for answer in answers for message in answer or ()]
    assert sorted(told + await texts(services)) == sorted(f"听到：{text}" for text in said)
    assert sorted(rasa.asked) == sorted(said)
