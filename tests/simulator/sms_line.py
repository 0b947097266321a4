"""The gateway's end of an SMPP line, and settings to reach an SMSC on this machine."""

from __future__ import annotations

from typing import Any

from bot.channels.sms import SmppConfig, SmsConfig
from bot.message import Incoming, Outgoing


class Heard:
    """A gateway that remembers."""

    def __init__(self) -> None:
        self.received: list[Incoming] = []
        self.failure: Exception | None = None

    async def receive(self, incoming: Incoming, *, wait: float) -> list[Outgoing]:
        if self.failure:
            raise self.failure
        self.received.append(incoming)
        return []

    async def push(self, incoming: Incoming, messages: Any) -> None:
        raise AssertionError("nothing is pushed")


def line_to(port: int, **changes: Any) -> SmsConfig:
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "system_id": "huiyin",
        "password": "fakepass",
        "source": "1069000000000000",
        **changes,
    }
    return SmsConfig(provider="smpp", sign="平安回音", smpp=SmppConfig(**settings))
