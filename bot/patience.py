"""How long a request may take to arrive: who sends it a byte at a time holds nobody up for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

WITHIN = 20.0  # seconds for a body; platforms send theirs in one go
LARGE = 180.0  # for a photo over a slow line
_LARGE = "/chat/files"

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def in_time(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The handler, whose reading of the body ends with HTTPRequestTimeout when that takes too long.

    What the handler does with a body that has come takes as long as it takes.
    """
    if not request.body_exists:
        return await handler(request)
    seconds = LARGE if request.path == _LARGE else WITHIN
    timer = asyncio.get_running_loop().call_later(seconds, _give_up, request)
    try:
        return await handler(request)
    finally:
        timer.cancel()


def _give_up(request: web.Request) -> None:
    if not request.content.is_eof():
        request.content.set_exception(
            web.HTTPRequestTimeout(text="The request took too long; send it again.")
        )
