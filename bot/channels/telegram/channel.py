"""The Telegram bot: updates in, messages out."""

from __future__ import annotations

import asyncio
import hmac
import logging
import mimetypes
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from bot.channels.base import ATTACHMENT_LIMIT, Gateway, Sent, TransportError
from bot.channels.pacing import MemoryPacer, Pacer
from bot.channels.telegram import connection, render
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.outcome import Request, calling
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.parse import NAME, parse
from bot.channels.telegram.push import Push
from bot.channels.telegram.reading import read_update
from bot.channels.wire import Wire
from bot.message import Incoming, Kind, Media, Outgoing

TAP_WAIT = 4.0  # seconds until who tapped in a group is answered privately instead
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
log = structlog.get_logger(__name__)


class TelegramChannel:
    """One bot. Nothing is sent to Telegram before it is needed, so it need not be reachable."""

    name = NAME

    def __init__(
        self,
        config: TelegramConfig,
        clock: Callable[[], float] = time.time,
        pause: connection.Pause = asyncio.sleep,
        pacer: Pacer | None = None,
    ) -> None:
        self.config = config
        self.username = ""  # known once connected
        self._clock = clock
        self._pause = pause
        self._requests = (_request(config), _request(config))
        self._files = Wire(proxy=_by_proxy(config))
        self._bot = ExtBot(
            config.token,
            config.base_url,
            config.base_file_url,
            request=self._requests[0],
            get_updates_request=self._requests[1],
            # For what is not sent but changed, too. Neither a retry nor a group may hold up others.
            rate_limiter=AIORateLimiter(group_max_rate=0, group_time_period=0, max_retries=0),
        )
        pace = Pace(pacer or MemoryPacer(clock), config.token.partition(":")[0], pause)
        self._push = Push(self._bot, pace)
        self._taps: set[asyncio.Task[None]] = set()
        _quiet_libraries()

    # Updates

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        async def webhook(request: web.Request) -> web.Response:
            return await self._webhook(request, gateway)

        async def run(_: web.Application) -> AsyncIterator[None]:
            task = asyncio.create_task(self._run(gateway))
            yield
            for running in (task, *self._taps):
                running.cancel()
            await asyncio.gather(task, *self._taps, return_exceptions=True)

        if self.config.mode == "webhook":
            app.router.add_post(self.config.path, webhook)
        app.cleanup_ctx.append(run)

    async def _run(self, gateway: Gateway) -> None:
        async def take(update: Update) -> None:
            await self._take(update, gateway)

        self.username = await connection.connect(self._bot, self.config, self._pause)
        if self.config.mode == "polling":
            await connection.poll(self._bot, take, self._pause)

    async def _webhook(self, request: web.Request, gateway: Gateway) -> web.Response:
        """200 only after the update is stored; otherwise Telegram sends it again."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self.config.secret_token.encode()):
            log.warning("telegram: forged update refused")
            return web.Response(status=403, text="forbidden")
        update = await read_update(request)
        if update is None:
            log.warning("telegram: an update cannot be read")
        else:
            await self._take(update, gateway)
        return web.Response()

    async def _take(self, update: Update, gateway: Gateway) -> None:
        try:
            incoming = parse(update, self.username, datetime.fromtimestamp(self._clock(), UTC))
        except Exception as error:  # raised for ever, it would hold up every other update
            log.error("telegram: an update cannot be read", error=type(error).__name__)
            return
        if incoming.kind is Kind.CHOICE and incoming.chat:
            await self._take_group_tap(incoming, gateway)
            return
        if incoming.kind is Kind.IGNORED:
            log.info("telegram: ignored", type=incoming.extra["type"])
        else:
            await gateway.receive(incoming, wait=0)  # what it says comes through send
        if update.callback_query:
            self._spawn(self._end_tap(update.callback_query.id))

    async def _take_group_tap(self, incoming: Incoming, gateway: Gateway) -> None:
        """Answers on the phone of who tapped, so that the group is not told and one who never wrote
        to the bot is; privately as well when that does not say all.
        """
        messages = await gateway.receive(incoming, wait=TAP_WAIT) or ()
        text, whole = render.alert(messages)
        shown = await self._end_tap(incoming.extra["query"], text)
        if messages and not (shown and whole):
            await gateway.push(incoming, messages)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._taps.add(task)
        task.add_done_callback(self._taps.discard)

    async def _end_tap(self, query_id: str, text: str = "") -> bool:
        """Stops the button's waiting mark and shows the text, if any; False when it could not."""
        try:
            await self._bot.answer_callback_query(
                query_id, text or None, show_alert=bool(text) or None
            )
        except TelegramError as error:
            log.info("telegram: tap not ended", error=type(error).__name__)
            return False
        return True

    # Pushed messages

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """See `bot.channels.telegram.push.Push.send`."""
        return await self._push.send(recipient, message)

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        """See `bot.channels.telegram.push.Push.revise`."""
        await self._push.revise(recipient, platform_id, message)

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        if not media.reference:
            raise TransportError("this attachment has no bytes", permanent=True)
        return await calling("fetch", lambda: self._download(media.reference))

    async def close(self) -> None:
        await self._files.close()
        for request in self._requests:
            await request.shutdown()

    async def _download(self, file_id: str) -> tuple[str, bytes]:
        file = await self._bot.get_file(file_id)
        if (file.file_size or 0) > ATTACHMENT_LIMIT:
            raise TransportError(f"fetch: more than {ATTACHMENT_LIMIT} bytes", permanent=True)
        address = file.file_path or ""
        _, content = await self._files.fetch("fetch", "GET", address, limit=ATTACHMENT_LIMIT)
        path = urlsplit(address).path
        return mimetypes.guess_type(path)[0] or "application/octet-stream", content


def _request(config: TelegramConfig) -> Request:
    """3 seconds to connect, 5 for an answer, a minute to send a picture."""
    return Request(
        connect_timeout=3,
        read_timeout=5,
        pool_timeout=5,
        media_write_timeout=60,
        httpx_kwargs={"trust_env": _by_proxy(config)},
    )


def _by_proxy(config: TelegramConfig) -> bool:
    """Whether a proxy of the environment counts; not on the way to ourselves."""
    return urlsplit(config.base_url).hostname not in ("127.0.0.1", "localhost", "::1")


def _quiet_libraries() -> None:
    """httpx logs addresses, in which the token stands; telegram logs updates it cannot read."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
