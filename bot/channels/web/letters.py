"""What visitors send: words, taps, places, photos, voice notes, a change of language, the end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aiohttp import web

from bot.channels.base import Gateway
from bot.channels.web import answers, bodies, visitors
from bot.channels.web.behind import WebParts
from bot.channels.web.doors import Doors
from bot.channels.web.parse import (
    NAME,
    Posted,
    UnreadableError,
    attachment,
    message,
    message_id,
    read,
    scan,
)
from bot.channels.web.reading import Reading
from bot.channels.web.sniff import FILE_LIMIT, fit_to_keep, sniff
from bot.message import Incoming, Kind, MediaKind, Outgoing
from bot.web.lines import LineKind, Place, Said

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
        if not visitors.is_from_our_page(request, self._parts.config):
            return answers.refused(403, "foreign")
        try:
            posted = read(await bodies.fields(request, scripted=scripted))
        except UnreadableError as error:
            return self._unreadable(request, str(error), scripted=scripted)
        visitor = await self._enter(request, "message", scripted=scripted)
        if isinstance(visitor, web.Response):
            return visitor
        place = await self._doors.place(request, posted.scene) if posted.scene else None
        if place and place.state != "retired":
            await self._arrive(visitor, posted, place)
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
            key, content = await bodies.upload(request)
        except UnreadableError:
            return answers.refused(400, "unreadable")
        if len(content) > FILE_LIMIT:
            return answers.refused(413, "too_big")
        found = sniff(content)
        if found is None:
            return answers.refused(415, "unknown_kind")
        kind, content_type = found
        mailbox = self._parts.mailbox
        fit = await asyncio.to_thread(fit_to_keep, content, content_type)
        reference = await mailbox.keep(visitor.sender, key, content_type, fit)
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
        fields = await bodies.form(request)
        language = str(fields.get("language", ""))
        if language not in visitors.LANGUAGES:
            return answers.refused(400, "unreadable")
        token = visitors.token_of(request, self._parts.config)
        if token:
            await self._speak(visitors.sender_of(token), language)
        response = answers.to(_back(str(fields.get("back", ""))))
        visitors.give_language(response, language, self._parts.config)
        return response

    async def _speak(self, sender: str, language: str) -> None:
        """Lets a conversation that has begun go on in the language, as if that had been written."""
        visit = await self._parts.mailbox.look(sender)
        if visit is None or visit.ended or visit.language == language:
            return
        await self._parts.mailbox.speak(sender, language)
        asked = Posted(visitors.new_token(), text=_SPOKEN[language])
        incoming = message(asked, sender, datetime.now(UTC))
        if incoming is not None:
            await self._say(Visitor(sender, language), asked, incoming)

    async def end(self, request: web.Request) -> web.Response:
        """Ends the conversation in this browser and forgets it here."""
        config = self._parts.config
        if not visitors.is_from_our_page(request, config):
            return answers.refused(403, "foreign")
        token = visitors.token_of(request, config)
        if token:
            sender = visitors.sender_of(token)
            key = message_id(sender, "end")
            left = Incoming(NAME, sender, key, Kind.UNFOLLOW, datetime.now(UTC))
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
        return answers.to(_back(_path(request.headers.get("Referer", ""))))

    async def _arrive(self, visitor: Visitor, posted: Posted, place: Place) -> None:
        """Tells of the scan, then of the grade that was tapped on its page. By a one-time code that
        was used meanwhile nothing is rated; the answer to the scan says so.
        """
        key = f"{posted.id}:scan"
        await self._parts.mailbox.add(visitor.sender, [Said(key, True, place.label, "scan")])
        told = scan(replace(posted, scene=place.scene), visitor.sender, datetime.now(UTC))
        offered = await self._hand_in(visitor, key, told)
        if posted.grade and place.rated:
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
        name, now = message_id(visitor.sender, key), datetime.now(UTC)
        tapped = Incoming(NAME, visitor.sender, name, Kind.TEXT, now, text=label)
        if len(choices) == len(names):
            tapped = replace(tapped, kind=Kind.CHOICE, token=choices[at].token)
        await self._parts.mailbox.add(visitor.sender, [Said(key, True, label)])
        await self._hand_in(visitor, key, tapped)

    async def _say(self, visitor: Visitor, posted: Posted, incoming: Incoming) -> None:
        """Shows what the visitor said and hands it in."""
        text, kind = posted.text, _kind(posted)
        if incoming.kind is Kind.CHOICE:
            text = await self._parts.mailbox.label(visitor.sender, posted.token)
        elif incoming.kind is Kind.MENU:
            text = self._parts.pages.menu_label(posted.menu, visitor.language)
        elif posted.place:
            text = "{:.5f}, {:.5f}".format(*posted.place)
        if text:
            await self._parts.mailbox.add(visitor.sender, [Said(posted.id, True, text, kind)])
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


def _kind(posted: Posted) -> LineKind:
    return "location" if posted.place else "text"


def _path(address: str) -> str:
    """The address's path; empty for what is no address."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _back(path: str) -> str:
    """The path, if it is a page of the chat; nobody is led anywhere else."""
    return path if _BACK.fullmatch(path) else "/chat"
