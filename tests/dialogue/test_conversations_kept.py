"""What a conversation leaves in Redis: little, sealed, and no more after many turns than after few."""

from __future__ import annotations

import itertools

from redis.asyncio import Redis

from actions.bootstrap import Services
from tests.dialogue.conftest import Chats

FEW, MANY = 8, 40  # turns
MOST = 4096  # bytes; unpressed it would be some 10,000
SAID = ["我的案件", "你好", "怎么评价", "什么是回音", "我的案件", "谢谢"]


async def kept(redis: Redis, conversation: str) -> bytes:
    found = await redis.get(f"huiyin:tracker:{conversation}")
    return found.encode() if isinstance(found, str) else bytes(found)


async def test_a_long_conversation_is_kept_as_short_as_a_short_one(
    chats: Chats, services: Services
) -> None:
    chat, sizes = chats("chen"), dict[int, int]()
    for number, words in zip(range(1, MANY + 1), itertools.cycle(SAID), strict=False):
        await chat.says(words)
        stored = await kept(services.redis, chat.conversation)
        assert words.encode() not in stored
        sizes[number] = len(stored)
    assert max(sizes.values()) < MOST
    late = max(size for number, size in sizes.items() if number > FEW)
    assert late <= max(size for number, size in sizes.items() if number <= FEW) * 1.2
