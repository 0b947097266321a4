"""The gateway where deliveries overlap, somebody stops waiting, or a process dies in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from actions import clock
from actions.bootstrap import Services, bootstrap
from actions.settings import Settings, read
from actions.store.tables import identities, inbox
from bot.choices import Intent
from bot.inbox import Claimed, Finished, Inbox
from bot.message import Kind, Outgoing
from bot.nlu import Reply
from tests.bot.test_gateway import (
    Breakable,
    Gateways,
    StandInForRasa,
    echo,
    eventually,
    has_text,
    running,
    stored,
    texts,
    words,
)


@pytest.fixture
async def services(environ: dict[str, str]) -> AsyncIterator[Services]:
    """Without a city: nothing here asks for a unit."""
    wired = bootstrap(read(Settings, environ))
    yield wired
    await wired.redis.flushdb()
    await wired.close()


@pytest.fixture
async def gateway(services: Services) -> AsyncIterator[Gateways]:
    made = Gateways(services)
    yield made
    for one in made.made:
        await one.settle()


class Held:
    """A script that answers when it is told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def __call__(self, said: str | Intent) -> list[Reply]:
        await self.go.wait()
        return await echo(said)


ANSWER = Outgoing("听到：你好")


async def test_what_was_promised_to_be_pushed_is_not_said_as_well(
    services: Services, gateway: Gateways
) -> None:
    """The first delivery stopped waiting; the platform's second one comes before the answer."""
    script = Held()
    there = gateway(StandInForRasa(script))
    assert await there.receive(words("你好"), wait=0.02) is None
    async with asyncio.timeout(20):  # at once: there is nothing to wait for
        assert await there.receive(words("你好"), wait=60) is None
    script.go.set()
    await eventually(lambda: has_text(services, ANSWER.text))
    await there.settle()
    assert await there.receive(words("你好"), wait=5) == []
    assert await texts(services) == [ANSWER.text]


@pytest.mark.parametrize("apart", [False, True])
async def test_of_two_that_wait_one_gives_up_and_the_answer_comes_once(
    services: Services, gateway: Gateways, apart: bool
) -> None:
    """On one gateway and on two: pushed for the one means nothing to say for the other."""
    script = Held()
    rasa = StandInForRasa(script)
    one = gateway(rasa)
    two = gateway(rasa) if apart else one
    first = asyncio.create_task(one.receive(words("你好"), wait=0.05))
    await stored(services, 1)
    second = asyncio.create_task(two.receive(words("你好"), wait=10))
    assert await first is None
    script.go.set()
    assert not await second  # [] where it waited with the first, None where it came later
    await eventually(lambda: has_text(services, ANSWER.text))
    assert await texts(services) == [ANSWER.text]
    assert rasa.asked == ["你好"]


async def test_who_waits_where_the_turn_runs_is_not_told_what_is_pushed(
    services: Services, gateway: Gateways
) -> None:
    """The platform's second delivery went to another gateway and gave up there."""
    script = Held()
    rasa = StandInForRasa(script)
    one, two = gateway(rasa), gateway(rasa)
    patient = asyncio.create_task(one.receive(words("你好"), wait=10))
    await stored(services, 1)
    assert await two.receive(words("你好"), wait=0.02) is None
    script.go.set()
    assert await patient == []
    await eventually(lambda: has_text(services, ANSWER.text))
    assert await texts(services) == [ANSWER.text]


class LateNews(Inbox):
    """An inbox in which a message is stored just behind a look that found nothing."""

    def __init__(self, services: Services) -> None:
        super().__init__(services, lease_seconds=30)
        self.behind: Callable[[], Awaitable[None]] | None = None

    async def finish(
        self, claimed: Claimed, answer: Sequence[Outgoing], *, failed: bool = False
    ) -> Finished:
        finished = await super().finish(claimed, answer, failed=failed)
        if not finished.more and self.behind is not None:
            behind, self.behind = self.behind, None
            await behind()
        return finished


async def test_what_is_stored_behind_the_last_look_is_not_forgotten(
    services: Services, gateway: Gateways
) -> None:
    """No sweeper runs here: the running drain itself has to look again."""
    there = gateway(StandInForRasa(echo))
    there._inbox = LateNews(services)
    later: list[asyncio.Task[object]] = []

    async def second() -> None:
        later.append(asyncio.create_task(there.receive(words("第二句", "2"), wait=5)))
        await stored(services, 2)
        await asyncio.sleep(0.05)  # long enough to find the drain still there

    there._inbox.behind = second
    assert await there.receive(words("第一句", "1"), wait=5) == [Outgoing("听到：第一句")]
    await eventually(lambda: _has(later))
    assert await asyncio.wait_for(later[0], 3) == [Outgoing("听到：第二句")]


