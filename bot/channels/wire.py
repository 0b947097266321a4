"""HTTP to the platform: short times, no redirects, bounded answers, errors without addresses."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.channels.base import TransportError
from bot.channels.within import MINUTE, SECONDS, within

ANSWER_LIMIT = 1024 * 1024
_TIMES = aiohttp.ClientTimeout(total=None, sock_connect=3)  # `within` has the rest
_LONG_TIMES = aiohttp.ClientTimeout(total=None, sock_connect=3, sock_read=10)


class Wire:
    """One session, opened at the first call. No redirect is followed, so an access token in the
    query never reaches another host.
    """

    def __init__(self, *, proxy: bool = False) -> None:
        """`proxy`: by way of the proxy that the environment names, if it does."""
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    async def fetch(
        self,
        call: str,
        method: str,
        address: str,
        *,
        limit: int = ANSWER_LIMIT,
        slow: bool = False,
        **options: Any,
    ) -> tuple[str, bytes]:
        """Content type and body of a 200. `call` names it in errors. Raises TransportError.

        5 seconds in all; a minute when much is sent (`slow`) or more than ANSWER_LIMIT may come.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=self._proxy)
        long = slow or limit > ANSWER_LIMIT
        options |= {"timeout": _LONG_TIMES if long else _TIMES, "allow_redirects": False}
        asking = self._session.request(method, address, **options)
        try:
            return await within(MINUTE if long else SECONDS, _answer(call, asking, limit))
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            words = f"{call}: {type(error).__name__}"
            # What is large may only be too much for our line, and must not wait for ever.
            outage = not slow or isinstance(error, aiohttp.ClientConnectionError)
            # Without a connection nothing can have arrived there.
            doubt = not isinstance(error, aiohttp.ClientConnectorError)
            raise TransportError(words, code="network", outage=outage, doubt=doubt) from None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def is_address(url: str) -> bool:
    """Whether `url` is an http(s) address."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


async def _answer(
    call: str, asking: AbstractAsyncContextManager[aiohttp.ClientResponse], limit: int
) -> tuple[str, bytes]:
    async with asking as response:
        _expect_200(call, response.status)
        return response.content_type, await _body(call, response, limit)


def _expect_200(call: str, status: int) -> None:
    if 300 <= status < 400:
        raise TransportError(f"{call}: a redirect is refused", permanent=True, code=str(status))
    if status != 200:
        raise TransportError(f"{call}: HTTP {status}", code=str(status), outage=status >= 500)


async def _body(call: str, response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read as it comes, so that no more than `limit` is ever held, whatever it claims to be."""
    if (response.content_length or 0) > limit:
        raise _too_long(call, limit)
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            raise _too_long(call, limit)
    return bytes(body)


def _too_long(call: str, limit: int) -> TransportError:
    return TransportError(f"{call}: more than {limit} bytes", permanent=True)
