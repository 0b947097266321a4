"""What visitors send: words, taps, places, photos, voice notes, a change of language, the end."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiohttp import BodyPartReader, web

from bot.channels.base import Gateway
from bot.channels.web import answers, visitors
from bot.channels.web.behind import WebParts
from bot.channels.web.doors import Doors
from bot.channels.web.parse import (
    Posted,
    UnreadableError,
    attachment,
    message,
    message_id,
    read,
    read_id,
    scan,
)
from bot.channels.web.reading import Reading
from bot.channels.web.sniff import FILE_LIMIT, fit_to_keep, sniff
from bot.message import Incoming, Kind, MediaKind, Outgoing
from bot.web.lines import LineKind, Said

# How much one visitor, and all of one address, may send: a hall full of people shares an address.
_PACE = {"message": (30, 600, 60), "file": (12, 120, 600)}  # a visitor's, an address's, seconds
_SPOKEN = {"zh": "中文", "en": "English"}  # what a person would write to change the language
_BACK = re.compile(r"/chat|/s/[A-Za-z0-9-]{3,64}")


@dataclass(frozen=True, slots=True)
class Visitor:
    sender: str
    language: str


class Letters:
    def __init__(self, parts: WebParts, gateway: Gateway, doors: Doors, reading: Reading) -> None:
        self._parts = parts
        self._gateway = gateway
        self._doors = doors
        self._reading = reading

    # --- endpoints ------------------------------------------------------------------------------

    async def messages(self, request: web.Request) -> web.Response:
        """Takes words or a tap, once for each id; answers with what is new, or leads to the chat."""
        scripted = request.content_type == "application/json"
        try:
            posted = read(await _fields(request, scripted=scripted))
        except UnreadableError as error:
            return self._unreadable(request, str(error), scripted=scripted)
        visitor = await self._enter(request, "message", scripted=scripted)
        if isinstance(visitor, web.Response):
            return visitor
        place = await self._doors.place(request, posted.scene) if posted.scene else None
        if place and place.state != "retired":
            await self._arrive(visitor, posted, place.scene, place.label)
        now = datetime.now(UTC)
        incoming = message(posted, visitor.sender, now)
        if incoming is not None:
            await self._say(visitor, posted, incoming)
        if scripted:
            return await self._reading.news(visitor.sender, posted.after, visitor.language)
        return answers.to("/chat")

    async def files(self, request: web.Request) -> web.Response:
        """Takes a photo or a voice note: a form with `id`, then `file`. Its name does not count."""
        visitor = await self._enter(request, "file", scripted=True)
        if isinstance(visitor, web.Response):
            return visitor
        try:
            key, content = await _upload(request)
        except UnreadableError:
            return answers.refused(400, "unreadable")
        if len(content) > FILE_LIMIT:
            return answers.refused(413, "too_big")
        found = sniff(content)
        if found is None:
            return answers.refused(415, "unknown_kind")
        kind, content_type = found
        mailbox = self._parts.mailbox
        content = fit_to_keep(content, content_type)
        reference = await mailbox.keep(visitor.sender, key, content_type, content)
        shown: LineKind = "image" if kind is MediaKind.IMAGE else "voice"
        await mailbox.add(visitor.sender, [Said(key, True, "", shown, file=reference)])
        now = datetime.now(UTC)
        await self._hand_in(visitor, key, attachment(visitor.sender, key, kind, reference, "", now))
        after = request.query.get("after", "")
        change = int(after) if re.fullmatch(r"\d{1,9}", after) else 0
        return await self._reading.news(visitor.sender, change, visitor.language)

    async def language(self, request: web.Request) -> web.Response:
        """Changes the language of the page, and of the conversation if there is one."""
        if not visitors.is_from_our_page(request, self._parts.config):
            return answers.refused(403, "foreign")
        fields = await request.post()
        language = str(fields.get("language", ""))
        if language not in visitors.LANGUAGES:
            return answers.refused(400, "unreadable")
        token = visitors.token_of(request, self._parts.config)
        sender = visitors.sender_of(token) if token else ""
        visit = await self._parts.mailbox.look(sender) if token else None
        if visit and not visit.ended and visit.language != language:
            await self._parts.mailbox.speak(sender, language)
            key = visitors.new_token()
            said = Incoming("web", sender, message_id(sender, key), Kind.TEXT, datetime.now(UTC))
            words = _SPOKEN[language]
            visitor = Visitor(sender, language)
            await self._parts.mailbox.add(sender, [Said(key, True, words)])
            await self._hand_in(visitor, key, _with_words(said, words))
        back = str(fields.get("back", ""))
        response = answers.to(back if _BACK.fullmatch(back) else "/chat")
        visitors.give_language(response, language, self._parts.config)
        return response

    async def end(self, request: web.Request) -> web.Response:
        """Ends the conversation in this browser and forgets it here."""
        config = self._parts.config
        if not visitors.is_from_our_page(request, config):
            return answers.refused(403, "foreign")
        token = visitors.token_of(request, config)
        if token:
            sender = visitors.sender_of(token)
            key = message_id(sender, "end")
            left = Incoming("web", sender, key, Kind.UNFOLLOW, datetime.now(UTC))
            if await self._parts.mailbox.look(sender):
                await self._gateway.receive(left, wait=0)
                await self._parts.mailbox.end(sender)
        response = answers.page(
            self._parts.pages.notice("web_ended", visitors.language_of(request))
        )
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        visitors.forget_token(response, config)
        return response

    # --- what they share ------------------------------------------------------------------------

    async def _enter(
        self, request: web.Request, what: str, *, scripted: bool
    ) -> Visitor | web.Response:
        """Who posts, or why nothing is taken from them."""
        config = self._parts.config
        if not visitors.is_from_our_page(request, config):
            return answers.refused(403, "foreign")
        token = visitors.token_of(request, config)
        if token is None:
            return self._turned_away(request, 401, "web_no_cookie", scripted=scripted)
        sender = visitors.sender_of(token)
        own, shared, seconds = _PACE[what]
        guard, address = self._parts.guard, visitors.address_of(request, config)
        allowed = await guard.count(what, sender, own, seconds)
        if not (allowed and await guard.count(f"{what}s", address, shared, seconds)):
            return self._turned_away(request, 429, "web_too_fast", scripted=scripted)
        visit = await self._parts.mailbox.open(sender, visitors.language_of(request))
        if visit.ended:
            return self._turned_away(request, 410, "web_ended", scripted=scripted)
        return Visitor(sender, visit.language)

    def _turned_away(
        self, request: web.Request, status: int, key: str, *, scripted: bool
    ) -> web.Response:
        if scripted:
            return answers.refused(status, key.removeprefix("web_"), 10 if status == 429 else 0)
        notice = self._parts.pages.notice(key, visitors.language_of(request))
        return answers.page(notice, status)

    def _unreadable(self, request: web.Request, error: str, *, scripted: bool) -> web.Response:
        if scripted:
            return answers.refused(400, error)
        return answers.to(urlsplit(request.headers.get("Referer", "")).path or "/chat")

    async def _arrive(self, visitor: Visitor, posted: Posted, scene: str, label: str) -> None:
        """Tells of the scan, then of the grade that was tapped on its page."""
        now = datetime.now(UTC)
        key = f"{posted.id}:scan"
        await self._parts.mailbox.add(visitor.sender, [Said(key, True, label, "scan")])
        scanned = Posted(posted.id, scene=scene)
        offered = await self._hand_in(visitor, key, scan(scanned, visitor.sender, now))
        if posted.grade:
            await self._grade(visitor, posted, offered)

    async def _grade(self, visitor: Visitor, posted: Posted, offered: Sequence[Outgoing]) -> None:
        """The tapped grade as the choice that the scan was just answered with, else in words."""
        names = [grade.name for grade in self._parts.pages.grades]
        if posted.grade not in names:
            return
        at = names.index(posted.grade)
        choices = [choice for answer in offered for choice in answer.choices]
        label = self._parts.pages.grades[at].labels[visitor.language]
        key = f"{posted.id}:grade"
        base = Incoming(
            "web",
            visitor.sender,
            message_id(visitor.sender, key),
            Kind.TEXT,
            datetime.now(UTC),
            text=label,
        )
        if len(choices) == len(names):
            base = _with_choice(base, choices[at].token)
        await self._parts.mailbox.add(visitor.sender, [Said(key, True, label)])
        await self._hand_in(visitor, key, base)

    async def _say(self, visitor: Visitor, posted: Posted, incoming: Incoming) -> None:
        """Shows what the visitor said and hands it in."""
        text, kind = posted.text, "text"
        if incoming.kind is Kind.CHOICE:
            text = await self._parts.mailbox.label(visitor.sender, posted.token)
        elif incoming.kind is Kind.MENU:
            text = self._parts.pages.menu_label(posted.menu, visitor.language)
        elif posted.place:
            text, kind = "{:.5f}, {:.5f}".format(*posted.place), "location"
        if text:
            line = Said(posted.id, True, text, "location" if kind == "location" else "text")
            await self._parts.mailbox.add(visitor.sender, [line])
        await self._hand_in(visitor, posted.id, incoming)

    async def _hand_in(self, visitor: Visitor, key: str, incoming: Incoming) -> Sequence[Outgoing]:
        """Stores the message and shows its answer; one that comes later is pushed."""
        answer = await self._gateway.receive(incoming, wait=self._parts.config.wait)
        if answer:
            said = [
                Said(f"{key}:{number}", False, each.text, choices=each.choices, image=each.image)
                for number, each in enumerate(answer)
            ]
            await self._parts.mailbox.add(visitor.sender, said)
        return answer or ()


def _with_words(incoming: Incoming, text: str) -> Incoming:
    return Incoming.from_json({**incoming.to_json(), "text": text})


def _with_choice(incoming: Incoming, token: str) -> Incoming:
    return Incoming.from_json({**incoming.to_json(), "kind": Kind.CHOICE, "token": token})


async def _fields(request: web.Request, *, scripted: bool) -> dict[str, object]:
    """What was posted, as JSON or as a form. Raises UnreadableError."""
    try:
        if not scripted:
            return dict(await request.post())
        fields = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableError("the body cannot be read") from error
    if not isinstance(fields, dict):
        raise UnreadableError("the body must be an object")
    return fields


async def _upload(request: web.Request) -> tuple[str, bytes]:
    """The id and the bytes, one more than allowed at most. Raises UnreadableError."""
    if request.content_type != "multipart/form-data":
        raise UnreadableError("a file comes in a form")
    key = ""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                break
            if part.name == "id":
                key = read_id((await part.read_chunk(64)).decode("ascii", "replace"))
            elif part.name == "file" and key:
                return key, await _at_most(part, FILE_LIMIT + 1)
    except ValueError as error:
        raise UnreadableError("the form cannot be read") from error
    raise UnreadableError("the form lacks id or file")


async def _at_most(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while len(content) < limit and (chunk := await part.read_chunk(64 * 1024)):
        content += chunk
    return bytes(content[:limit])
