"""What the page and the driver look at: cast, transcript, live events, pictures."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.simulator.control.phones import read_object
from bot.simulator.readable import readable
from bot.simulator.stage import Stage

KEEP_ALIVE = 15.0
LONGEST_WAIT = 60.0


class WatchRoutes:
    """Everything here only reads, except the cast, which the command line gives."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/control/cast", self.get_cast),
            web.post("/control/cast", self.set_cast),
            web.get("/control/transcript", self.transcript),
            web.get("/control/wire", self.wire),
            web.get("/control/events", self.events),
            web.get("/control/media/{key}", self.media),
            web.get("/control/code/{scene}.{kind:svg|png}", self.code),
        ]

    async def get_cast(self, request: web.Request) -> web.Response:
        return web.json_response(self._stage.cast)

    async def set_cast(self, request: web.Request) -> web.Response:
        self._stage.cast = {**self._stage.cast, **await read_object(request)}
        self._stage.give_numbers()
        self._stage.transcript.announce("cast", self._stage.cast)
        return web.json_response(self._stage.cast)

    async def transcript(self, request: web.Request) -> web.Response:
        """`channel`, `person` narrow it; `after` (a version) with `wait` (seconds) waits for news;
        `format=text` gives it to read."""
        query = request.query
        channel, person = query.get("channel", ""), query.get("person", "")
        after = int(query.get("after", 0))
        if "wait" in query:
            seconds = min(float(query["wait"]), LONGEST_WAIT)
            entries = await self._stage.transcript.wait(channel, person, after, seconds)
        else:
            entries = self._stage.transcript.entries(channel, person, after)
        if query.get("format") == "text":
            return web.Response(text=readable(entries))
        return web.json_response([entry.to_json() for entry in entries])

    async def wire(self, request: web.Request) -> web.Response:
        return web.json_response([line.to_json() for line in self._stage.transcript.wire])

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: `snapshot` first, then entry, wire, typing, cast, menu, groups, cleared."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        with self._stage.transcript.listening() as news:
            await _write(response, "snapshot", self._snapshot())
            closing = request.app[CLOSING]
            while not closing.is_set():
                try:
                    async with asyncio.timeout(KEEP_ALIVE):
                        kind, data = await news.get()
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if kind == "closing":
                    break
                await _write(response, kind, data)
        return response

    async def media(self, request: web.Request) -> web.Response:
        item = self._stage.shelf.get(request.match_info["key"])
        if item is None:
            raise web.HTTPNotFound
        safe = item.content_type.startswith(("image/", "audio/", "video/"))
        return web.Response(
            body=item.data,
            headers={
                "Content-Type": item.content_type if safe else "application/octet-stream",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox",
            },
        )

    async def code(self, request: web.Request) -> web.Response:
        """The picture of the code that leads to `scene`."""
        kind = request.match_info["kind"]
        ticket = self._stage.account.tickets.for_scene(request.match_info["scene"])
        content_type = "image/svg+xml" if kind == "svg" else "image/png"
        return web.Response(body=ticket.picture(kind), content_type=content_type)

    def _snapshot(self) -> dict[str, Any]:
        stage = self._stage
        return {
            "account": stage.config.wechat.name,
            "bot": stage.config.telegram.name,
            "app": stage.config.wecom.name,
            "sms": stage.config.sms.sign,
            "mode": stage.config.wechat.mode,
            "cast": stage.cast,
            "menu": stage.account.menu,
            "commands": stage.bot.commands,
            "groups": stage.bot.groups(),
            "entries": [entry.to_json() for entry in stage.transcript.entries()],
            "wire": [line.to_json() for line in stage.transcript.wire],
        }


CLOSING = web.AppKey("closing", asyncio.Event)


async def _write(response: web.StreamResponse, kind: str, data: dict[str, Any]) -> None:
    body = json.dumps(data, ensure_ascii=False)
    await response.write(f"event: {kind}\ndata: {body}\n\n".encode())
