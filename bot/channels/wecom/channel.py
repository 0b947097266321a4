"""The app in WeCom: callbacks in; texts, cards and pictures out."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import structlog
from aiohttp import web

from bot.channels import sealed
from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.elements import MalformedError
from bot.channels.tokens import MemoryTokens, TokenStore
from bot.channels.wecom import render
from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.config import WeComConfig
from bot.channels.wecom.pacing import BURST, LIMITS, MemoryPacer, Pacer
from bot.channels.wecom.parse import NAME, parse
from bot.message import Incoming, Kind, Media, Outgoing

log = structlog.get_logger(__name__)


class WeComChannel:
    """One app. `tokens` shares the access token between processes, `pacer` the count of messages.

    A member is answered only by what `send` pushes: an answer in the callback's response could be
    one message at most, and a card not at all.
    """

    name = NAME

    def __init__(
        self,
        config: WeComConfig,
        tokens: TokenStore | None = None,
        pacer: Pacer | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.config = config
        self.api = WeComApi(config, tokens or MemoryTokens(clock), clock)
        self._pacer = pacer or MemoryPacer(clock)
        self._clock = clock
        self._crypto = sealed.Crypto(config.corp_id, config.token, config.aes_keys)

    # Callbacks

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        async def deliver(request: web.Request) -> web.Response:
            return await self._deliver(request, gateway)

        app.router.add_get(self.config.path, self._verify)
        app.router.add_post(self.config.path, deliver)

    async def _verify(self, request: web.Request) -> web.Response:
        """The platform's test of our address, which gives up after a second: the echo, opened."""
        try:
            echo = self._open(request, request.query.get("echostr", ""))
        except sealed.CallbackError as error:
            return _refused(error)
        return web.Response(text=echo, headers={"X-Content-Type-Options": "nosniff"})

    async def _deliver(self, request: web.Request, gateway: Gateway) -> web.Response:
        """Empty, once the message is stored. Raises when it could not be: HTTP 500, sent again."""
        try:
            xml = self._open(request, sealed.sealed_part(await sealed.bounded_body(request)))
        except sealed.CallbackError as error:
            return _refused(error)
        try:
            incoming = parse(xml)
        except MalformedError as error:
            log.warning("wecom: a signed message cannot be read", reason=str(error))
            return web.Response()
        if incoming.kind is Kind.IGNORED or not self._is_ours(incoming):
            log.info("wecom: ignored", type=incoming.extra["type"])
        else:
            await gateway.receive(incoming, wait=0)
        return web.Response()

    def _open(self, request: web.Request, encrypt: str) -> str:
        """What is sealed in a callback that is signed, fresh and ours. Raises CallbackError."""
        names = ("msg_signature", "timestamp", "nonce")
        signature, timestamp, nonce = (request.query.get(name, "") for name in names)
        if not sealed.is_fresh(timestamp, self._clock(), self.config.freshness):
            raise sealed.ForgedError("the timestamp is missing or outside the window")
        return self._crypto.open(encrypt, signature, timestamp, nonce).text

    def _is_ours(self, incoming: Incoming) -> bool:
        """False for a message to another app of the corp that shares our address and token."""
        return incoming.extra["agent"] in ("", str(self.config.agent_id))

    # Pushed messages

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """Sends texts, or a card where there are choices. Raises TransportError.

        When more than the member may get now would be sent, nothing is, and the error says when to
        try again. When a later part of a long message fails, the whole message counts as failed.
        """
        parts = render.layout(message)
        picture = message.image
        await self._keep_pace(recipient, len(parts) + (picture is not None))
        media_id = await self.api.upload_image(picture) if picture is not None else ""
        sent = Sent("text")
        for text in parts.texts:
            sent = Sent("text", platform_id=await self.api.send_text(recipient, text))
        if parts.cards:
            bodies = [card.body(secrets.token_urlsafe(18)) for card in parts.cards]
            codes = [await self.api.send_card(recipient, body) for body in bodies]
            sent = Sent("card", platform_id=" ".join(codes))
        if media_id:
            image_id = await self.api.send_image(recipient, media_id)
            sent = sent if len(parts) else Sent("image", platform_id=image_id)
        return sent

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        """Replaces a card; of a message in several cards each. Raises TransportError, permanent
        where there was no card, or it was replaced before or sent more than 72 hours ago.
        """
        if not platform_id:
            raise TransportError("only a card can be replaced", permanent=True)
        failures = []
        for code in platform_id.split():
            card = render.revision(message, secrets.token_urlsafe(18))
            try:
                await self.api.update_card(recipient, code, card)
            except TransportError as error:
                failures.append(error)
        if failures:
            raise min(failures, key=lambda error: error.permanent)  # another attempt may do more

    async def _keep_pace(self, recipient: str, count: int) -> None:
        if not count:
            return
        key = f"{NAME}:{self.config.agent_id}:{recipient.lower()}"
        wait = await self._pacer.wait_seconds(key, min(count, BURST), LIMITS)
        if wait > 0:
            raise TransportError("our pace to this member", code="pace", retry_after=wait)

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        if not media.reference:
            raise TransportError("this attachment has no bytes", permanent=True)
        return await self.api.download(media.reference)

    async def close(self) -> None:
        await self.api.close()


def _refused(error: sealed.CallbackError) -> web.Response:
    if isinstance(error, sealed.UnreadableError):
        log.error("wecom: signed, but no key fits", reason=str(error))
    else:
        log.warning("wecom: forged callback refused", reason=str(error))
    return web.Response(status=403, text="forbidden")
