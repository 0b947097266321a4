"""What could not be kept is to be sent again: whoever sent it hears 503, not a fault of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from actions.watch.endpoints import route_of
from bot.together import BusyError

AFTER = 1  # second; platforms have their own idea of it
AWAY = (SQLAlchemyError, RedisError, OSError, BusyError)

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


@web.middleware
async def send_again(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The handler; 503 when the database, Redis or room to wait was missing. Nothing was
    acknowledged then, so the platform sends the same again.
    """
    try:
        return await handler(request)
    except ConnectionError:  # the caller's line: nobody hears an answer
        raise
    except AWAY as error:
        log.warning("not kept", route=route_of(request), error=type(error).__name__)
        headers = {"Retry-After": str(AFTER)}
        return web.Response(status=503, text="Not kept; send it again.", headers=headers)
