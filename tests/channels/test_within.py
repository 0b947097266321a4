"""A limit of time, also for a process that stood still meanwhile."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels.within import within


async def test_what_comes_in_time_is_the_answer() -> None:
    assert await within(5, asyncio.sleep(0, "here")) == "here"


async def test_what_fails_in_time_fails() -> None:
    async def fails() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await within(5, fails())


async def test_what_does_not_come_is_given_up() -> None:
    ended = asyncio.Event()

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(TimeoutError):
        await within(0.01, waits())
    assert ended.is_set()


async def test_what_came_while_the_process_stood_still_counts() -> None:
    """Both are due when it goes on: the answer, and the limit."""
    came: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def answer() -> str:
        return await came

    asyncio.get_running_loop().call_later(0.01, came.set_result, "here")
    asyncio.get_running_loop().call_soon(time.sleep, 0.05)
    assert await within(0.02, answer()) == "here"


async def test_whoever_is_cancelled_leaves_nothing_behind() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def waits() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    waiting = asyncio.create_task(within(60, waits()))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended.is_set()
