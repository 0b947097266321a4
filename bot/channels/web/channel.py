"""The web chat as a channel: whoever opens the page is a visitor, known by a cookie only."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from actions.clock import new_token
from bot.channels.base import Gateway, Sent, TransportError
from bot.channels.web.behind import WebParts
from bot.channels.web.doors import Doors
from bot.channels.web.faults import answering
from bot.channels.web.letters import Letters
from bot.channels.web.parse import NAME
from bot.channels.web.reading import Reading
from bot.message import Media, Outgoing
from bot.web.lines import Said

OPEN = "a page was open"
CLOSED = "no page was open; kept for the next visit"


class WebChannel:
    """Pages, posts and events. What is sent is kept, and rings wherever a page is open."""

    name = NAME

    def __init__(self, parts: WebParts) -> None:
        self.parts = parts

    def add_routes(self, app: web.Application, gateway: Gateway) -> None:
        doors, reading = Doors(self.parts), Reading(self.parts)
        letters = Letters(self.parts, gateway, doors, reading)
        safely = partial(answering, self.parts.pages)
        app.router.add_get("/s/{code}", safely(doors.code))
        app.router.add_get("/chat", safely(doors.chat))
        app.router.add_get("/chat/static/{name}", doors.static)
        app.router.add_post("/chat/messages", safely(letters.messages))
        app.router.add_get("/chat/messages", safely(reading.ask))
        app.router.add_get("/chat/events", safely(reading.stream), allow_head=False)
        app.router.add_post("/chat/files", safely(letters.files))
        app.router.add_get("/chat/files/{number}", safely(reading.file))
        app.router.add_post("/chat/language", safely(letters.language))
        app.router.add_post("/chat/end", safely(letters.end))
        app.cleanup_ctx.append(self.parts.bell.run)

        async def close(_: web.Application) -> None:
            reading.close()

        app.on_shutdown.append(close)

    async def send(self, recipient: str, message: Outgoing) -> Sent:
        """Keeps the message for the visitor and rings; the note says whether a page was open."""
        key = new_token(16)
        line = Said(key, False, message.text, choices=message.choices, image=message.image)
        try:
            await self.parts.mailbox.add(recipient, [line])
        except LookupError as error:
            raise TransportError("the visitor's conversation is over", gone=True) from error
        here = await self.parts.bell.is_here(recipient)
        return Sent("page", OPEN if here else CLOSED, platform_id=key)

    async def revise(self, recipient: str, platform_id: str, message: Outgoing) -> None:
        """Replaces the line that was sent under this id."""
        try:
            await self.parts.mailbox.revise(recipient, platform_id, message)
        except LookupError as error:
            raise TransportError("the message is no longer kept", permanent=True) from error

    async def fetch(self, media: Media) -> tuple[str, bytes]:
        found = await self.parts.mailbox.file(media.reference)
        if found is None:
            raise TransportError("the file is no longer kept", permanent=True)
        return found

    async def close(self) -> None:
        """The services behind it are closed by who opened them."""
