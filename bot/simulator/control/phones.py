"""POST /control/{channel}/{person}/{verb}: somebody does something on their phone."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.simulator.control.verbs import VERBS, NothingToTapError
from bot.simulator.stage import Stage


class PhoneRoutes:
    """`wait: false` answers at once; otherwise when the gateway has answered the platform."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/{channel:wechat|wecom|telegram|sms}/{person}/{verb}", self.act),
            web.get("/control/{channel:wechat|wecom|telegram|sms}/{person}", self.show),
        ]

    async def act(self, request: web.Request) -> web.Response:
        verb = VERBS.get((request.match_info["channel"], request.match_info["verb"]))
        if verb is None:
            raise web.HTTPNotFound(text="no such verb")
        body: dict[str, Any] = await read_object(request)
        work = verb(self._stage, request.match_info["person"], body)
        if body.get("wait") is False:
            self._stage.start(_complete(work))
            return web.json_response({}, status=202)
        try:
            answers = await work
        except NothingToTapError as error:
            raise web.HTTPConflict(text=f"nothing to tap: {error}") from error
        except (KeyError, ValueError) as error:
            raise web.HTTPBadRequest(text=f"missing or wrong: {error}") from error
        return web.json_response({"answers": [answer.to_json() for answer in answers or []]})

    async def show(self, request: web.Request) -> web.Response:
        """The person's id on the platform, and whether they may be written to."""
        name = request.match_info["person"]
        return web.json_response({"name": name, **self._state(request.match_info["channel"], name)})

    def _state(self, channel: str, name: str) -> dict[str, Any]:
        if channel == "wechat":
            follower = self._stage.account.person(name)
            return {"id": follower.openid, "active": follower.subscribed}
        if channel == "wecom":
            member = self._stage.corp.person(name)
            return {"id": member.userid, "active": member.employed, "dropped": member.dropped}
        if channel == "sms":
            handset = self._stage.carrier.phone(name)
            return {"id": f"+{handset.number}", "active": handset.on}
        chat = self._stage.bot.person(name)
        return {"id": str(chat.id), "active": chat.started and not chat.blocked}


async def _complete(work: Any) -> None:
    await work


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body; nothing counts as an empty one. Raises 400."""
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise web.HTTPBadRequest(text="not JSON") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="a JSON object is expected")
    return body
