"""Connections that their server has forgotten cost nobody an answer."""

from __future__ import annotations

import asyncio

from actions.store.redis_pool import create_redis
from tests.conftest import Databases


async def test_a_lost_connection_is_made_anew(databases: Databases) -> None:
    redis, other = create_redis(databases.redis), create_redis(databases.redis)
    try:
        await other.set("pool", "kept")
        for _ in range(5):
            for connection in set(await asyncio.gather(*(redis.client_id() for _ in range(8)))):
                await other.client_kill_filter(_id=connection)
            assert await asyncio.gather(*(redis.get("pool") for _ in range(8))) == ["kept"] * 8
    finally:
        await other.delete("pool")
        await redis.aclose()
        await other.aclose()
