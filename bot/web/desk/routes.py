"""The entry page's addresses: the form, what is looked up while it is filled in, scripts."""

from __future__ import annotations

import uuid

from aiohttp import web

from actions.bootstrap import Services
from actions.desk.entry import EntryKind
from actions.errors import Refusal
from actions.org.org import Unit
from actions.people.sessions import Login
from actions.turn import Turn
from bot.channels.web import answers, bodies
from bot.channels.web.behind import WebConfig
from bot.text import clean
from bot.web.desk import fields
from bot.web.desk.drawing import DeskPages, Screen, Wrong
from bot.web.desk.fields import Form
from bot.web.guard import RedisGuard
from bot.web.login import Door
from bot.web.staff_pages import StaffPages

LOOKS, SPAN = 240, 60  # so many looks at units and numbers, in so many seconds, for one officer
MOST_CALLS = 8


def add_desk(app: web.Application, services: Services, config: WebConfig) -> Door:
    """Adds the entry page and the login to the gateway's application; returns the login."""
    pages = StaffPages(services.notices.wording.say, services.settings.hotline)
    door = Door(services.sessions, pages, config)
    desk = DeskDoors(services, door, pages)
    door.add_routes(app)
    app.router.add_get("/desk", door.guarded(desk.form))
    app.router.add_post("/desk", door.guarded(desk.take))
    app.router.add_get("/desk/units", door.guarded(desk.units))
    app.router.add_post("/desk/phone", door.guarded(desk.phone))
    app.router.add_get("/desk/script", door.guarded(desk.script))
    app.router.add_get("/desk/static/{name}", desk.static)
    return door


