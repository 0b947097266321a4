"""Our own pace to Telegram, which refuses a bot more than 30 messages a second and 20 a minute to a
group: over all processes, a little below.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.channels.base import TransportError
from bot.channels.pacing import Limit, NoPaceError, Pacer

TO_ALL = (Limit(25, 1),)
TO_GROUP = (Limit(19, 60),)
PATIENCE = 5.0  # seconds that a message waits here for its place among those to others


class Pace:
    """`bot` names the bot, `pause` sleeps for seconds."""

    def __init__(
        self, pacer: Pacer, bot: str, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._pacer = pacer
        self._key = f"telegram:{bot}"
        self._pause = pause

    async def keep(self, recipient: str, count: int) -> None:
        """Returns when `count` more messages may go there. Raises TransportError, with the seconds,
        when a group has got so many that they have to wait. Where nobody can know how many have
        gone out, Telegram is left to refuse what is too much.
        """
        if count <= 0:
            return
        try:
            await self._among_all(min(count, TO_ALL[0].most))
            if recipient.startswith("-"):  # a group's id
                await self._in_group(recipient, min(count, TO_GROUP[0].most))
        except NoPaceError:
            return

    async def _among_all(self, count: int) -> None:
        waited = 0.0
        while wait := await self._pacer.wait_seconds(self._key, count, TO_ALL):
            if waited + wait > PATIENCE:
                raise TransportError("our pace to Telegram", code="pace", retry_after=wait)
            await self._pause(wait)
            waited += wait

    async def _in_group(self, group: str, count: int) -> None:
        wait = await self._pacer.wait_seconds(f"{self._key}:{group}", count, TO_GROUP)
        if wait > 0:
            raise TransportError("our pace to this group", code="pace", retry_after=wait)
