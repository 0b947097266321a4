"""A limit on wrong case numbers and short codes, so that nobody can try them all."""

from __future__ import annotations

import uuid

from redis.asyncio import Redis

from actions.errors import Refusal

LIMIT = 10
WINDOW = 3600  # seconds


class Guesses:
    """Counts wrong guesses per identity in Redis; a lost count only starts again."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def check(self, identity_id: uuid.UUID) -> None:
        """Refuses while too many wrong guesses lie within the last hour."""
        count = await self._redis.get(f"guesses:{identity_id.hex}")
        if count is not None and int(count) >= LIMIT:
            raise Refusal("too_many_guesses")

    async def wrong(self, identity_id: uuid.UUID) -> None:
        key = f"guesses:{identity_id.hex}"
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(key, 0, ex=WINDOW, nx=True)
            pipe.incr(key)
            await pipe.execute()
