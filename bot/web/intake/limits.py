"""How much a feed, or somebody without a key, may ask a minute; counted in Redis."""

from __future__ import annotations

import hashlib

from redis.asyncio import Redis

REQUESTS = 120  # a minute and feed; each may carry 500 events
WRONG_KEYS = 20  # a minute and address
WINDOW = 60  # seconds


class Limits:
    """A lost count only starts again."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def feed(self, feed_id: int) -> bool:
        """Counts a request; whether the feed may send it."""
        return await self._count(f"intake:feed:{feed_id}") <= REQUESTS

    async def may_try(self, address: str) -> bool:
        """Whether this address has not shown too many wrong keys."""
        count = await self._redis.get(_address(address))
        return count is None or int(count) < WRONG_KEYS

    async def wrong_key(self, address: str) -> None:
        await self._count(_address(address))

    async def _count(self, key: str) -> int:
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(key, 0, ex=WINDOW, nx=True)
            pipe.incr(key)
            _, count = await pipe.execute()
        return int(count)


def _address(address: str) -> str:
    """Addresses are personal data: only their hash stands in Redis."""
    return f"intake:address:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
