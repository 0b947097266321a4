"""Messages that are pushed: customer messages in pieces, else a notice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import structlog

from bot.channels.base import Sent, TransportError
from bot.channels.errcodes import Decision
from bot.channels.markup import plain
from bot.channels.pieces import send_pieces
from bot.channels.wechat import notice, reply
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.config import WeChatConfig
from bot.channels.wechat.errors import WeChatError
from bot.message import Choice, Outgoing

log = structlog.get_logger(__name__)


class Push:
    def __init__(self, config: WeChatConfig, api: WeChatApi, clock: Callable[[], float]) -> None:
        self.config = config
        self.api = api
        self._clock = clock
        self._menus = config.menu_style == "links" and config.account == "service"

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """Sends a customer message, or a notice when these are closed to the person.

        A long message goes out in several pieces. Raises TransportError, which says how many of
        them have gone out.
        """
        try:
            notes = await self._send_customer(recipient, message)
        except WeChatError as error:
            if error.decision is not Decision.NOTICE:
                raise
            return await self._send_notice(recipient, message, error)
        return Sent("customer", next(filter(None, notes), ""))

    async def _send_customer(self, recipient: str, message: Outgoing) -> list[str]:
        try:
            return await self._send_pieces(recipient, message)
        except WeChatError as error:
            if error.decision is not Decision.AS_TEXT:
                raise
            self._menus = False
            log.warning("wechat: menus refused, choices go out as text", code=error.code)
            return await self._send_pieces(recipient, replace(message, skip=error.pieces))

    async def _send_pieces(self, recipient: str, message: Outgoing) -> list[str]:
        """What has to be noted of each piece that goes out now."""
        needed = not message.choices
        calls = [partial(self._send_piece, recipient, one, needed) for one in self._pieces(message)]
        return await send_pieces(message, calls)

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

    async def _send_piece(self, recipient: str, piece: Outgoing, needed: bool) -> str:
        if piece.image is not None:
            return await self._send_image(recipient, piece.image, needed)
        if piece.choices:
            choices = tuple(Choice(plain(c.label), c.token) for c in piece.choices)
            await self.api.send_menu(recipient, piece.text, choices)
        else:
            await self.api.send_text(recipient, piece.text)
        return ""

    async def _send_image(self, recipient: str, png: bytes, needed: bool) -> str:
        """A picture that the platform will never take keeps back no choices behind it."""
        try:
            await self.api.send_image(recipient, await self.api.upload_image(png))
        except WeChatError as error:
            if needed or error.decision is not Decision.PERMANENT:
                raise
            return f"without its picture: {error.message}"
        return ""

    async def _send_notice(self, recipient: str, message: Outgoing, why: WeChatError) -> Sent:
        """Tries the ways that are configured, in order, for the words that have not gone out; a
        picture cannot go that way. Raises the refusal that leaves most hope: of two, the one after
        which another attempt may help.
        """
        left = self._left(message, why.pieces)
        if not left:
            raise why
        refusals: list[TransportError] = []
        for via, send in self._notices(recipient, left, message.key).items():
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

    def _notices(
        self, recipient: str, words: str, key: str
    ) -> dict[str, Callable[[], Awaitable[str]]]:
        config, ways = self.config, dict[str, Callable[[], Awaitable[str]]]()
        now = self._clock()
        if config.template_id and config.account == "service":
            fields = notice.filled(config.template_fields, words, now)
            ways["template"] = lambda: self.api.send_template(
                recipient, config.template_id, fields, config.template_url, key
            )
        if config.notice_id:
            slots = notice.filled(config.notice_fields, words, now)
            ways["notice"] = lambda: self.api.send_notice(
                recipient, config.notice_id, slots, config.notice_page
            )
        return ways
