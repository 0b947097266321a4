"""A webhook's request → the update in it."""

from __future__ import annotations

from aiohttp import web
from telegram import Update

from bot.channels.outside import read_json

BODY_LIMIT = 256 * 1024


async def read_update(request: web.Request) -> Update | None:
    """The update; None when there is none, which sending it again would not change.

    Raises HTTPRequestEntityTooLarge over BODY_LIMIT bytes.
    """
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, len(body))
    return _update(bytes(body))


def _update(body: bytes) -> Update | None:
    try:
        data = read_json(body)
        return Update.de_json(data, None) if isinstance(data, dict) else None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
        return None
