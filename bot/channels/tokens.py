"""Access tokens: fetched once however many ask, shared between processes through a store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

_FORCE_PAUSE = 60  # seconds; the platform wants 30 at least, and allows 20 forced renewals a day


class TokenStore(Protocol):
    """A small shared place for texts that expire."""

    async def get(self, key: str) -> str | None:
        """The text under `key`, or None when there is none or it has expired."""
        ...

    async def set(self, key: str, value: str, seconds: int) -> None:
        """Keeps `value` under `key` for `seconds`."""
        ...


class MemoryTokens:
    """A TokenStore of one process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[str, float]] = {}

    async def get(self, key: str) -> str | None:
        value, until = self._kept.get(key, ("", 0.0))
        return value if until > self._clock() else None

    async def set(self, key: str, value: str, seconds: int) -> None:
        self._kept[key] = (value, self._clock() + seconds)


class AccessToken:
    """The token of one account, kept under `key`. `fetch(force)` asks the platform for it.

    Without `force` the platform gives every process the same token, so two processes that fetch at
    once do no harm; within a process one fetch serves all who wait. A token that the platform
    refuses although it still hands it out is renewed by force, once in a minute over all processes.
    """

    def __init__(
        self, key: str, store: TokenStore, fetch: Callable[[bool], Awaitable[dict[str, Any]]]
    ) -> None:
        self._key = key
        self._store = store
        self._fetch = fetch
        self._lock = asyncio.Lock()

    async def get(self, refused: str = "") -> str:
        """A token other than `refused`, if the platform gives one. Raises TransportError."""
        return await self._stored(refused) or await self._renewed(refused)

    async def _stored(self, refused: str) -> str:
        token = await self._store.get(self._key) or ""
        return "" if token == refused else token

    async def _renewed(self, refused: str) -> str:
        async with self._lock:
            token = await self._stored(refused)  # someone may have renewed it while we waited
            if token:
                return token
            answer = await self._fetch(False)
            if answer["access_token"] == refused and not await self._store.get(self._key + ":f"):
                await self._store.set(self._key + ":f", "forced", _FORCE_PAUSE)
                answer = await self._fetch(True)
            token = str(answer["access_token"])
            await self._store.set(self._key, token, _lifetime(int(answer["expires_in"])))
            return token


def _lifetime(expires_in: int) -> int:
    """Seconds to keep a token: up to five minutes less than the platform says, 1 at least."""
    return max(1, expires_in - min(300, expires_in // 5))
