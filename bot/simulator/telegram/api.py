"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.simulator.telegram.bot import CHANNEL, Bot
from bot.simulator.telegram.errors import ApiError
from bot.simulator.telegram.messages import Messages
from bot.simulator.telegram.params import Params, read_params
from bot.simulator.telegram.setup import Setup
from bot.simulator.telegram.updates import Updates

Method = Callable[[Params], Awaitable[Any]]
NOT_SHOWN = ("getupdates", "getme")


class TelegramApi:
    """Method names are matched without regard to case, as Telegram does."""

    def __init__(self, bot: Bot, updates: Updates) -> None:
        self._bot = bot
        methods = {**Setup(bot, updates).methods(), **Messages(bot).methods()}
        self._methods: dict[str, Method] = {name.lower(): m for name, m in methods.items()}

    def routes(self) -> list[web.RouteDef]:
        """To be mounted under a prefix."""
        return [
            web.route("*", "/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{path:.+}", self._download),
        ]

    async def _call(self, request: web.Request) -> web.Response:
        started = time.monotonic()
        name = request.match_info["method"]
        params = Params()
        try:
            self._admit(request)
            method = self._methods.get(name.lower())
            if method is None:
                raise ApiError(404, "Not Found: method not found")
            params = await read_params(request)
            body, status = {"ok": True, "result": await method(params)}, 200
        except ApiError as error:
            body, status = error.body(), error.code
        self._note(name, params, status, started)
        return web.json_response(body, status=status)

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._admit(request)
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        item = self._bot.shelf.get(request.match_info["path"].rsplit("/", 1)[-1])
        if item is None:
            raise web.HTTPNotFound
        return web.Response(body=item.data, content_type="application/octet-stream")

    def _admit(self, request: web.Request) -> None:
        if request.match_info["token"] != self._bot.config.bot_token:
            raise ApiError(401, "Unauthorized")

    def _note(self, name: str, params: Params, status: int, started: float) -> None:
        if name.lower() in NOT_SHOWN:
            return
        self._bot.transcript.write_wire(
            CHANNEL,
            self._bot.people.name(params.text("chat_id")) or "",
            way="api",
            what=name,
            outcome="ok" if status == 200 else str(status),
            status=status,
            milliseconds=round((time.monotonic() - started) * 1000),
        )
