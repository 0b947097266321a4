"""How many pieces of a delivery are out, known even when the worker is killed between two of them.

What is sent is written down in PostgreSQL when the attempt ends; until then Redis knows. Losing it
means that a message which was being sent just then goes out again, not that one is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Row

from bot.together import BusyError, Together

LIFE = 24 * 3600  # seconds


class Progress:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._notes = Together(self._write)

    async def out(self, those: Sequence[Row[Any]]) -> list[int]:
        """How many pieces of each delivery's present content have gone out."""
        known: Sequence[bytes | str | None] = [None] * len(those)
        with contextlib.suppress(RedisError):
            known = await self._redis.mget([_key(row) for row in those])
        return [
            max(row.pieces_sent, int(pieces or 0)) for row, pieces in zip(those, known, strict=True)
        ]

    async def note(self, delivery: Row[Any], pieces: int) -> None:
        """So many are out now."""
        with contextlib.suppress(RedisError, BusyError):
            await self._notes.add((_key(delivery), pieces))

    async def _write(self, notes: Sequence[tuple[str, int]]) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for key, pieces in notes:
                pipe.set(key, pieces, ex=LIFE)
            await pipe.execute()


def _key(delivery: Row[Any]) -> str:
    """New words begin anew: the pieces of the old ones do not say them."""
    content = hashlib.blake2b(delivery.content_sealed, digest_size=8).hexdigest()
    return f"out:{delivery.id.hex}:{content}"
