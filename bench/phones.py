"""Phones: one person's side of a conversation, with the official account or with stock Rasa."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from bench.letters import BadReplyError, Heard, Platform, message, new_openid, scan
from bench.tally import Tally

KEPT = "存好"  # what is said when a turn failed and will be tried again


class ConversationLostError(Exception):
    """The conversation cannot go on: an answer was wrong, late or missing. It was counted."""


class Phone(Protocol):
    """Each verb does one turn and checks the answer: every expected text must be in it."""

    heard: Heard

    async def scan(self, scene: str, *expected: str) -> None: ...
    async def tap(self, label: str, *expected: str) -> None: ...
    async def say(self, text: str, *expected: str) -> None: ...


@dataclass(slots=True)
class WeChatPhone:
    """Talks to the gateway's callback address as the platform does."""

    session: aiohttp.ClientSession
    url: str
    platform: Platform
    tally: Tally
    openid: str = field(default_factory=new_openid)
    heard: Heard = field(default_factory=lambda: Heard("", {}))

    async def scan(self, scene: str, *expected: str) -> None:
        await self._turn("scan", scan(self.openid, scene), expected)

    async def tap(self, label: str, *expected: str) -> None:
        """Taps the link with that label in the last answer."""
        token = self.heard.links.get(label)
        if token is None:
            self.tally.wrong(f"no link {label}", self.heard.text)
            raise ConversationLostError
        await self._turn("tap", message(self.openid, label, token), expected)

    async def say(self, text: str, *expected: str) -> None:
        kind = "digit" if text.isdigit() and len(text) == 1 else "words"
        await self._turn(kind, message(self.openid, text), expected)

    async def _turn(self, kind: str, fields: str, expected: tuple[str, ...]) -> None:
        letter = self.platform.seal(fields, self.openid)
        started = time.perf_counter()
        try:
            async with self.session.post(self.url, params=letter.query, data=letter.body) as answer:
                status, body = answer.status, await answer.text()
        except (aiohttp.ClientError, TimeoutError) as error:
            self.tally.wrong(type(error).__name__, kind)
            raise ConversationLostError from error
        seconds = time.perf_counter() - started
        if status != 200:
            self.tally.wrong(f"HTTP {status}", body)
            raise ConversationLostError
        self.tally.turn(kind, seconds)
        self.heard = self._opened(body)
        check(self.tally, kind, self.heard.text, expected)

    def _opened(self, body: str) -> Heard:
        try:
            heard = self.platform.open(body, self.openid)
        except BadReplyError as error:
            self.tally.wrong(str(error), body)
            raise ConversationLostError from error
        if heard is None:
            self.tally.nothing_yet()
            raise ConversationLostError
        return heard


@dataclass(slots=True)
class RestPhone:
    """Talks to stock Rasa's REST channel; a scan and a tap go as the payloads that it knows."""

    session: aiohttp.ClientSession
    url: str
    tally: Tally
    sender: str = field(default_factory=new_openid)
    heard: Heard = field(default_factory=lambda: Heard("", {}))

    async def scan(self, scene: str, *expected: str) -> None:
        await self._turn("scan", f'/scan{{"scene": "{scene}"}}', expected)

    async def tap(self, label: str, *expected: str) -> None:
        await self._turn("tap", self.heard.links.get(label, "/missing"), expected)

    async def say(self, text: str, *expected: str) -> None:
        await self._turn("words", text, expected)

    async def _turn(self, kind: str, text: str, expected: tuple[str, ...]) -> None:
        started = time.perf_counter()
        try:
            asked = {"sender": self.sender, "message": text}
            async with self.session.post(self.url, json=asked) as answer:
                answer.raise_for_status()
                replies = await answer.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            self.tally.wrong(type(error).__name__, kind)
            raise ConversationLostError from error
        self.tally.turn(kind, time.perf_counter() - started)
        buttons = [b for reply in replies for b in reply.get("buttons", ())]
        words = "\n".join(reply.get("text", "") for reply in replies)
        self.heard = Heard(words, {b["title"]: b["payload"] for b in buttons})
        check(self.tally, kind, words, expected)


def check(tally: Tally, kind: str, text: str, expected: tuple[str, ...]) -> None:
    """Counts a wrong answer and raises ConversationLostError."""
    missing = [words for words in expected if words not in text]
    if not missing:
        return
    if KEPT in text:
        tally.wrong("turn failed, message kept", f"{kind}: {text}")
    else:
        tally.wrong("wrong answer", f"{kind}, without {'、'.join(missing)}: {text}")
    raise ConversationLostError
