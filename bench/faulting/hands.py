"""A person with a phone: does one thing after the other and waits for what is said to it."""

from __future__ import annotations

import re
import time

import aiohttp

from bench.faulting.log import Log, Said
from bot.simulator.driver import RefusedError
from bot.simulator.persons import Delivery, NotHeardError, Person
from bot.simulator.transcript import Entry

KEPT = re.compile("收到并存好|稍后再问您")  # what is said when the turn will be tried again
PATIENCE = 90.0  # seconds that a person waits for an answer
UNASKED_WITHIN = 30.0  # seconds that a person waits for what is told unasked
# What a citizen is told of the case without having asked just now.
UNASKED = re.compile(r"Q\d{2}-\d{4,}(：\S*(已接手|告诉您)| 有答复了)")
_ACKNOWLEDGED = {
    "wechat": ("passive", "success", "empty"),
    "wecom": ("empty",),
    "sms": ("ok",),
}


class Hands:
    """One person in one campaign; everything goes into the log."""

    def __init__(self, phone: Person, log: Log) -> None:
        self.phone = phone
        self._log = log
        self.heard: Entry | None = None

    @property
    def words(self) -> str:
        """What the last answer said."""
        return self.heard.text if self.heard else ""

    def offers(self, label: str) -> bool:
        """Whether the last answer has that choice to tap."""
        return self.heard is not None and any(c.label == label for c in self.heard.choices)

    async def scan(self, scene: str) -> bool:
        return await self.does("scan", scene, scene=scene)

    async def say(self, text: str, *about: str) -> bool:
        return await self.does("say", text, *about, text=text)

    async def tap(self, label: str) -> bool:
        return await self.does("tap", label, label=label)

    async def notice(self, *words: str) -> bool:
        """Waits for something that is told unasked; it may have come before."""
        try:
            self.heard = await self.phone.hears(*words, timeout=UNASKED_WITHIN)
        except NotHeardError:
            return any(all(w in e.text for w in words) for e in await self.phone.transcript())
        return True

    async def does(self, verb: str, said_as: str, /, *about: str, **body: str) -> bool:
        """Does it and waits for an answer, one with the words `about` if there are any.

        False when there is none: then nothing was acknowledged, or PATIENCE has passed.
        """
        said = Said(self.phone.channel, self.phone.name, verb, said_as, time.monotonic())
        self._log.said.append(said)
        try:
            deliveries = await self.phone.does(verb, **body)
        except (RefusedError, aiohttp.ClientError):  # nothing to tap any more
            self._log.said.remove(said)
            return False
        said.taken = _taken(self.phone.channel, deliveries)
        if said.taken is False:
            said.seen = time.monotonic()  # the platform's own line: out of order
            return False
        return await self._listen(said, about)

    async def _listen(self, said: Said, about: tuple[str, ...]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                entry = await self.phone.hears(*about, timeout=deadline - time.monotonic())
            except NotHeardError:
                return False
            said.seen = said.seen or time.monotonic()
            if KEPT.search(entry.text) or entry.direction == "notice" or UNASKED.match(entry.text):
                continue
            said.answered, said.answer, self.heard = time.monotonic(), entry.text, entry
            return True


def _taken(channel: str, deliveries: list[Delivery]) -> bool | None:
    good = _ACKNOWLEDGED.get(channel)
    return None if good is None else any(one.outcome in good for one in deliveries)
