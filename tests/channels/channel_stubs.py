"""What the channel tests talk to: a gateway that remembers, and platforms that do as told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.message import Incoming, Outgoing

NOW = 1_790_000_000.0  # 2026-09-21 22:13:20 in Beijing


class Clock:
    """A clock that only moves when told."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class StubGateway:
    """Remembers what it received and pushed; answers everything with `answer`."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.waits: list[float] = []
        self.pushed: list[tuple[str, list[Outgoing]]] = []
        self.answer: Sequence[Outgoing] | None = []
        self.failure: Exception | None = None

    async def receive(self, incoming: Incoming, *, wait: float) -> Sequence[Outgoing] | None:
        if self.failure:
            raise self.failure
        self.received.append(incoming)
        self.waits.append(wait)
        return self.answer

    async def push(self, incoming: Incoming, messages: Sequence[Outgoing]) -> None:
        self.pushed.append((incoming.message_id, list(messages)))


@dataclass(frozen=True)
class Seen:
    """One request as it came over the wire."""

    call: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class StubPlatform:
    """An HTTP server: answers `replies[call]` one after the other, then `default(call)`."""

    prefix = "/cgi-bin/"

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.replies: dict[str, list[Any]] = {}
        self._server: TestServer | None = None

    def default(self, call: str) -> Any:
        return {"errcode": 0, "errmsg": "ok"}

    async def start(self) -> str:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._server = TestServer(app)
        await self._server.start_server()
        return str(self._server.make_url("")).rstrip("/")

    async def stop(self) -> None:
        if self._server:
            await self._server.close()

    def calls(self, but: Sequence[str] = ()) -> list[tuple[str, Any]]:
        return [(seen.call, seen.body) for seen in self.seen if seen.call not in but]

    def count(self, call: str) -> int:
        return sum(1 for seen in self.seen if seen.call == call)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        call = request.path.removeprefix(self.prefix)
        body = await _read(request)
        self.seen.append(Seen(call, dict(request.query), body, dict(request.headers)))
        queue = self.replies.get(call, [])
        reply = queue.pop(0) if queue else self.default(call)
        if callable(reply):
            reply = await reply(request)
        if isinstance(reply, web.StreamResponse):
            return reply
        return web.Response(text=json.dumps(reply), content_type="text/plain")


async def _read(request: web.Request) -> Any:
    if request.content_type == "multipart/form-data":
        reader = await request.multipart()
        return {part.name: bytes(await part.read()) async for part in reader}
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(await request.post())
    raw = await request.read()
    return json.loads(raw) if raw else None
