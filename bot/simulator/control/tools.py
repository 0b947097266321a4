"""The stage hand's tools: faults, the clock, the URL check, a clean stage."""

from __future__ import annotations

from datetime import datetime

import aiohttp
from aiohttp import web

from bot.simulator.control.phones import read_object
from bot.simulator.stage import Stage


class ToolRoutes:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/faults", self.order_fault),
            web.delete("/control/faults", self.clear_faults),
            web.post("/control/clock", self.move_clock),
            web.get("/control/clock", self.tell_time),
            web.post("/control/verify", self.verify),
            web.post("/control/groups/{name}", self.make_group),
            web.post("/control/clear", self.clear),
            web.get("/control/health", self.health),
        ]

    async def order_fault(self, request: web.Request) -> web.Response:
        """{"path", "errcode" | "status", "description", "retry_after", "delay", "breaks",
        "platform", "times"}"""
        try:
            self._stage.faults.order(await read_object(request))
        except TypeError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response({})

    async def clear_faults(self, request: web.Request) -> web.Response:
        """?platform=… for those of one platform only."""
        self._stage.faults.clear(request.query.get("platform", ""))
        return web.json_response({})

    async def move_clock(self, request: web.Request) -> web.Response:
        """{"advance": seconds} or {"at": ISO time}"""
        body = await read_object(request)
        if "at" in body:
            self._stage.clock.set(datetime.fromisoformat(body["at"]))
        self._stage.clock.advance(float(body.get("advance", 0)))
        return await self.tell_time(request)

    async def tell_time(self, request: web.Request) -> web.Response:
        return web.json_response({"now": self._stage.clock.now().isoformat()})

    async def verify(self, request: web.Request) -> web.Response:
        """The URL check that the console makes when the address is saved; {"channel": "wecom"}
        for WeCom's, else WeChat's."""
        body = await read_object(request)
        wecom = body.get("channel") == "wecom"
        callbacks = self._stage.corp_callbacks if wecom else self._stage.callbacks
        try:
            verified = await callbacks.verify()
        except aiohttp.ClientError:
            verified = False
        return web.json_response({"verified": verified})

    async def make_group(self, request: web.Request) -> web.Response:
        """{"members": names}; the first of them adds the bot. An existing group gains members."""
        members = (await read_object(request)).get("members", [])
        chat = await self._stage.groups.make(request.match_info["name"], members)
        return web.json_response({"id": chat.id})

    async def clear(self, request: web.Request) -> web.Response:
        """Empties the phones and the strip; people and ids stay."""
        self._stage.transcript.clear()
        return web.json_response({})

    async def health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})
