"""The pace that all processes keep together, in Redis."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from actions.privacy.vault import Vault
from bot.channels import pacing
from bot.channels.pacing import Limit, MemoryPacer
from bot.channels.wecom.channel import LIMITS
from bot.pacing import RedisPacer
from tests.conftest import Databases, FrozenClock

FEW = (Limit(3, 60), Limit(5, 3600))


@pytest.fixture
def vault(databases: Databases) -> Vault:
    return Vault(databases.keys["DATA_KEYS"], databases.keys["HASH_KEY"])


@pytest.fixture
async def redis(databases: Databases) -> AsyncIterator[Redis]:
    connected = Redis.from_url(databases.redis, decode_responses=True)
    yield connected
    await connected.flushdb()
    await connected.aclose()


@pytest.fixture
def pacer(redis: Redis, vault: Vault) -> RedisPacer:
    return RedisPacer(redis, vault)


async def test_a_place_is_free_when_the_oldest_message_leaves_the_window(
    redis: Redis, vault: Vault, frozen: FrozenClock
) -> None:
    pacers = [RedisPacer(redis, vault) for _ in range(2)]
    start = frozen.moment
    for number in range(3):
        assert await pacers[number % 2].wait_seconds("a", 1, FEW) == 0
        frozen.advance(seconds=10)
    wait = await pacers[1].wait_seconds("a", 1, FEW)
    # The first went at 0 s (and a millisecond) and leaves the minute at 60 s; now is 30 s.
    assert abs(wait - 30) < 0.01
    assert await pacers[1].wait_seconds("b", 3, FEW) == 0
    frozen.moment = start
    frozen.advance(seconds=60.1)
    assert await pacers[0].wait_seconds("a", 1, FEW) == 0
    assert await pacers[0].wait_seconds("a", 1, FEW) > 0


async def test_the_longer_window_counts_too(pacer: RedisPacer, frozen: FrozenClock) -> None:
    start = frozen.moment
    for count in (3, 2):
        assert await pacer.wait_seconds("a", count, FEW) == 0
        frozen.advance(seconds=61)
    wait = await pacer.wait_seconds("a", 1, FEW)
    assert abs(wait - (3600 - 122)) < 0.01
    frozen.moment = start
    frozen.advance(seconds=3601)
    assert await pacer.wait_seconds("a", 3, FEW) == 0


async def test_what_has_to_wait_is_not_counted(pacer: RedisPacer, frozen: FrozenClock) -> None:
    assert await pacer.wait_seconds("a", 2, FEW) == 0
    for _ in range(5):
        assert await pacer.wait_seconds("a", 2, FEW) > 0
    assert await pacer.wait_seconds("a", 1, FEW) == 0


async def test_many_at_once_get_no_more_than_there_is(
    pacer: RedisPacer, frozen: FrozenClock
) -> None:
    waits = await asyncio.gather(*(pacer.wait_seconds("a", 1, LIMITS) for _ in range(60)))
    assert sum(wait == 0 for wait in waits) == 28
    # Each looked at the clock a millisecond after the last, and they are counted in any order.
    assert all(0 < wait < 60 + 0.06 for wait in waits if wait)


async def test_nobody_is_named_in_redis_and_nothing_stays_for_ever(
    redis: Redis, pacer: RedisPacer, frozen: FrozenClock
) -> None:
    await pacer.wait_seconds("wecom:1:jingguan", 1, LIMITS)
    (key,) = [str(key) for key in await redis.keys("pace:*")]
    assert "jingguan" not in key
    assert 0 < await redis.ttl(key) <= 3600


async def test_who_loses_redis_does_not_begin_anew(
    redis: Redis, pacer: RedisPacer, frozen: FrozenClock
) -> None:
    """WeCom goes on counting, and drops what is too many without a word."""
    assert await pacer.wait_seconds("a", 3, FEW) == 0
    await redis.flushdb()
    assert 0 < await pacer.wait_seconds("a", 1, FEW) <= 60
    assert await pacer.wait_seconds("b", 1, FEW) == 0


async def test_no_more_is_remembered_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "REMEMBERED", 10)
    moments = itertools.count(0.0, 10.0)  # ten seconds from call to call
    own = MemoryPacer(lambda: next(moments))
    for number in range(100):
        assert await own.wait_seconds(str(number), 1, FEW[:1]) == 0
    assert len(own._sent) <= 11
    for _ in range(20):
        await own.wait_seconds("99", 1, FEW[:1])
    assert len(own._sent["99"]) <= FEW[0].most
