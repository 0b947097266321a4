"""When something behind the pages fails: nothing is acknowledged, and the visitor is told so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.channels.web import answers, visitors
from bot.web.lines import VisitorGoneError
from bot.web.pages import Pages

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
AGAIN_AFTER = 5  # seconds

log = structlog.get_logger()


def answering(pages: Pages, handler: Handler) -> Handler:
    """The handler, whose faults become a 503: our script tries again, people read a sentence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPException, ConnectionError):
            raise
        except VisitorGoneError:  # ended on another page meanwhile
            return answers.refused(410, "ended")
        except Exception:
            log.exception("web chat failed", method=request.method)
            return _told(request, pages)

    return handle


def _told(request: web.Request, pages: Pages) -> web.Response:
    if "text/html" not in request.headers.get("Accept", ""):
        return answers.refused(503, "busy", AGAIN_AFTER)
    response = answers.page(pages.notice("web_down", visitors.language_of(request)), 503)
    response.headers["Retry-After"] = str(AGAIN_AFTER)
    return response
