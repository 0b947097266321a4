"""Placing what is due, once a minute, and taking the vendor's reports."""

from __future__ import annotations

import hmac
import uuid

import procrastinate
import structlog
from aiohttp import web

from actions.callbacks.voice import Voice
from bot.channels.base import TransportError
from bot.voice.calls import VoiceCalls

log = structlog.get_logger()


async def place_due(voice: Voice, vendor: VoiceCalls) -> int:
    """Places the calls whose time has come; how many. One that cannot be placed is left to people:
    it may have rung, and nobody is called twice because of an error."""
    placed = 0
    for call in await voice.due():
        try:
            vendor_id: str | None = await vendor.place(call)
            placed += 1
        except TransportError as error:
            log.warning("voice: a call was not placed", reason=error.message, code=error.code)
            vendor_id = None
        await voice.placed(call.id, vendor_id)
    return placed


def add_round(queue: procrastinate.App, voice: Voice, vendor: VoiceCalls) -> None:
    """Lets the worker's queue place calls each minute."""

    @queue.periodic(cron="* * * * *")
    @queue.task(name="rounds_voice", lock="rounds_voice", queueing_lock="rounds_voice")
    async def minute(timestamp: int) -> None:
        placed = await place_due(voice, vendor)
        if placed:
            log.info("voice: calls placed", placed=placed)


def add_callbacks(app: web.Application, voice: Voice, vendor: VoiceCalls, secret: str) -> None:
    """POST /voice/{vendor}/{secret}: taken once what it says is stored; told again, done once."""

    async def take(request: web.Request) -> web.Response:
        known = hmac.compare_digest(request.match_info["secret"].encode(), secret.encode())
        if not known or request.match_info["vendor"] != vendor.name:
            return web.Response(status=404)
        try:
            reports = vendor.reports(request.headers, await request.read())
            calls = [(uuid.UUID(each.id), each) for each in reports]
        except PermissionError:
            return web.Response(status=403)
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("voice: a callback cannot be read")
            return web.json_response({"code": 0, "msg": "unreadable"})  # it would not read better
        for call, each in calls:
            await voice.report(call, answered=each.answered, keys=each.keys)
        return web.json_response({"code": 0, "msg": "ok"})

    app.router.add_post("/voice/{vendor}/{secret}", take)
