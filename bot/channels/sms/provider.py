"""What a way to send text messages is."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from bot.channels.base import Gateway, Sent

OUT_BEFORE = "went out before, unnoted"  # of a message that is not sent, and paid for, again


class Provider(Protocol):
    """A cloud, or a line to an SMSC."""

    gsm: bool  # whether Latin letters are counted in the GSM alphabet

    @property
    def passed_over(self) -> int:
        """Replies dropped since the start, because one number sent too many."""
        ...

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        """Adds what receipts and replies come by."""
        ...

    async def send(self, number: str, words: str, skip: int) -> Sent:
        """Sends `words`, without a signature yet, to an E.164 number; `skip` parts went before.

        Raises TransportError.
        """
        ...

    async def close(self) -> None: ...
