"""The app in WeCom: callbacks in; texts, cards and pictures out."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from aiohttp import web

from bot.channels import sealed
from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.elements import MalformedError
from bot.channels.errcodes import Decision
from bot.channels.pacing import Limit, MemoryPacer, Pacer
from bot.channels.pieces import send_pieces
from bot.channels.tokens import MemoryTokens, TokenStore
from bot.channels.wecom import codes, render
from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.config import WeComConfig
from bot.channels.wecom.errors import WeComError
from bot.channels.wecom.parse import NAME, parse
from bot.message import Incoming, Kind, Media, Outgoing

# WeCom drops what goes beyond 30 a minute or 1,000 an hour to one member and says that all is well,
# so we stay below it and let later messages wait.
LIMITS = (Limit(28, 60), Limit(950, 3600))
BURST = min(limit.most for limit in LIMITS)

log = structlog.get_logger(__name__)

_Piece = Callable[[], Awaitable[Sent]]


class WeComChannel:
    """One app. `tokens` shares the access token and the codes of taps between processes, `pacer` the
    count of messages.

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
        tokens = tokens or MemoryTokens(clock)
        self.api = WeComApi(config, tokens, clock)
        self._codes = codes.CardCodes(tokens, f"{NAME}:card:{config.corp_id}:{config.agent_id}")
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
            return sealed.refused(NAME, error)
        return web.Response(text=echo, headers={"X-Content-Type-Options": "nosniff"})

    async def _deliver(self, request: web.Request, gateway: Gateway) -> web.Response:
        """Empty, once the message is stored. Raises when it could not be: HTTP 500, sent again."""
        try:
            xml = self._open(request, sealed.sealed_part(await sealed.bounded_body(request)))
        except sealed.CallbackError as error:
            return sealed.refused(NAME, error)
        try:
            incoming = parse(xml)
        except MalformedError as error:
            log.warning("wecom: a signed message cannot be read", reason=str(error))
            return web.Response()
        if incoming.kind is Kind.IGNORED or not self._is_ours(incoming):
            log.info("wecom: ignored", type=incoming.extra["type"])
        else:
            await self._codes.note(incoming)
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
        """Sends texts, or a card where there are choices. Raises TransportError, which says how many
        of several pieces have gone out.

        When more than the member may get now would be sent, nothing is, and the error says when to
        try again.
        """
        pieces = self._pieces(recipient, message)
        await self._keep_pace(recipient, len(pieces) - message.skip)
        sent = await send_pieces(message, pieces)
        cards = [one.platform_id for one in sent if one.via == "card"]
        if cards:
            note = next((one.note for one in sent if one.note), "")
            return Sent("card", note, " ".join(cards))
        texts = [one for one in sent if one.via == "text"]
        return (texts or sent or [Sent("text")])[-1]

    def _pieces(self, recipient: str, message: Outgoing) -> list[_Piece]:
        """The calls that send the message, in order; the same for the same message. What can be
        tapped comes last."""
        parts = render.layout(message)
        texts = [partial(self._send_text, recipient, text) for text in parts.texts]
        cards = [
            partial(self._send_card, recipient, card, codes.task_of(message.key, number))
            for number, card in enumerate(parts.cards)
        ]
        if message.image is None:
            return [*texts, *cards]
        image = partial(self._send_image, recipient, message.image, needed=not cards)
        return [*texts, image, *cards]

    async def _send_text(self, recipient: str, text: str) -> Sent:
        return Sent("text", platform_id=await self.api.send_text(recipient, text))

    async def _send_card(self, recipient: str, card: render.Card, task: str) -> Sent:
        code = await self.api.send_card(recipient, card.body(task))
        return Sent("card", platform_id=codes.written(task, code))

    async def _send_image(self, recipient: str, png: bytes, *, needed: bool) -> Sent:
        """A picture that the platform will never take keeps back no card behind it."""
        try:
            media_id = await self.api.upload_image(png)
            return Sent("image", platform_id=await self.api.send_image(recipient, media_id))
        except WeComError as error:
            if needed or error.decision is not Decision.PERMANENT:
                raise
            return Sent("image", f"without its picture: {error.message}")

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        """Replaces a card; of a message in several cards each. Raises TransportError, permanent
        where there was no card, its codes were used up, or it was sent more than 72 hours ago.
        """
        cards = codes.read(platform_id)
        if not cards:
            raise TransportError("only a card can be replaced", permanent=True)
        failures = []
        for task, code in cards:
            try:
                await self._replace(recipient, task, code, message)
            except TransportError as error:
                failures.append(error)
        if failures:
            raise min(failures, key=lambda error: error.permanent)  # another attempt may do more

    async def _replace(self, recipient: str, task: str, code: str, message: Outgoing) -> None:
        """Replaces one card by the code of its last tap, else by the one it was sent with."""
        body = render.revision(message, codes.new_task(task))
        tapped = await self._codes.of_tap(task)
        if tapped:
            try:
                await self.api.update_card(recipient, tapped, body)
            except WeComError as error:
                if error.is_known and error.decision is not Decision.PERMANENT:
                    raise
                log.info("wecom: a tap's code is of no use", code=error.code)
            else:
                await self._codes.spend(task)
                return
        await self.api.update_card(recipient, code, body)

    async def _keep_pace(self, recipient: str, count: int) -> None:
        if count <= 0:
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
