"""The page with the bulletins of an officer, and their files: behind the login from the chat."""

from __future__ import annotations

import asyncio
import html
from datetime import timedelta

from aiohttp import web

from actions.bootstrap import Services
from actions.bulletins.content import Bulletin
from actions.bulletins.rows import Head
from actions.charts.drawing import Language
from actions.clock import beijing
from actions.people.sessions import Login
from bot.bulletins.files import FORMS, write_file
from bot.channels.web import answers
from bot.channels.web.behind import WebConfig
from bot.web.guard import RedisGuard
from bot.web.login import Door
from bot.web.staff_pages import StaffPages

HOME = "/bulletins"
_FETCHES, _SPAN = 30, 60  # so many files, in so many seconds, for one officer


def add_bulletins(app: web.Application, services: Services, config: WebConfig) -> None:
    """Adds the page and the files to the gateway's application; the login is the desk's."""
    pages = StaffPages(services.notices.wording.say, services.settings.hotline)
    door = Door(services.sessions, pages, config)
    doors = BulletinDoors(services, door, pages)
    app.router.add_get(HOME, door.guarded(doors.page))
    app.router.add_get(
        f"{HOME}/{{number:B[0-9]{{2}}-[0-9]{{4,12}}}}.{{form:xlsx|pdf}}", door.guarded(doors.file)
    )


class BulletinDoors:
    """Each handler asks the service what this officer may read, and draws."""

    def __init__(self, services: Services, door: Door, pages: StaffPages) -> None:
        self._services = services
        self._door = door
        self._pages = pages
        self._guard = RedisGuard(services.redis, services.vault)

    async def page(self, request: web.Request, login: Login) -> web.StreamResponse:
        """The latest bulletins, the newest first."""
        heads = await self._services.bulletins.listed(login.officer)
        lines = [await self._line(head, login.language) for head in heads]
        say = self._pages.say
        found = (
            f'<ul class="columns">{"".join(lines)}</ul>'
            if lines
            else f"<p>{say('bulletin_page_empty', login.language)}</p>"
        )
        body = f"<h1>{say('bulletin_page_title', login.language)}</h1>{found}"
        out = (
            f'<form method="post" action="/logout"><input type="hidden" name="proof" '
            f'value="{html.escape(self._door.proof(request))}"><button class="quiet">'
            f"{say('bulletin_page_out', login.language)}</button></form>"
        )
        return answers.page(
            self._pages.page(login.language, "bulletin_page_title", body, out, "staff_name")
        )

    async def file(self, request: web.Request, login: Login) -> web.StreamResponse:
        """The bulletin as the file asked for; its language is that of the chat."""
        number, form = request.match_info["number"], request.match_info["form"]
        if not await self._guard.count("bulletins", login.conversation, _FETCHES, _SPAN):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(_SPAN)})
        bulletin = await self._services.bulletins.read(login.officer, number)
        if bulletin is None:
            return answers.page(self._pages.notice("bulletin_page_none", login.language), 404)
        content = await self.written(bulletin, form, "en" if login.language == "en" else "zh")
        headers = {
            **answers.PRIVATE,
            "Content-Disposition": f'attachment; filename="{number}.{form}"',
        }
        return web.Response(body=content, content_type=FORMS[form], headers=headers)

    async def written(self, bulletin: Bulletin, form: str, language: Language) -> bytes:
        say = self._services.notices.wording.say
        return await asyncio.to_thread(write_file, form, bulletin, say, language)

    async def _line(self, head: Head, language: str) -> str:
        say, number = self._pages.say, html.escape(head.number)
        unit = html.escape(await self._services.org.unit_label(head.unit_id))
        last = head.end_day - timedelta(days=1)
        days = f"{head.first_day}" if last == head.first_day else f"{head.first_day} – {last}"
        made = say("bulletin_page_made", language, made=f"{beijing(head.made_at):%Y-%m-%d %H:%M}")
        files = " ".join(
            f'<a class="main" href="{HOME}/{number}.{form}" download>{name}</a>'
            for form, name in (("xlsx", "Excel"), ("pdf", "PDF"))
        )
        kind = say(f"bulletin_{head.kind}", language)
        return (
            f'<li class="sheet"><h2>{unit} {kind} · {days}</h2>'
            f'<p class="hint">{number} · {made}</p><p>{files}</p></li>'
        )
