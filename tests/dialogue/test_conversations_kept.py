"""What a conversation leaves in Redis: little, sealed, and no more after many turns than after few."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest
from redis.asyncio import Redis

from actions.bootstrap import Services
from tests.dialogue.conftest import ActionServer, Chats

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


async def test_a_turn_that_was_overtaken_does_not_take_the_conversation_back(
    chats: Chats, services: Services, actions: ActionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With several Rasas one may hang in a turn that another has answered meanwhile."""
    chat, redis = chats("chen"), services.redis
    await chat.says("我要投诉")
    name, came, go = f"huiyin:tracker:{chat.conversation}", asyncio.Event(), asyncio.Event()
    mine = type(services.cases).mine

    async def hangs(*args: Any, **more: Any) -> Any:
        came.set()
        await go.wait()
        return await mine(*args, **more)

    monkeypatch.setattr(type(services.cases), "mine", hangs)
    hanging = asyncio.create_task(chat.post(chat.new_message(), text="我的投诉怎么样了"))
    await came.wait()
    await redis.set(name, "what another Rasa has stored", ex=100)
    go.set()
    status, body = await hanging
    assert (status, body) == (503, {"error": "turn_failed"})
    assert await redis.get(name) == "what another Rasa has stored"
    status, _ = await chat.post(chat.new_message(), text="你好")  # unreadable: it begins anew
    assert status == 200
