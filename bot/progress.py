"""How many pieces of a delivery are out, known even when the worker is killed between two of them.

What is sent is written down in PostgreSQL when the attempt ends; until then Redis knows. Losing it
means that a message which was being sent just then goes out again, not that one is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Row

LIFE = 24 * 3600  # seconds


class Progress:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def out(self, delivery: Row[Any]) -> int:
        """How many pieces of the delivery's present content have gone out."""
        out: int = delivery.pieces_sent
        with contextlib.suppress(RedisError):
            out = max(out, int(await self._redis.get(_key(delivery)) or 0))
        return out

    async def note(self, delivery: Row[Any], pieces: int) -> None:
        """So many are out now."""
        with contextlib.suppress(RedisError):
            await self._redis.set(_key(delivery), pieces, ex=LIFE)


def _key(delivery: Row[Any]) -> str:
    """New words begin anew: the pieces of the old ones do not say them."""
    content = hashlib.blake2b(delivery.content_sealed, digest_size=8).hexdigest()
    return f"out:{delivery.id.hex}:{content}"
