"""What visitors read: news as they come, news when asked, and the files in them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from aiohttp import web

from actions.clock import beijing
from bot.channels.web import answers, visitors
from bot.channels.web.behind import WebParts
from bot.web.lines import Line

HEARTBEAT = 15.0  # seconds between signs of life; proxies cut what is silent for a minute
STREAMS = 4  # open pages of one visitor that are told at once; more of them ask instead
LONGEST_WAIT = 25.0  # seconds that a question may wait for news


class Reading:
    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._open: dict[str, int] = {}
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Ends what waits, so that the gateway can stop."""
        self._closing.set()

    async def news(self, sender: str, after: int, language: str) -> web.Response:
        """Everything after a change, now."""
        lines = await self._parts.mailbox.since(sender, after)
        if lines is None:
            return answers.refused(410, "ended")
        return answers.as_json({"lines": self._drawn(lines, language)})

    async def ask(self, request: web.Request) -> web.Response:
        """`GET /chat/messages?after=N&wait=S`: what is new, within S seconds."""
        sender, after, language = self._question(request)
        wait = min(float(_number(request.query.get("wait", ""))), LONGEST_WAIT)
        with self._parts.bell.listening(sender) as rung:
            await self._parts.bell.here(sender)
            lines = await self._parts.mailbox.since(sender, after)
            if lines == [] and wait:
                await self._woken(rung, wait)
                lines = await self._parts.mailbox.since(sender, after)
        if lines is None:
            return answers.refused(410, "ended")
        return answers.as_json({"lines": self._drawn(lines, language)})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """`GET /chat/events`: server-sent events from the last one seen on."""
        sender, after, language = self._question(request)
        if self._open.get(sender, 0) >= STREAMS:
            return answers.refused(503, "too_many_pages", 60)
        headers = {**answers.PRIVATE, "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        response.content_type = "text/event-stream"
        response.charset = "utf-8"
        self._open[sender] = self._open.get(sender, 0) + 1
        try:
            await response.prepare(request)
            await response.write(b"retry: 3000\nevent: hello\ndata: {}\n\n")
            await self._tell(response, sender, after, language)
        except (ConnectionError, asyncio.CancelledError):
            return response  # the page was closed
        finally:
            self._open[sender] -= 1
            if not self._open[sender]:
                del self._open[sender]
        return response

    async def file(self, request: web.Request) -> web.Response:
        """A picture or sound of the visitor's own conversation."""
        token = visitors.token_of(request, self._parts.config)
        number = _number(request.match_info["number"])
        sender = visitors.sender_of(token) if token else ""
        found = await self._parts.mailbox.shown(sender, number) if token else None
        if found is None:
            raise web.HTTPNotFound
        return answers.binary(*found)

    async def _tell(
        self, response: web.StreamResponse, sender: str, after: int, language: str
    ) -> None:
        with self._parts.bell.listening(sender) as rung:
            while not self._closing.is_set():
                rung.clear()
                lines = await self._parts.mailbox.since(sender, after)
                if lines is None:
                    await response.write(b"event: ended\ndata: {}\n\n")
                    return
                for line, drawn in zip(lines, self._drawn(lines, language), strict=True):
                    after = line.change
                    words = json.dumps(drawn, ensure_ascii=False)
                    await response.write(f"id: {after}\ndata: {words}\n\n".encode())
                if not lines:
                    await response.write(b": still here\n\n")
                await self._parts.bell.here(sender)
                await self._woken(rung, HEARTBEAT)

    async def _woken(self, rung: asyncio.Event, seconds: float) -> None:
        """Returns when it rings, when the gateway stops, or after so many seconds."""
        waiting = [asyncio.create_task(each.wait()) for each in (rung, self._closing)]
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    def _question(self, request: web.Request) -> tuple[str, int, str]:
        """Who asks, after which change, in which language. Raises HTTPUnauthorized."""
        token = visitors.token_of(request, self._parts.config)
        if token is None:
            raise web.HTTPUnauthorized
        last = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        language = request.query.get("language", "zh")
        return visitors.sender_of(token), _number(last), language if language == "en" else "zh"

    def _drawn(self, lines: Sequence[Line], language: str) -> list[dict[str, object]]:
        today = beijing(datetime.now(UTC)).date()
        pages = self._parts.pages
        return [
            {
                "number": line.number,
                "change": line.change,
                "key": line.key,
                "html": pages.line(line, language, today),
            }
            for line in lines
        ]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
