"""The pages that are opened: a scanned code, the chat, the files that pages load."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from actions.clock import beijing
from bot.channels.web import answers, visitors
from bot.channels.web.behind import WebParts
from bot.channels.web.parse import SCENE
from bot.web.lines import Place
from bot.web.pages import View

STRANGE_CODES = 20  # unknown codes from one address, then no code is looked up for it
STRANGE_SPAN = 600  # seconds


class Doors:
    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    async def place(self, request: web.Request, scene: str) -> Place | None:
        """What the code stands for. Who tries many that do not exist learns of none any more."""
        address = visitors.address_of(request, self._parts.config)
        guard = self._parts.guard
        if await guard.spent("code", address, STRANGE_CODES):
            return None
        found = await self._parts.places.find(scene) if SCENE.fullmatch(scene) else None
        if found is None:
            await guard.count("code", address, STRANGE_CODES, STRANGE_SPAN)
        return found

    async def code(self, request: web.Request) -> web.Response:
        """`/s/CODE`: the chat with this place in front; inside WeChat first our account's code."""
        scene = request.match_info["code"]
        place = await self.place(request, scene)
        if place is None:
            return await self._chat(request, "/chat", warning="web_code_unknown", status=404)
        inside = "MicroMessenger" in request.headers.get("User-Agent", "")
        if inside and place.rated and not place.one_time and "here" not in request.query:
            account = self._parts.account
            code_url = place.account_url or await account.code_url(place.scene)
            if code_url:
                language = visitors.language_of(request)
                return answers.page(self._parts.pages.account(place, code_url, language))
        return await self._chat(request, f"/s/{scene}", place)

    async def chat(self, request: web.Request) -> web.Response:
        """`/chat`: the conversation so far."""
        return await self._chat(request, "/chat")

    async def _chat(
        self,
        request: web.Request,
        back: str,
        place: Place | None = None,
        *,
        warning: str = "",
        status: int = 200,
    ) -> web.Response:
        config, mailbox = self._parts.config, self._parts.mailbox
        token = visitors.token_of(request, config)
        visit = await mailbox.look(visitors.sender_of(token)) if token else None
        if token is None or (visit and visit.ended):
            token, visit = visitors.new_token(), None
        lines = await mailbox.since(visitors.sender_of(token), 0) if visit else None
        language = visit.language if visit else visitors.language_of(request)
        ordered = sorted(lines or (), key=lambda line: line.number)
        view = View(language, back, ordered, place, warning)
        today = beijing(datetime.now(UTC)).date()
        response = answers.page(self._parts.pages.chat(view, today), status)
        visitors.give_token(response, token, config)
        return response

    async def static(self, request: web.Request) -> web.Response:
        """A file that pages load, zipped where the browser takes that."""
        file = self._parts.pages.static.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        zipped = "gzip" in request.headers.get("Accept-Encoding", "")
        response = answers.lasting(file.content_type, file.zipped if zipped else file.plain)
        response.headers["Vary"] = "Accept-Encoding"
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        return response
