"""A full Redis lets go of what was not used for longest; no turn is refused because of it."""

from __future__ import annotations

from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.stack.children import Children
from bot.stack.embedded import free_port, redis_child

ROOM = 2 * 1024 * 1024  # bytes that are left
EACH = 4096  # bytes of a conversation


async def connect(port: int, children: Children) -> Redis:
    redis = Redis(host="127.0.0.1", port=port)
    while True:
        children.check()
        try:
            await redis.ping()
        except RedisError:
            continue
        return redis


async def test_a_full_redis_takes_new_conversations(tmp_path: Path) -> None:
    children, port = Children(tmp_path / "logs"), free_port()
    children.start(redis_child(port, tmp_path / "redis"))
    redis = await connect(port, children)
    try:
        used = (await redis.info("memory"))["used_memory"]
        await redis.config_set("maxmemory", used + ROOM)
        await redis.set("for ever", "stays")
        more_than_fit = 2 * ROOM // EACH
        for number in range(more_than_fit):
            await redis.set(f"conversation:{number}", bytes(EACH), ex=1000)
        assert await redis.get("for ever") == b"stays"
        assert await redis.exists(f"conversation:{more_than_fit - 1}")
        assert 1 < await redis.dbsize() < more_than_fit
    finally:
        await redis.aclose()
        children.stop()
