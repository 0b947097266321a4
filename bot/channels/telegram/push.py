"""Messages that are sent, in pieces, and replaced."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import structlog
from telegram import LinkPreviewOptions, Message
from telegram.error import BadRequest, TimedOut
from telegram.ext import ExtBot

from bot.channels.base import Sent, TransportError
from bot.channels.pictures import name_and_type
from bot.channels.pieces import send_pieces
from bot.channels.telegram import render
from bot.channels.telegram.outcome import calling, is_unchanged, transport_error
from bot.channels.telegram.pacing import Pace
from bot.message import Outgoing
from bot.text import CHOOSE, utf16_size

PHOTO_LIMIT = 10 * 1024 * 1024
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # Telegram would fetch the link
log = structlog.get_logger(__name__)

_Piece = Callable[[], Awaitable[Message]]


class Push:
    def __init__(self, bot: ExtBot[Any], pace: Pace) -> None:
        self._bot = bot
        self._pace = pace

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """Sends a message, in several when it is long; the buttons are under the last one.

        Raises TransportError, which says how many of several have gone out, or that the group has
        to wait for them.
        """
        pieces = [partial(calling, "send", piece) for piece in self._pieces(recipient, message)]
        await self._pace.keep(recipient, len(pieces) - message.skip)
        sent = await send_pieces(message, pieces)
        return Sent("message", platform_id=str(sent[-1].message_id) if sent else "")

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        """Of a message that went out in several only the last is replaced, by one message. Raises
        TransportError; permanent for one without words or out of reach.
        """
        await calling("revise", lambda: self._edit(recipient, platform_id, message))

    def _pieces(self, recipient: str, message: Outgoing) -> Iterator[_Piece]:
        """The calls that send the message, in order; the same for the same message."""
        texts, buttons = render.pieces(message.text), render.keyboard(message.choices)
        if buttons and not texts:
            texts = [CHOOSE]
        if message.image is not None:
            caption = "".join(texts)
            fits = len(texts) < 2 and utf16_size(caption) <= render.CAPTION_LIMIT
            texts = [] if fits else texts
            yield partial(
                self._send_picture,
                recipient,
                message.image,
                caption=caption if fits and caption else None,
                reply_markup=None if texts else buttons,
            )
        for number, text in enumerate(texts, 1):
            yield partial(
                self._bot.send_message,
                recipient,
                text,
                reply_markup=buttons if number == len(texts) else None,
                link_preview_options=_NO_PREVIEW,
            )

    async def _send_picture(self, recipient: str, picture: bytes, **options: Any) -> Message:
        """As a photo; as a file where Telegram shows none that large or of that shape.

        One that takes too long may only be too much for our line, and must not wait for ever.
        """
        try:
            return await self._send_as_it_fits(recipient, picture, **options)
        except TimedOut as error:
            failure = transport_error("send", error)
            failure.outage = False
            raise failure from None

    async def _send_as_it_fits(self, recipient: str, picture: bytes, **options: Any) -> Message:
        if len(picture) <= PHOTO_LIMIT:
            try:
                return await self._bot.send_photo(recipient, picture, **options)
            except BadRequest as error:
                log.info("telegram: a picture goes out as a file", reason=error.message[:200])
        name, _ = name_and_type(picture)
        return await self._bot.send_document(recipient, picture, filename=name, **options)

    async def _edit(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        if not platform_id.isdecimal():
            raise TransportError("revise: the message has no id", permanent=True)
        text = render.shortened(message.text, render.TEXT_LIMIT)
        try:
            await self._bot.edit_message_text(
                text or (CHOOSE if message.choices else ""),
                recipient,
                int(platform_id),
                reply_markup=render.keyboard(message.choices),
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            if not is_unchanged(error):
                raise
