"""Calls of the clouds' interfaces: JSON back whatever the status, bounded, without redirects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp

from bot.channels.base import TransportError
from bot.channels.within import SECONDS, within

_LIMIT = 256 * 1024
_CHUNK = 16 * 1024
_TIMES = aiohttp.ClientTimeout(total=None, sock_connect=3)  # `within` has the rest


class Http:
    """One session, opened at the first call."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        content: bytes = b"",
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The JSON object that is answered. Raises TransportError.

        The clouds say what is wrong in the body, with a status of 200, 4xx or 5xx.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMES)
        asking = self._session.post(
            url, headers=headers, params=query, data=content, allow_redirects=False
        )
        try:
            answer = json.loads(await within(SECONDS, _answer(asking)))
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise TransportError(f"sms: {type(error).__name__}", code="network") from None
        if not isinstance(answer, dict):
            raise TransportError("sms: the answer is not a JSON object", code="network")
        return answer

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _answer(asking: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> bytes:
    """The whole body. Raises ValueError for one that is too large to be an answer."""
    body = bytearray()
    async with asking as response:
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > _LIMIT:
                raise ValueError("too large")
    return bytes(body)
