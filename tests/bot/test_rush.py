"""Hundreds of messages at the same moment are stored together: each once, each in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from actions.bootstrap import Services
from actions.store.tables import identities, inbox
from bot import rush
from bot.inbox import Inbox, Stored
from bot.message import Incoming, Kind, Outgoing
from tests.bot.test_gateway import StandInForRasa, echo, texts, words
from tests.bot.test_inflow import make

SENDERS, EACH = 40, 5
AT_ONCE = SENDERS * EACH


@pytest.fixture
def store(services: Services) -> Inbox:
    return Inbox(services, lease_seconds=30)


def crowd() -> list[Incoming]:
    """Each sender's messages in their order, those of all senders mixed."""
    return [
        words(f"第{number}句", f"{sender}-{number}", f"openid-{sender}")
        for number in range(EACH)
        for sender in range(SENDERS)
    ]


async def stored_at_once(store: Inbox, those: Sequence[Incoming]) -> list[Stored]:
    return await asyncio.gather(*(store.store(one, push=False) for one in those))


async def rows(services: Services) -> list[Any]:
    query = select(inbox).order_by(inbox.c.seq)
    async with services.engine.connect() as connection:
        return list((await connection.execute(query)).all())


async def test_each_is_stored_once_and_in_its_order(services: Services, store: Inbox) -> None:
    said = await stored_at_once(store, crowd())
    assert not any(one.known for one in said)
    found = await rows(services)
    assert {row.id for row in found} == {one.id for one in said}
    by_conversation: dict[str, list[str]] = {}
    for row in found:
        text = Incoming.from_json(services.vault.open_json(row.message_sealed)).text
        by_conversation.setdefault(row.conversation, []).append(text)
    assert len(by_conversation) == SENDERS
    assert all(texts == [f"第{n}句" for n in range(EACH)] for texts in by_conversation.values())
    async with services.engine.connect() as connection:
        people = (await connection.execute(select(identities.c.sender_digest))).scalars().all()
    assert sorted(people) == sorted(
        services.vault.digest(f"wechat:openid-{n}") for n in range(SENDERS)
    )


async def test_what_is_delivered_again_meanwhile_is_known(services: Services, store: Inbox) -> None:
    first = await store.store(crowd()[0], push=True)
    said = await stored_at_once(store, [*crowd(), *crowd()])
    assert len(await rows(services)) == AT_ONCE
    assert [one.id for one in said[:AT_ONCE]] == [one.id for one in said[AT_ONCE:]]
    assert sum(one.known for one in said) == AT_ONCE + 1
    assert said[0].id == first.id
    assert said[0].pushed


async def test_two_gateways_store_the_same_crowd(services: Services, store: Inbox) -> None:
    """A platform that sends again reaches another gateway, in another order."""
    other = Inbox(services, lease_seconds=30)
    here, there = await asyncio.gather(
        stored_at_once(store, crowd()), stored_at_once(other, crowd()[::-1])
    )
    assert [one.id for one in here] == [one.id for one in there][::-1]
    assert len(await rows(services)) == AT_ONCE


async def test_a_few_are_stored_each_by_itself(
    store: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise AssertionError("these need not wait for each other")

    monkeypatch.setattr(store._rush, "_store_many", fail)
    await stored_at_once(store, crowd()[: rush.FEW])


async def test_in_a_rush_whoever_begins_is_answered_by_a_message(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is in the middle of something is answered at once."""
    monkeypatch.setattr("bot.door.RUSH", 0)  # one is a rush
    gateway = make(services, StandInForRasa(echo))
    scan = words("", "scan", "openid-scan", kind=Kind.SCAN, scene="mdl-hj1")
    assert await gateway.receive(scan, wait=30) is None
    assert await gateway.receive(words("你好", "words"), wait=30) == [Outgoing("听到：你好")]
    await gateway.settle()
    assert len(await texts(services)) == 1  # what the scan is answered


async def test_when_too_many_wait_all_others_are_answered_by_a_message(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.gateway.PROMPT", 0)
    gateway = make(services, StandInForRasa(echo))
    assert await gateway.receive(words("你好", "1"), wait=30) is None
    await gateway.settle()
    assert await texts(services) == ["听到：你好"]


async def test_those_at_the_door_go_through_it_one_after_the_other(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood does not make each step of everybody else as long as all of it."""
    gateway, inside, most = make(services, StandInForRasa(echo)), 0, 0
    gateway._door._through = asyncio.Semaphore(3)
    store = gateway._inbox.store

    async def counted(incoming: Incoming, **how: bool) -> Stored:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        try:
            return await store(incoming, **how)
        finally:
            inside -= 1

    monkeypatch.setattr(gateway._inbox, "store", counted)
    said = await asyncio.gather(
        *(gateway.receive(words("好", str(n), f"openid-{n}"), wait=30) for n in range(20))
    )
    assert said == [[Outgoing("听到：好")]] * 20
    assert most == 3
    assert gateway._door._arriving == 0


async def test_whoever_goes_on_passes_those_who_begin(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All who begin stand at the door; it opens for them when the one who goes on is answered."""
    gateway, go = make(services, StandInForRasa(echo)), asyncio.Event()
    gateway._door._beginners, gateway._door._through = asyncio.Semaphore(1), asyncio.Semaphore(2)
    store = gateway._inbox.store

    async def later(incoming: Incoming, **how: bool) -> Stored:
        if incoming.kind is Kind.SCAN:
            await go.wait()
        return await store(incoming, **how)

    monkeypatch.setattr(gateway._inbox, "store", later)
    scans = [words("", f"s{n}", f"openid-{n}", kind=Kind.SCAN, scene="mdl-hj1") for n in range(10)]
    begun = asyncio.gather(*(gateway.receive(scan, wait=30) for scan in scans))
    await asyncio.sleep(0)
    assert await gateway.receive(words("你好", "w"), wait=30) == [Outgoing("听到：你好")]
    assert not begun.done()
    go.set()
    assert len(await begun) == len(scans)


async def test_what_its_platform_no_longer_waits_for_is_not_stored(services: Services) -> None:
    """The platform sends it again, and then it is."""
    gateway = make(services, StandInForRasa(echo))
    gateway._door._through = asyncio.Semaphore(0)
    late = asyncio.create_task(gateway.receive(words("好", "1"), wait=0.01))
    await asyncio.wait({late}, timeout=0.05)
    gateway._door._through.release()
    with pytest.raises(web.HTTPServiceUnavailable):
        await late
    assert await rows(services) == []
    assert await gateway.receive(words("好", "1"), wait=30) == [Outgoing("听到：好")]
    assert len(await rows(services)) == 1
