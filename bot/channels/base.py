"""What a channel is: a folder with one class that has these methods, and a line in the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from aiohttp import web

from bot.message import Incoming, Media, Outgoing

ATTACHMENT_LIMIT = 20 * 1024 * 1024  # bytes


class TransportError(Exception):
    """A platform refused or could not be reached.

    `permanent`: trying again the same way is useless (a dead address, a refused notice).
    `gone`: the recipient can no longer be reached in this channel at all (blocked us, unknown).
    `retry_after`: seconds the platform asks us to wait, if it said so.
    `outage`: it is not about this message: the platform, or our way to it, is out of order.
    `doubt`: the platform may have done what was asked; it went away before it said so.
    `pieces`: how many pieces of the message have gone out, this time or before, if that is known.
    `parts`: of those, the ones that are paid for and reported on one by one.
    `code`: the platform's own code, as text; `message` is in English and free of personal data.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        gone: bool = False,
        code: str = "",
        retry_after: float | None = None,
        outage: bool = False,
        doubt: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent or gone
        self.gone = gone
        self.code = code
        self.retry_after = retry_after
        self.outage = outage
        self.doubt = doubt
        self.pieces = 0
        self.parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What a platform reports on and charges for as one: `count` parts of a text message.

    `platform_id` is the platform's own id, by which its receipt comes; `fen` the price in fen.
    """

    platform_id: str
    count: int
    fen: Decimal


@dataclass(frozen=True, slots=True)
class Sent:
    """How a message went out: `via` names the way (customer, template, …), `note` why that one.

    `parts`: those of which each has a receipt of its own, where a channel has such.
    """

    via: str
    note: str = ""
    platform_id: str = ""
    parts: tuple[Part, ...] = ()


class Gateway(Protocol):
    """What a channel may ask of the gateway."""

    async def receive(self, incoming: Incoming, *, wait: float) -> Sequence[Outgoing] | None:
        """Stores the message, has it answered, and returns the answer within `wait` seconds.

        Returns only after the message is committed. None: not ready in time, the answer will be
        pushed through `Channel.send`. An empty list: nothing to say. The same message delivered
        again gets the same answer and acts once. Raises when the message could not be stored; the
        channel must then not acknowledge it.
        """
        ...

    async def push(self, incoming: Incoming, messages: Sequence[Outgoing]) -> None:
        """Queues messages for delivery through `Channel.send` to the sender, in order.

        For what does not fit into an answer. Acts once per `incoming.message_id`: the same message
        delivered again pushes nothing more. Returns after the messages are committed.
        """
        ...


class Channel(Protocol):
    """One way to talk with people. Built once, in `bot/app.py`, from settings."""

    name: str

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        """Adds the public endpoints; also `app.cleanup_ctx` for whatever must run beside them."""
        ...

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """Pushes one message to the platform's id `recipient`. Raises TransportError."""
        ...

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        """Replaces an earlier message of ours, `Sent.platform_id`, in the chat it was sent to.

        The old buttons go; `message` may bring new ones. Replaced already: nothing happens.
        Raises TransportError, permanent where the platform cannot change a message any more.
        """
        ...

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        """Content type and bytes of an attachment, ATTACHMENT_LIMIT at most; no more is ever read.

        Raises TransportError, permanent for a longer one.
        """
        ...

    async def close(self) -> None:
        """Closes connections; also called in the worker, where add_routes never was."""
        ...
