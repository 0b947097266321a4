"""The stream behind a wall screen: whole snapshots, a beat between them, and the end.

| event | data | when |
|---|---|---|
| board | the snapshot | it differs from the one before |
| beat | `now`, `as_of` (figures), `until` (screen), `version` (page) | every few seconds |
| over | `{}` | the screen may show nothing any more; the stream ends |
| full | `{}` | too many screens here; the stream ends, the page tries again much later |

Every event is whole, so whoever lost some needs none of them again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from actions import clock
from actions.wall.board import Board, Boards
from actions.wall.screens import Screen, Screens
from bot.channels.web import answers

EVERY = 5.0  # seconds between beats
MOST, MOST_OF_ONE = 100, 4  # streams of this gateway, and of one screen
RETRY = (2_000, 8_000)  # milliseconds until a page comes back: not all at the same moment
RETRY_FULL = 60_000
STUCK = 20.0  # seconds for which a screen may take nothing

log = structlog.get_logger()


class Streams:
    """`version`: of the page; one that is older loads itself anew."""

    def __init__(self, screens: Screens, boards: Boards, version: str) -> None:
        self._screens = screens
        self._boards = boards
        self._version = version
        self._open: Counter[str] = Counter()
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Ends all streams, so that the gateway can stop."""
        self._closing.set()

    async def serve(self, request: web.Request, token: str) -> web.StreamResponse:
        """Streams to the screen with this token (empty: none) until either side ends it."""
        headers = {**answers.PRIVATE, "X-Accel-Buffering": "no"}
        response = web.StreamResponse(headers=headers)
        response.content_type, response.charset = "text/event-stream", "utf-8"
        with contextlib.suppress(ConnectionError, TimeoutError), self._counted(token) as taken:
            await response.prepare(request)
            if not taken:
                await _send(response, "full", {}, RETRY_FULL)
                return response
            await _send(response, "", None, random.randint(*RETRY))  # noqa: S311 - no secret
            await self._tell(response, token)
        return response

    async def _tell(self, response: web.StreamResponse, token: str) -> None:
        screen = await self._screens.who(token) if token else None
        board, shown = None, ""
        while screen is not None and not self._closing.is_set():
            board = await self._look(screen) or board
            if board is not None and board.body != shown:
                shown = board.body
                await _send(response, "board", shown)
            await _send(response, "beat", self._beat(screen, board))
            await self._pause()
            screen = await self._still(screen, token)
        if screen is None:
            await _send(response, "over", {})

    async def _look(self, screen: Screen) -> Board | None:
        """The board; None while there is none, or none can be had: the page sees how old its own is."""
        try:
            return await self._boards.look(screen.unit.id)
        except (SQLAlchemyError, OSError, KeyError):
            log.warning("no figures for a wall screen", unit=screen.unit.code, exc_info=True)
            return None

    async def _still(self, screen: Screen, token: str) -> Screen | None:
        """The screen as it is now; as it was, while the database does not say."""
        try:
            return await self._screens.who(token)
        except (SQLAlchemyError, OSError):
            return screen

    def _beat(self, screen: Screen, board: Board | None) -> dict[str, str]:
        return {
            "now": _iso(clock.now()),
            "as_of": _iso(board.as_of) if board else "",
            "until": _iso(screen.until),
            "version": self._version,
        }

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), EVERY)

    @contextlib.contextmanager
    def _counted(self, token: str) -> Iterator[bool]:
        """Whether one more stream is taken in; counts it meanwhile."""
        taken = self._open.total() < MOST and self._open[token] < MOST_OF_ONE
        self._open[token] += taken
        try:
            yield taken
        finally:
            self._open[token] -= taken
            if not self._open[token]:
                del self._open[token]


async def _send(
    response: web.StreamResponse, event: str, data: object, retry: int | None = None
) -> None:
    """One event. Raises ConnectionError, and TimeoutError when the other side takes nothing."""
    lines = [f"retry: {retry}"] if retry else []
    if event:
        text = data if isinstance(data, str) else json.dumps(data)
        lines += [f"event: {event}", f"data: {text}"]
    async with asyncio.timeout(STUCK):
        await response.write(("\n".join(lines) + "\n\n").encode())


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
