"""A limit of time that a process which stood still does not run into.

While a process is stopped, or its machine asleep, time goes on: when it goes on, the limit is over
and the answer that came meanwhile lies unread. Taken for no answer, a message would be sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

SECONDS = 5.0  # for a platform's answer
MINUTE = 60.0  # when much is sent or much may come
GRACE = 0.2  # seconds in which what came meanwhile is read


async def within[T](seconds: float, doing: Awaitable[T]) -> T:
    """What it returns. Raises TimeoutError after that time, when nothing has come by then."""
    task = asyncio.ensure_future(doing)
    try:
        for patience in (seconds, GRACE):
            done, _ = await asyncio.wait({task}, timeout=patience)
            if done:
                return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    raise TimeoutError
