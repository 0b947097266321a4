"""POST /api/events and its document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web
from redis.exceptions import RedisError

from actions.bootstrap import Services
from actions.invitations.feeds import Feed
from actions.invitations.intake import Outcome, Taken
from actions.invitations.wrongs import EventMistakes
from bot.web.intake.limits import WINDOW, Limits
from bot.web.intake.openapi import openapi
from bot.web.intake.reading import Problem, as_problem, given, problem, read_batch, read_body

log = structlog.get_logger()

type Handler = Callable[[web.Request], Awaitable[web.Response]]


def add_intake(app: web.Application, services: Services) -> None:
    """Adds the API to the gateway's application."""
    intake = _Intake(services)
    app.router.add_post("/api/events", _answering(intake.events))
    app.router.add_get("/api/openapi.json", _document)


class _Intake:
    def __init__(self, services: Services) -> None:
        self._invitations = services.invitations
        self._limits = Limits(services.redis)

    async def events(self, request: web.Request) -> web.Response:
        """Takes a batch in, all of it or nothing. The key is looked at before the body."""
        feed = await self._feed(request)
        events = read_batch(await read_body(request))
        try:
            taken = await self._invitations.intake.take(feed, given(events))
        except EventMistakes as mistakes:
            raise as_problem(mistakes) from mistakes
        log.info("events", feed=feed.name, **{str(k): v for k, v in taken.counts.items()})
        return web.json_response(_taken(events, taken))

    async def _feed(self, request: web.Request) -> Feed:
        """Whose key it is. Raises Problem."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        feed = None
        if scheme.lower() == "bearer" and key:
            feed = await self._invitations.feeds.by_key(key.strip())
        try:
            if feed is None:
                raise await self._wrong_key(request.remote or "")
            if not await self._limits.feed(feed.id):
                raise _too_many()
        except RedisError as error:  # without counting nobody is let in
            raise problem(
                503, "Not ready; send it again.", **{"Retry-After": str(WINDOW)}
            ) from error
        return feed

    async def _wrong_key(self, address: str) -> Problem:
        """Others behind the same address, with a right key, are not held up by wrong ones."""
        if not await self._limits.may_try(address):
            return _too_many()
        await self._limits.wrong_key(address)
        told = {"WWW-Authenticate": "Bearer"}
        return problem(401, "Send your feed's key as Authorization: Bearer KEY.", **told)


def _too_many() -> Problem:
    return problem(429, "Too many requests; wait a minute.", **{"Retry-After": str(WINDOW)})


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


def _answering(handler: Handler) -> Handler:
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
