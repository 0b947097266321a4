"""The official account: callbacks in, passive replies and pushed messages out."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.channels import sealed
from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.elements import MalformedError
from bot.channels.tokens import MemoryTokens, TokenStore
from bot.channels.wechat import reply
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.parse import NAME, parse
from bot.channels.wechat.push import Push
from bot.message import Incoming, Kind, Media, Outgoing

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Call:
    """A callback that passed the checks: its XML, and the key to seal the answer with, if any."""

    xml: str
    key: str


class WeChatChannel:
    """One official account. `tokens` shares the access token between processes."""

    name = NAME

    def __init__(
        self,
        config: WeChatConfig,
        tokens: TokenStore | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.config = config
        self.api = WeChatApi(config, tokens or MemoryTokens(clock), clock)
        self._clock = clock
        self._crypto = sealed.Crypto(config.app_id, config.token, config.aes_keys)
        self._push = Push(config, self.api, clock)

    # Callbacks

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        async def deliver(request: web.Request) -> web.Response:
            return await self._deliver(request, gateway)

        app.router.add_get(self.config.path, self._verify)
        app.router.add_post(self.config.path, deliver)

    async def _verify(self, request: web.Request) -> web.Response:
        """The platform's test of our address: the echo comes back as it is, or opened."""
        query = request.query
        try:
            self._check_time(query.get("timestamp", ""))
            echo = query.get("echostr", "")
            if "msg_signature" in query:
                echo = self._open(request, echo).text
            else:
                self._check_signature(request)
        except sealed.CallbackError as error:
            return sealed.refused(NAME, error)
        return web.Response(text=echo, headers={"X-Content-Type-Options": "nosniff"})

    async def _deliver(self, request: web.Request, gateway: Gateway) -> web.Response:
        started = time.monotonic()
        try:
            call = self._authentic(request, await sealed.bounded_body(request))
        except sealed.CallbackError as error:
            return sealed.refused(NAME, error)
        try:
            incoming = parse(call.xml)
        except MalformedError as error:
            log.warning("wechat: a signed message cannot be read", reason=str(error))
            return _nothing()
        text = await self._answer(incoming, gateway, started)
        return self._passive(incoming, text, call.key) if text else _nothing()

    async def _answer(self, incoming: Incoming, gateway: Gateway, started: float) -> str:
        """What to say passively. Raises when the message could not be stored: HTTP 500, no ack."""
        if incoming.kind is Kind.IGNORED:
            log.info("wechat: ignored", type=incoming.extra["type"])
            return ""
        if incoming.kind is Kind.RECEIPT:
            await gateway.receive(incoming, wait=0)
            return ""
        used = time.monotonic() - started
        messages = await gateway.receive(incoming, wait=max(0.0, self.config.reply_budget - used))
        text, rest = reply.passive_and_rest(messages or (), self.config.menu_style)
        if rest:
            await gateway.push(incoming, rest)
        return text

    def _authentic(self, request: web.Request, body: bytes) -> _Call:
        """The XML of a callback that is signed, fresh and ours. Raises CallbackError."""
        self._check_time(request.query.get("timestamp", ""))
        if self.config.mode == "plain":
            self._check_signature(request)
            return _Call(body.decode("utf-8", "replace"), "")
        opened = self._open(
            request, sealed.sealed_part(body)
        )  # compat: what is in clear is ignored
        return _Call(opened.text, opened.key)

    def _open(self, request: web.Request, encrypt: str) -> sealed.Opened:
        query = request.query
        return self._crypto.open(
            encrypt,
            query.get("msg_signature", ""),
            query.get("timestamp", ""),
            query.get("nonce", ""),
        )

    def _check_time(self, timestamp: str) -> None:
        if not sealed.is_fresh(timestamp, self._clock(), self.config.freshness):
            raise sealed.ForgedError("the timestamp is missing or outside the window")

    def _check_signature(self, request: web.Request) -> None:
        given, *parts = (request.query.get(k, "") for k in ("signature", "timestamp", "nonce"))
        if not sealed.is_signed(given, self.config.token, *parts):
            raise sealed.ForgedError("signature does not match")

    def _passive(self, incoming: Incoming, text: str, key: str) -> web.Response:
        now = self._clock()
        xml = reply.render(incoming.sender, incoming.extra["account"], text, now)
        if key:
            xml = self._crypto.seal(xml, key, int(now), secrets.token_hex(8))
        return web.Response(text=xml, content_type="application/xml")

    # Pushed messages

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """See `bot.channels.wechat.push.Push.send`."""
        return await self._push.send(recipient, message)

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        raise TransportError("WeChat's messages cannot be changed", permanent=True)

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        if not media.reference:
            raise TransportError("this attachment has no bytes", permanent=True)
        return await self.api.download(media.reference)

    async def close(self) -> None:
        await self.api.close()


def _nothing() -> web.Response:
    """`success` tells the platform that nothing will be said now, and not to send it again."""
    return web.Response(text="success")