class DeskDoors:
    """Each handler reads, asks the desk, and draws."""

    def __init__(self, services: Services, door: Door, pages: StaffPages) -> None:
        self._services = services
        self._desk = services.desk
        self._lookups = services.desk_lookups
        self._door = door
        self._pages = pages
        self._drawing = DeskPages(pages, services.notices.wording)
        self._guard = RedisGuard(services.redis, services.vault)

    async def form(self, request: web.Request, login: Login) -> web.StreamResponse:
        """An empty form."""
        try:
            screen = await self._screen(request, login)
        except Refusal:
            return answers.page(self._pages.notice("desk_not_yours", login.language), 403)
        return answers.page(self._drawing.form(screen, fields.fresh(screen.sources[0])))

    async def take(self, request: web.Request, login: Login) -> web.StreamResponse:
        """What was filled in, written down once however often it is sent."""
        posted = await bodies.form(request)
        if not self._door.is_ours(request, posted):
            return answers.page(self._pages.notice("login_elsewhere", login.language), 403)
        form = fields.read(posted)
        turn = _turn(login, form.id)
        try:
            await self._lookups.sources(turn)
        except Refusal:
            return answers.page(self._pages.notice("desk_not_yours", login.language), 403)
        danger = bool(form["what"]) and await self._desk.alarm(turn, form["what"])
        try:
            unit, wrong = await self._looked_at(turn, form)
            if wrong is None:
                unit_id = unit.id if unit else None
                recorded = await self._desk.record(turn, fields.entry_of(form, unit_id))
                screen = await self._screen(request, login)
                return answers.page(self._drawing.done(screen, recorded, danger=danger))
        except Refusal as refusal:
            wrong = _told(refusal)
        shown = Form(form.id, wrong.known, form.values)
        wrong = Wrong(wrong.fields, wrong.units, wrong.known, wrong.top, danger)
        screen = await self._screen(request, login)
        return answers.page(self._drawing.form(screen, shown, wrong), 422)

    async def units(self, request: web.Request, login: Login) -> web.StreamResponse:
        """Units within reach for what has been typed so far."""
        said = clean(request.query.get("q", "")).strip()[:60]
        if len(said) < 2 or not await self._may_look(login):
            return answers.as_json({"units": []})
        try:
            found = await self._lookups.suggested(_turn(login), said)
        except Refusal:
            return answers.refused(403, "desk_not_yours")
        return answers.as_json({"units": [{"id": u.id, "label": u.label} for u in found]})

    async def phone(self, request: web.Request, login: Login) -> web.StreamResponse:
        """Whether this number has open cases, for those who may know. Never in an address."""
        posted = await bodies.form(request)
        if not self._door.is_ours(request, posted):
            return answers.refused(403, "login_elsewhere")
        numbers = ""
        try:
            if await self._may_look(login):
                numbers = await self._known(_turn(login), str(posted.get("phone", ""))[:60])
        except Refusal:
            return answers.refused(403, "desk_not_yours")
        sentence = self._drawing.known(numbers, login.language)
        return answers.as_json({"seen": numbers, "sentence": sentence})

    async def script(self, request: web.Request, login: Login) -> web.StreamResponse:
        """What to say in the call about a case."""
        number, say = (
            clean(request.query.get("number", ""))[:20],
            self._services.notices.wording.say,
        )
        hotline = self._services.settings.hotline
        try:
            script = await self._services.callbacks.call_script(
                _turn(login), number, say, login.language, hotline
            )
        except Refusal:
            return answers.page(self._pages.notice("desk_no_such_case", login.language), 404)
        return answers.page(self._drawing.script(await self._screen(request, login), script))

    async def static(self, request: web.Request) -> web.StreamResponse:
        """A file that pages load."""
        file = self._pages.static.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return answers.lasting(file.content_type, file.plain)

    # --- what is looked up ------------------------------------------------------------------------

    async def _looked_at(self, turn: Turn, form: Form) -> tuple[Unit | None, Wrong | None]:
        """The unit that is meant, and what stands in the way, if anything."""
        found = fields.mistakes_in(form)
        unit, offers = await self._unit(turn, form)
        if offers:
            found["unit"] = "desk_wrong_which"
        elif form["kind"] == EntryKind.RATING and unit is None and "unit" not in found:
            found["unit"] = "desk_wrong_unit"
        sent = await self._lookups.is_written(turn)  # sent again: its own case is no other's
        known = "" if sent else await self._known(turn, form["phone"])
        unseen = known if known != form.seen else ""
        if found or unseen:
            return unit, Wrong(found, offers, unseen)
        return unit, None

    async def _unit(self, turn: Turn, form: Form) -> tuple[Unit | None, list[Unit]]:
        """The unit chosen or named, or those it may be; neither: as it was said."""
        if form.unit_id:
            return await self._lookups.within_reach(turn, form.unit_id), []
        if form.unit_id == 0:
            return None, []
        if not form["unit"]:
            return await self._lookups.within_reach(turn, None), []
        unit = await self._lookups.named(turn, form["unit"])
        return (unit, []) if unit else (None, await self._lookups.suggested(turn, form["unit"]))

    async def _known(self, turn: Turn, phone: str) -> str:
        return ", ".join(await self._lookups.same_number(turn, phone)) if phone else ""

    async def _may_look(self, login: Login) -> bool:
        return await self._guard.count("desk", login.conversation, LOOKS, SPAN)

    async def _screen(self, request: web.Request, login: Login) -> Screen:
        """Refuses an officer who writes nothing down."""
        turn = _turn(login)
        tasks = await self._services.callbacks.open_for(turn)
        return Screen(
            language=login.language,
            proof=self._door.proof(request),
            who=f"{login.officer.unit_label} {login.officer.called}",
            sources=await self._lookups.sources(turn),
            kinds=await self._lookups.kinds(turn),
            grades=[str(grade) for grade in self._services.policy.scale],
            today=await self._lookups.today(turn),
            calls=list(dict.fromkeys(task.number for task in tasks))[:MOST_CALLS],
        )


def _turn(login: Login, form: str = "") -> Turn:
    """On whose behalf; a form's id is made this chat's own, so that nobody meets another's."""
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"{login.conversation}:{form}") if form else uuid.uuid4()
    return Turn(login.conversation, str(key))


def _told(refusal: Refusal) -> Wrong:
    """The refusal where it belongs on the page."""
    place = {"desk_phone_wrong": "phone", "desk_badge_unknown": "badge"}.get(refusal.key)
    if place:
        return Wrong({place: f"page_{refusal.key}"})
    return Wrong(top=f"page_{refusal.key}")
