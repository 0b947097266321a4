"""One sender who sends too much is told so once; what platforms report in crowds is written together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from redis.asyncio import Redis
from sqlalchemy import func, select

from actions.bootstrap import Services
from actions.store.tables import inbox
from bot.choices import Choices, Intent
from bot.conversation import Conversation
from bot.gateway import TurnGateway
from bot.inbox import Inbox
from bot.inflow import FIRST_BAN, NEXT_BAN, Inflow
from bot.message import Kind, Outgoing
from bot.nlu import Reply
from bot.receipts import Receipts
from bot.together import AT_ONCE, BusyError, Together
from tests.bot.test_gateway import StandInForRasa, Well, echo, texts, words

MOST = 3
TOLD = "您发得太快，后面的先没有收。请过 1 分钟再发；急事请拨110。"


def make(services: Services, rasa: StandInForRasa) -> TurnGateway:
    return TurnGateway(
        services,
        Inbox(services, lease_seconds=30),
        Conversation(services, rasa, Choices(services.redis)),  # type: ignore[arg-type]
        Well(),  # type: ignore[arg-type]
        Receipts(services.engine, services.vault),
        inflow=Inflow(services.redis, services.vault, MOST),
    )


@pytest.fixture
async def gateway(services: Services) -> AsyncIterator[TurnGateway]:
    made = make(services, StandInForRasa(echo))
    yield made
    await made.settle()


async def stored(services: Services) -> int:
    async with services.engine.connect() as connection:
        return (await connection.execute(select(func.count()).select_from(inbox))).scalar_one()


async def test_who_sends_too_much_is_told_once_and_nobody_else_notices(
    services: Services, gateway: TurnGateway
) -> None:
    said = [await gateway.receive(words("你好", str(n)), wait=10) for n in range(MOST + 3)]
    assert said[:MOST] == [[Outgoing("听到：你好")]] * MOST
    assert said[MOST:] == [[Outgoing(TOLD)], [], []]
    assert await stored(services) == MOST
    other = await gateway.receive(words("你好", "x", "openid-zhou"), wait=10)
    assert other == [Outgoing("听到：你好")]


async def test_what_the_platform_delivers_again_is_not_counted_again(gateway: TurnGateway) -> None:
    for number in range(MOST):
        for _ in range(3):
            again = await gateway.receive(words("你好", str(number)), wait=10)
            assert again == [Outgoing("听到：你好")]


async def test_who_is_written_to_later_is_told_by_a_message(
    services: Services, gateway: TurnGateway
) -> None:
    for number in range(MOST + 3):
        await gateway.receive(words("你好", str(number)), wait=0)
    await gateway.settle()
    assert sorted(await texts(services)) == sorted(["听到：你好"] * MOST + [TOLD])


async def test_the_next_ban_is_longer(services: Services) -> None:
    inflow = Inflow(services.redis, services.vault, 1)
    assert await inflow.refused(words("一", "1")) is None
    assert await inflow.refused(words("二", "2")) == FIRST_BAN
    assert await inflow.refused(words("三", "3")) == 0
    (ban,) = await services.redis.keys("inflow:*:ban")
    assert 0 < await services.redis.ttl(ban) <= FIRST_BAN
    await services.redis.delete(ban)  # it is over
    assert await inflow.refused(words("四", "4")) == NEXT_BAN
    names = await services.redis.keys("inflow:*")
    assert not [name for name in names if "openid" in name]


async def test_leaving_and_receipts_are_no_messages(
    services: Services, gateway: TurnGateway
) -> None:
    for number in range(MOST * 2):
        await gateway.receive(words("", f"l{number}", kind=Kind.UNFOLLOW), wait=0)
    assert await gateway.receive(words("你好", "1"), wait=10) == [Outgoing("听到：你好")]


async def test_without_redis_everything_is_taken(services: Services) -> None:
    nowhere = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=1)
    inflow = Inflow(nowhere, services.vault, 1)
    assert [await inflow.refused(words("你好", str(n))) for n in range(3)] == [None] * 3
    await nowhere.aclose()


async def test_what_does_not_fit_in_memory_waits_in_the_inbox(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is refused: whoever comes when all places are taken is answered by a message."""
    monkeypatch.setattr("bot.gateway.MOST", 1)
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly(said: str | Intent) -> list[Reply]:
        begun.set()
        await go.wait()
        return await echo(said)

    gateway = make(services, StandInForRasa(slowly))
    first = asyncio.create_task(gateway.receive(words("一", "1", "openid-1"), wait=30))
    await begun.wait()
    assert await gateway.receive(words("二", "2", "openid-2"), wait=30) is None
    assert await gateway.receive(words("三", "3", "openid-3"), wait=0) is None
    assert len(gateway._drains) == 1
    go.set()
    assert await first == [Outgoing("听到：一")]
    query = select(inbox.c.conversation).where(inbox.c.done_at.is_(None))
    async with services.engine.connect() as connection:
        left = (await connection.execute(query)).scalars().all()
    assert len(left) == 2
    for conversation in left:
        await gateway.settle()
        gateway._drain(conversation)  # as the sweeper does when they are overdue
    await gateway.settle()
    assert sorted(await texts(services)) == ["听到：三", "听到：二"]


# --- together -------------------------------------------------------------------------------------


async def test_a_burst_is_written_in_few_statements() -> None:
    written: list[Sequence[int]] = []

    async def write(items: Sequence[int]) -> None:
        await asyncio.sleep(0)
        written.append(items)

    together = Together(write, most=5 * AT_ONCE)
    await asyncio.gather(*(together.add(n) for n in range(3 * AT_ONCE)))
    assert [n for items in written for n in items] == list(range(3 * AT_ONCE))
    assert len(written) <= 4
    await together.add(-1)
    assert written[-1] == [-1]


async def test_whoever_waits_learns_that_it_failed() -> None:
    async def write(items: Sequence[int]) -> None:
        raise OSError("the disk is full")

    together = Together(write)
    found = await asyncio.gather(*(together.add(n) for n in range(3)), return_exceptions=True)
    assert [type(each) for each in found] == [OSError] * 3


async def test_there_is_an_end_to_what_may_wait() -> None:
    go = asyncio.Event()

    async def write(items: Sequence[int]) -> None:
        await go.wait()

    together = Together(write, most=2)
    waiting = [asyncio.create_task(together.add(0))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # the first is being written
    waiting += [asyncio.create_task(together.add(n)) for n in (1, 2)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await together.add(3)
    go.set()
    await asyncio.gather(*waiting)