async def _has(tasks: list[asyncio.Task[object]]) -> bool:
    return bool(tasks)


async def test_nothing_is_left_waiting_in_memory(services: Services, gateway: Gateways) -> None:
    script = Breakable()
    there = gateway(StandInForRasa(script))
    await there.receive(words("一", "1"), wait=5)
    assert await there.receive(words("二", "2"), wait=5) == []  # behind one that is kept
    assert await there.receive(words("二", "2"), wait=5) is None
    await there.settle()
    assert not there._waiting
    assert not there._drains


async def test_leaving_told_twice_is_still_leaving(services: Services, gateway: Gateways) -> None:
    there = gateway(StandInForRasa(echo))
    await there.receive(words("你好", "1"), wait=5)
    for _ in range(2):
        await there.receive(words("", "2", kind=Kind.UNFOLLOW), wait=5)
    await there.receive(words("你好", "1"), wait=5)  # an old message, delivered again
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(identities.c.state))).scalar_one() == "unsubscribed"


async def test_a_leaving_that_was_left_undone_asks_nobody(
    services: Services, gateway: Gateways
) -> None:
    rasa = StandInForRasa(echo)
    there = gateway(rasa)
    await there._inbox.store(words("", kind=Kind.UNFOLLOW), push=False)
    await _let_it_be_due(services)
    async with running(there):
        await eventually(lambda: _all_done(services))
    assert rasa.asked == []
    assert await texts(services) == []


async def _let_it_be_due(services: Services) -> None:
    past = clock.now() - timedelta(hours=1)
    async with services.engine.begin() as connection:
        await connection.execute(update(inbox).values(next_attempt_at=past))


async def _all_done(services: Services) -> bool:
    async with services.engine.connect() as connection:
        return None not in (await connection.execute(select(inbox.c.done_at))).scalars().all()


class Stumbling(Inbox):
    """An inbox that fails in an unexpected way, the first time it is asked what is due."""

    stumbled = False

    async def due(self, limit: int = 50) -> list[str]:
        if not self.stumbled:
            self.stumbled = True
            raise RuntimeError("a fault of ours")
        return await super().due(limit)


async def test_the_sweeper_outlives_a_fault(services: Services, gateway: Gateways) -> None:
    there = gateway(StandInForRasa(echo))
    there._inbox = Stumbling(services, lease_seconds=30)
    await there._inbox.store(words("你好"), push=True)
    await _let_it_be_due(services)
    async with running(there):
        await eventually(lambda: has_text(services, ANSWER.text))


async def test_those_that_keep_failing_starve_nobody(services: Services) -> None:
    """Chen's first message waits for its next attempt with another behind it; Zhou's is due."""
    there = Inbox(services, lease_seconds=30)
    for number in ("1", "2"):
        await there.store(words("x", number), push=True)
    claimed = await there.claim(await _conversation(services))
    assert claimed is not None
    await _let_it_be_due(services)
    await there.postpone(claimed, tell=[])
    zhou = await there.store(words("y", "3", sender="openid-zhou"), push=True)
    async with services.engine.begin() as connection:
        past = clock.now() - timedelta(minutes=5)
        await connection.execute(
            update(inbox).where(inbox.c.id == zhou.id).values(next_attempt_at=past)
        )
    assert await there.due(limit=1) == [zhou.person.conversation]


async def _conversation(services: Services) -> str:
    async with services.engine.connect() as connection:
        return str((await connection.execute(select(inbox.c.conversation).limit(1))).scalar_one())


async def test_a_lost_lease_says_nothing(services: Services) -> None:
    there = Inbox(services, lease_seconds=-1)  # runs out at once
    await there.store(words("你好"), push=False)
    conversation = await _conversation(services)
    dead, alive = await there.claim(conversation), await there.claim(conversation)
    assert dead is not None
    assert alive is not None
    assert (await there.finish(dead, [ANSWER])).said is None
    assert (await there.finish(alive, [ANSWER])).said == [ANSWER]
    assert (await there.finish(alive, [ANSWER])).said is None


async def test_who_lost_the_lease_tells_nobody_that_it_is_kept(services: Services) -> None:
    there = Inbox(services, lease_seconds=-1)
    await there.store(words("你好"), push=False)
    conversation = await _conversation(services)
    dead, alive = await there.claim(conversation), await there.claim(conversation)
    assert dead is not None
    assert alive is not None
    await there.postpone(dead, tell=[Outgoing("已收到")])
    assert await texts(services) == []
    assert (await there.finish(alive, [ANSWER])).said == [ANSWER]
