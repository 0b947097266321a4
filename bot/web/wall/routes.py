"""The wall's addresses: the page, its stream of events, the files it loads."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from actions.bootstrap import Services
from bot.channels.web import answers, visitors
from bot.web.login import WALL, Door
from bot.web.wall.drawing import WallPages
from bot.web.wall.stream import Streams


def add_wall(app: web.Application, services: Services, door: Door) -> None:
    """Adds the wall screen to the gateway's application."""
    pages = WallPages(services.notices.wording.say)
    streams = Streams(services.screens, services.boards, pages.version)
    doors = WallDoors(services, door, pages, streams)
    app.router.add_get(WALL, doors.page)
    app.router.add_get(f"{WALL}/events", doors.events)
    app.router.add_get(f"{WALL}/static/{{name}}", doors.static)

    async def close(_: web.Application) -> None:
        streams.close()

    app.on_shutdown.append(close)


class WallDoors:
    def __init__(self, services: Services, door: Door, pages: WallPages, streams: Streams) -> None:
        self._screens = services.screens
        self._door = door
        self._pages = pages
        self._streams = streams

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The wall of this screen; without one, how to come by it. While the database does not say,
        the page without figures: a screen that has just been switched on waits by itself.
        """
        token = self._door.screen(request)
        try:
            screen = await self._screens.who(token) if token else None
        except (SQLAlchemyError, OSError):
            return answers.page(self._pages.wall(visitors.language_of(request)), 503)
        if screen is None:
            return answers.page(self._pages.over(visitors.language_of(request)), 401)
        return answers.page(self._pages.wall(screen.language))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, for as long as this screen may show them."""
        return await self._streams.serve(request, self._door.screen(request))

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A file that the page loads."""
        file = self._pages.static.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return answers.lasting(file.content_type, file.plain)
