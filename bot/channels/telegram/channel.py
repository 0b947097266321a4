"""The Telegram bot: updates in, messages out."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import mimetypes
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.telegram import connection, render
from bot.channels.telegram.config import TelegramConfig
from bot.channels.telegram.outcome import Request, transport_error
from bot.channels.telegram.parse import NAME, parse
from bot.message import Kind, Media, Outgoing
from bot.text import CHOOSE, utf16_size

BODY_LIMIT = 256 * 1024
FILE_LIMIT = 20 * 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # Telegram would fetch the link
log = structlog.get_logger(__name__)


class TelegramChannel:
    """One bot. Nothing is sent to Telegram before it is needed, so it need not be reachable."""

    name = NAME

    def __init__(
        self,
        config: TelegramConfig,
        clock: Callable[[], float] = time.time,
        pause: connection.Pause = asyncio.sleep,
    ) -> None:
        self.config = config
        self.username = ""  # known once connected
        self._clock = clock
        self._pause = pause
        self._requests = (_request(config), _request(config))
        self._bot = ExtBot(
            config.token,
            config.base_url,
            config.base_file_url,
            request=self._requests[0],
            get_updates_request=self._requests[1],
            rate_limiter=AIORateLimiter(max_retries=0),  # a retry would hold up everybody
        )
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
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self.config.secret_token.encode()):
            log.warning("telegram: forged update refused")
            return web.Response(status=403, text="forbidden")
        update = _update(await _body(request))
        if update is None:
            log.warning("telegram: an update cannot be read")
        else:
            await self._take(update, gateway)
        return web.Response()

    async def _take(self, update: Update, gateway: Gateway) -> None:
        incoming = parse(update, self.username, datetime.fromtimestamp(self._clock(), UTC))
        if incoming.kind is Kind.IGNORED:
            log.info("telegram: ignored", type=incoming.extra["type"])
        else:
            await gateway.receive(incoming, wait=0)  # what it says comes through send
        if update.callback_query:
            self._spawn(self._end_tap(update.callback_query.id))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._taps.add(task)
        task.add_done_callback(self._taps.discard)

    async def _end_tap(self, query_id: str) -> None:
        """Stops the button's waiting mark. It is only for show, so no failure matters."""
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            log.info("telegram: tap not ended", error=type(error).__name__)

    # Pushed messages

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """Sends a message, in several when it is long; the buttons are under the last one.

        When one of several fails the whole message counts as failed. Raises TransportError.
        """
        sent = await _calling("send", lambda: self._send(recipient, message))
        return Sent("message", platform_id=sent)

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        if not media.reference:
            raise TransportError("this attachment has no bytes", permanent=True)
        return await _calling("fetch", lambda: self._download(media.reference))

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()

    async def _send(self, recipient: str, message: Outgoing) -> str:
        """Returns the id of the last message, '' when there was nothing to send."""
        texts, buttons = render.pieces(message.text), render.keyboard(message.choices)
        if buttons and not texts:
            texts = [CHOOSE]
        sent = ""
        if message.image is not None:
            caption = "".join(texts)
            fits = len(texts) < 2 and utf16_size(caption) <= render.CAPTION_LIMIT
            texts = [] if fits else texts
            sent = await self._send_photo(
                recipient, message.image, caption if fits else "", None if texts else buttons
            )
        for number, text in enumerate(texts, 1):
            under = buttons if number == len(texts) else None
            answer = await self._bot.send_message(
                recipient, text, reply_markup=under, link_preview_options=_NO_PREVIEW
            )
            sent = str(answer.message_id)
        return sent

    async def _send_photo(
        self, recipient: str, image: bytes, caption: str, buttons: InlineKeyboardMarkup | None
    ) -> str:
        answer = await self._bot.send_photo(
            recipient, image, caption=caption or None, reply_markup=buttons
        )
        return str(answer.message_id)

    async def _download(self, file_id: str) -> tuple[str, bytes]:
        file = await self._bot.get_file(file_id)
        if (file.file_size or 0) > FILE_LIMIT:
            raise TransportError(f"fetch: more than {FILE_LIMIT} bytes", permanent=True)
        content = bytes(await file.download_as_bytearray())
        path = urlsplit(file.file_path or "").path
        return mimetypes.guess_type(path)[0] or "application/octet-stream", content


async def _calling[T](call: str, work: Callable[[], Awaitable[T]]) -> T:
    try:
        return await work()
    except TelegramError as error:
        raise transport_error(call, error) from None


def _request(config: TelegramConfig) -> Request:
    """3 seconds to connect, 5 for an answer; a proxy of the environment, except to ourselves."""
    host = urlsplit(config.base_url).hostname
    return Request(
        connect_timeout=3,
        read_timeout=5,
        pool_timeout=5,
        httpx_kwargs={"trust_env": host not in ("127.0.0.1", "localhost", "::1")},
    )


def _quiet_libraries() -> None:
    """httpx logs addresses, in which the token stands; telegram logs updates it cannot read."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


def _update(body: bytes) -> Update | None:
    """The update in `body`; None when there is none, which sending it again would not change."""
    try:
        data = json.loads(body)
        return Update.de_json(data, None) if isinstance(data, dict) else None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
        return None


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, len(body))
    return bytes(body)
