"""What the web chat needs behind it: where conversations are kept, who rings, who may do how much."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.message import Outgoing
from bot.web.lines import Line, Place, Said, Visit
from bot.web.pages import Pages


@dataclass(frozen=True, slots=True)
class WebConfig:
    """`public_url`: the gateway's address as people reach it; with https cookies are Secure.

    `keep_days`: how long a conversation can be read in the browser after the last message in it.
    `proxy_hops`: how many reverse proxies stand in front; the visitor's address is taken that far
    from the end of X-Forwarded-For. `wait`: seconds a message waits for its answer.
    """

    public_url: str = ""
    keep_days: int = 30
    proxy_hops: int = 0
    wait: float = 4.0

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")


class Mailbox(Protocol):
    """The conversations as browsers show them. `sender` is the visitor's id in the channel."""

    async def look(self, sender: str) -> Visit | None:
        """The visitor, or None when they never said anything."""
        ...

    async def open(self, sender: str, language: str) -> Visit:
        """The visitor, made if need be; someone new is spoken to in `language` (zh or en)."""
        ...

    async def speak(self, sender: str, language: str) -> None:
        """From now on the visitor is spoken to in that language."""
        ...

    async def add(self, sender: str, said: Sequence[Said]) -> None:
        """Adds lines, in order, and rings. Raises VisitorGoneError."""
        ...

    async def since(self, sender: str, change: int) -> list[Line] | None:
        """What was added or changed after `change`, in order of `change`; the last hundred at most.

        None when there is no such visitor any more.
        """
        ...

    async def label(self, sender: str, token: str) -> str:
        """What the choice with this token says, if the visitor was offered it lately; else empty."""
        ...

    async def revise(self, sender: str, key: str, message: Outgoing) -> None:
        """Replaces the words and choices of a line, and rings. Raises LookupError."""
        ...

    async def keep(self, sender: str, key: str, content_type: str, content: bytes) -> str:
        """Keeps a file; returns its reference. The same key gives the same reference."""
        ...

    async def file(self, reference: str) -> tuple[str, bytes] | None:
        """Content type and bytes of a kept file."""
        ...

    async def shown(self, sender: str, number: int) -> tuple[str, bytes] | None:
        """Content type and bytes of what belongs to this line of this visitor."""
        ...

    async def end(self, sender: str) -> None:
        """Forgets the conversation here; what was handed in stays with the bureau."""
        ...


class Bell(Protocol):
    """Rings in every gateway when a conversation has something new, whoever wrote it."""

    def listening(self, sender: str) -> AbstractContextManager[asyncio.Event]:
        """An event that is set when there may be something new for this visitor."""
        ...

    async def here(self, sender: str) -> None:
        """Remembers for a short while that a page of this visitor is open."""
        ...

    async def is_here(self, sender: str) -> bool:
        """Whether a page of this visitor is open, as far as is known."""
        ...

    def run(self, app: web.Application) -> AsyncIterator[None]:
        """Listens while the application runs."""
        ...


class Guard(Protocol):
    """How much of something one person or address may do."""

    async def spent(self, what: str, who: str, most: int) -> bool:
        """Whether it is used up already."""
        ...

    async def count(self, what: str, who: str, most: int, seconds: int) -> bool:
        """Counts one more; False when that is more than `most` within `seconds`."""
        ...


class Places(Protocol):
    async def find(self, scene: str) -> Place | None:
        """What the code stands for, or None for one that is not ours."""
        ...


class Account(Protocol):
    async def code_url(self, scene: str) -> str | None:
        """What the official account's QR code for this place says; None: no account, or not now."""
        ...


@dataclass(frozen=True, slots=True)
class WebParts:
    """What a web channel is made of."""

    config: WebConfig
    mailbox: Mailbox
    bell: Bell
    guard: Guard
    places: Places
    account: Account
    pages: Pages
