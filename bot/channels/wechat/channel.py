"""The official account: callbacks in, passive replies and pushed messages out."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import structlog
from aiohttp import web

from bot.channels import sealed
from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.elements import MalformedError
from bot.channels.errcodes import Decision
from bot.channels.markup import plain
from bot.channels.pieces import send_pieces
from bot.channels.tokens import MemoryTokens, TokenStore
from bot.channels.wechat import notice, reply
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.errors import WeChatError
from bot.channels.wechat.parse import NAME, parse
from bot.message import Choice, Incoming, Kind, Media, Outgoing

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
        self._menus = config.menu_style == "links" and config.account == "service"

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
            return _refused(error)
        return web.Response(text=echo, headers={"X-Content-Type-Options": "nosniff"})

    async def _deliver(self, request: web.Request, gateway: Gateway) -> web.Response:
        started = time.monotonic()
        try:
            call = self._authentic(request, await sealed.bounded_body(request))
        except sealed.CallbackError as error:
            return _refused(error)
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
        """Sends a customer message, or a notice when these are closed to the person.

        A long message goes out in several pieces. Raises TransportError, which says how many of
        them have gone out.
        """
        try:
            await self._send_customer(recipient, message)
        except WeChatError as error:
            if error.decision is not Decision.NOTICE:
                raise
            return await self._send_notice(recipient, message, error)
        return Sent("customer")

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        raise TransportError("WeChat's messages cannot be changed", permanent=True)

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        if not media.reference:
            raise TransportError("this attachment has no bytes", permanent=True)
        return await self.api.download(media.reference)

    async def close(self) -> None:
        await self.api.close()

    async def _send_customer(self, recipient: str, message: Outgoing) -> None:
        try:
            await self._send_pieces(recipient, message)
        except WeChatError as error:
            if error.decision is not Decision.AS_TEXT:
                raise
            self._menus = False
            log.warning("wechat: menus refused, choices go out as text", code=error.code)
            await self._send_pieces(recipient, replace(message, skip=error.pieces))

    async def _send_pieces(self, recipient: str, message: Outgoing) -> None:
        calls = [partial(self._send_piece, recipient, one) for one in self._pieces(message)]
        await send_pieces(message, calls)

    def _pieces(self, message: Outgoing) -> list[Outgoing]:
        """The message in pieces, in order; what can be tapped comes last. Only how the choices are
        shown differs from one attempt to the next, not what stands before them."""
        words, choices = reply.pieces_and_choices(message)
        pieces = [Outgoing(text) for text in words]
        if message.image is not None:
            pieces.append(Outgoing(image=message.image))
        if choices is not None and self._menus:
            pieces.append(choices)
        elif choices is not None:
            texts = reply.choices_as_texts(choices, self.config.menu_style)
            pieces += [Outgoing(text) for text in texts]
        return pieces

    async def _send_piece(self, recipient: str, piece: Outgoing) -> None:
        if piece.image is not None:
            media_id = await self.api.upload_image(piece.image)
            await self.api.send_image(recipient, media_id)
        elif piece.choices:
            choices = tuple(Choice(plain(c.label), c.token) for c in piece.choices)
            await self.api.send_menu(recipient, piece.text, choices)
        else:
            await self.api.send_text(recipient, piece.text)

    async def _send_notice(self, recipient: str, message: Outgoing, why: WeChatError) -> Sent:
        """Tries the ways that are configured, in order, for the words that have not gone out; a
        picture cannot go that way. Raises the refusal that leaves most hope: of two, the one after
        which another attempt may help.
        """
        left = self._left(message, why.pieces)
        if not left:
            raise why
        refusals: list[TransportError] = []
        for via, send in self._notices(recipient, left).items():
            try:
                return Sent(via, why.message, await send())
            except TransportError as error:
                refusals.append(error)
        words = f"{why.message}; no template and no notice is configured"
        none = TransportError(words, permanent=True, code=why.code)
        refused = min(refusals, key=lambda error: (error.permanent, not error.gone), default=none)
        refused.pieces = why.pieces
        raise refused

    def _left(self, message: Outgoing, out: int) -> str:
        """The words of the message, without its choices, that its first `out` pieces do not say."""
        words, choices = reply.pieces_and_choices(message)
        return "\n".join([*words[out:], *([choices.text] if choices else [])])

    def _notices(self, recipient: str, words: str) -> dict[str, Callable[[], Awaitable[str]]]:
        config, ways = self.config, dict[str, Callable[[], Awaitable[str]]]()
        now = self._clock()
        if config.template_id and config.account == "service":
            fields = notice.filled(config.template_fields, words, now)
            ways["template"] = lambda: self.api.send_template(
                recipient, config.template_id, fields, config.template_url
            )
        if config.notice_id:
            slots = notice.filled(config.notice_fields, words, now)
            ways["notice"] = lambda: self.api.send_notice(
                recipient, config.notice_id, slots, config.notice_page
            )
        return ways


def _refused(error: sealed.CallbackError) -> web.Response:
    if isinstance(error, sealed.UnreadableError):
        log.error("wechat: signed, but no key fits", reason=str(error))
    else:
        log.warning("wechat: forged callback refused", reason=str(error))
    return web.Response(status=403, text="forbidden")


def _nothing() -> web.Response:
    """`success` tells the platform that nothing will be said now, and not to send it again."""
    return web.Response(text="success")
