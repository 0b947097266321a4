"""The intake's endpoints: /api/events, /api/cases, and their document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

from actions.bootstrap import Services
from actions.invitations.intake import Outcome, Taken
from actions.invitations.wrongs import EventMistakes
from bot.web.intake.cases import CasesIntake
from bot.web.intake.keys import Keys
from bot.web.intake.limits import Limits
from bot.web.intake.openapi import openapi
from bot.web.intake.reading import Problem, as_problem, given, problem, read_batch, read_body

log = structlog.get_logger()

type Handler = Callable[[web.Request], Awaitable[web.Response]]


def add_intake(app: web.Application, services: Services) -> None:
    """Adds the API to the gateway's application."""
    keys = Keys(services.invitations.feeds, Limits(services.redis))
    intake = _Intake(services, keys)
    app.router.add_post("/api/events", answering(intake.events))
    cases = CasesIntake(services.elsewhere, keys)
    app.router.add_post("/api/cases", answering(cases.file))
    app.router.add_get("/api/cases/{number}", answering(cases.read), allow_head=False)
    app.router.add_get("/api/openapi.json", _document)


class _Intake:
    def __init__(self, services: Services, keys: Keys) -> None:
        self._invitations = services.invitations
        self._keys = keys

    async def events(self, request: web.Request) -> web.Response:
        """Takes a batch in, all of it or nothing. The key is looked at before the body."""
        feed = await self._keys.feed(request)
        if not feed.kinds:
            raise problem(403, "This key is for cases: send them to /api/cases.")
        events = read_batch(await read_body(request))
        try:
            taken = await self._invitations.intake.take(feed, given(events))
        except EventMistakes as mistakes:
            raise as_problem(mistakes) from mistakes
        log.info("events", feed=feed.name, **{str(k): v for k, v in taken.counts.items()})
        return web.json_response(_taken(events, taken))


def _taken(events: list[Any], taken: Taken) -> dict[str, Any]:
    """The counts, and each event's outcome in the order in which they were sent."""
    unreadable, seen, told = set(taken.unreadable), set(), []
    for event in events:
        number = str(event["number"]).strip()
        again = Outcome.KNOWN if number in seen else Outcome.NEW
        line = {"number": number, "outcome": taken.outcomes.get(number, again)}
        if number in unreadable:
            line["note"] = "phone_unreadable"
        seen.add(number)
        told.append(line)
    return {**{outcome: taken.counts[outcome] for outcome in Outcome}, "events": told}


def answering(handler: Handler) -> Handler:
    """Tells problems as JSON, one sentence each."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Problem as told:
            mistakes = [{"pointer": where, "message": said} for where, said in told.mistakes]
            return web.json_response(
                {"errors": mistakes}, status=told.status, headers=dict(told.headers or {})
            )

    return answer


async def _document(_: web.Request) -> web.Response:
    return web.json_response(openapi())
