"""The text-message channel: words in, words out, whichever way they travel."""

from __future__ import annotations

import time
from collections.abc import Callable

from aiohttp import web

from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.sms import render
from bot.channels.sms.alibaba import Alibaba
from bot.channels.sms.config import SmsConfig
from bot.channels.sms.incoming import NAME
from bot.channels.sms.provider import Provider
from bot.channels.sms.smpp import SmppLine
from bot.channels.sms.tencent import Tencent
from bot.message import Media, Outgoing


class SmsChannel:
    """One number of ours. A recipient is an E.164 number: +8613900000000."""

    name = NAME

    def __init__(self, config: SmsConfig, clock: Callable[[], float] = time.time) -> None:
        self.config = config
        self.provider = _provider(config, clock)

    @property
    def passed_over(self) -> int:
        return self.provider.passed_over

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        self.provider.add_routes(app, gateway)

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """Sends one text message, cut to the parts that are allowed. Raises TransportError."""
        if not recipient.startswith("+86") and not self.config.abroad:
            raise TransportError("sms: numbers abroad are not written to", permanent=True)
        words = render.words(
            message,
            self.config.sign,
            self.config.most_parts,
            self.config.ending,
            gsm=self.provider.gsm,
        )
        if not words:
            return Sent("none", "a text message cannot carry this")
        sent = await self.provider.send(recipient, words, message.skip)
        if message.gone_out is not None:
            await message.gone_out(message.skip + len(sent.parts))
        return sent

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        raise TransportError("a text message cannot be changed", permanent=True)

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        raise TransportError("a text message has no attachments", permanent=True)

    async def close(self) -> None:
        await self.provider.close()


def _provider(config: SmsConfig, clock: Callable[[], float]) -> Provider:
    if config.cloud is not None and config.provider == "tencent":
        return Tencent(config, config.cloud, clock)
    if config.cloud is not None and config.provider == "alibaba":
        return Alibaba(config, config.cloud, clock)
    if config.smpp is not None:
        return SmppLine(config, config.smpp, clock)
    raise ValueError(f"There is no SMS provider {config.provider!r} with these settings.")
