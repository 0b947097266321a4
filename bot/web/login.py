"""Pages that only officers see: in by a link from the chat, out by a button or after a shift.

Opening the link changes nothing: chats look at links to preview them. It is used up by the button
on the page behind it. Whatever page comes later asks `Door.who` and is named in `HOMES`. A wall
screen's link gives a cookie of its own, which opens the wall and no other page.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import web

from actions.people.sessions import Login, Opened, Sessions
from bot.channels.web import answers, bodies, visitors
from bot.channels.web.behind import WebConfig
from bot.web.staff_pages import StaffPages

HOMES = {
    "desk": "/desk",
    "bulletins": "/bulletins",
}  # where a link may lead; the first unless it says otherwise
WALL = "/wall"
_LONGEST = 100  # characters of a token

log = structlog.get_logger()

type Handler = Callable[[web.Request, Login], Awaitable[web.StreamResponse]]


class Door:
    """Lets officers in and tells who they are."""

    def __init__(self, sessions: Sessions, pages: StaffPages, config: WebConfig) -> None:
        self._sessions = sessions
        self._pages = pages
        self._config = config
        self._cookie = "__Host-huiyin_staff" if config.secure else "huiyin_staff"
        self._wall_cookie = "__Host-huiyin_wall" if config.secure else "huiyin_wall"

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/login/{token}", self._show)
        app.router.add_post("/login/{token}", self._enter)
        app.router.add_post("/logout", self._leave)

    async def who(self, request: web.Request) -> Login | None:
        """The officer whose session the browser has; None when there is none any more."""
        token = request.cookies.get(self._cookie, "")
        return await self._sessions.who(token) if 0 < len(token) <= _LONGEST else None

    def screen(self, request: web.Request) -> str:
        """The token of the wall screen that the browser is; empty when it is none."""
        token = request.cookies.get(self._wall_cookie, "")
        return token if len(token) <= _LONGEST else ""

    def proof(self, request: web.Request) -> str:
        """What a form of this session carries."""
        return self._sessions.proof(request.cookies.get(self._cookie, ""))

    def is_ours(self, request: web.Request, fields: Mapping[str, Any]) -> bool:
        """Whether a post comes from a page of this session."""
        proof = str(fields.get("proof", "")).encode("utf-8", "replace")
        same = hmac.compare_digest(proof, self.proof(request).encode())
        return same and visitors.is_from_our_page(request, self._config)

    def guarded(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """The handler for those who are in; others get a page that says how to come in."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                login = await self.who(request)
                if login is None:
                    return self._notice(request, "login_needed", 401)
                return await handler(request, login)
            except web.HTTPException:
                raise
            except Exception:
                log.exception("a page for officers failed", path=request.path)
                return self._notice(request, "desk_down", 503)

        return handle

    # --- in and out -------------------------------------------------------------------------------

    async def _show(self, request: web.Request) -> web.StreamResponse:
        """The page with the button; says nothing about whether the link is still good."""
        language, title = visitors.language_of(request), f"{_asked(request)}_title"
        if title == "login_title" and "to" in request.query:
            title = "login_title_other"
        return answers.page(self._pages.enter(language, request.path_qs, title))

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        if not visitors.is_from_our_page(request, self._config):
            return self._notice(request, f"{_asked(request)}_elsewhere", 403)
        token = request.match_info["token"]
        opened = await self._sessions.open(token) if len(token) <= _LONGEST else None
        if opened is None:
            return self._notice(request, f"{_asked(request)}_over", 410)
        home = HOMES.get(request.query.get("to", ""), HOMES["desk"])
        response = answers.to(WALL if opened.wall else home)
        self._keep(response, opened)
        return response

    def _keep(self, response: web.Response, opened: Opened) -> None:
        response.set_cookie(
            self._wall_cookie if opened.wall else self._cookie,
            opened.token,
            max_age=int(opened.life.total_seconds()),
            path="/",
            httponly=True,
            secure=self._config.secure,
            samesite="Strict",
        )

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        """Ends the session; without one there is nothing to end."""
        if not self.is_ours(request, await bodies.form(request)):
            return self._notice(request, "login_elsewhere", 403)
        await self._sessions.end(request.cookies.get(self._cookie, ""))
        response = self._notice(request, "login_left", 200)
        response.del_cookie(
            self._cookie, path="/", secure=self._config.secure, httponly=True, samesite="Strict"
        )
        return response

    def _notice(self, request: web.Request, key: str, status: int) -> web.Response:
        if "application/json" in request.headers.get("Accept", ""):
            return answers.refused(status, key)
        language = visitors.language_of(request)
        return answers.page(self._pages.notice(key, language), status)


def _asked(request: web.Request) -> str:
    """How the sentences begin: by what the link says of itself, which opens nothing."""
    return "wall_login" if request.query.get("to") == "wall" else "login"
