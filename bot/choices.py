"""What people are offered to tap. The platform sees a random token; what it means stays here.

Redis keeps, per conversation, the meaning of each token for a week (old cards stay usable) and the
list offered last, so that a typed digit or label works too. Losing Redis only makes old buttons
politely useless.

A list is offered once its message is out; until then it is coming. Who is quick answers before the
platform has confirmed, so words wait a moment for what is coming.
"""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from actions import clock
from actions.notices.notices import Offer
from bot.message import Choice

LIFE = 7 * 24 * 3600  # seconds
COMING = 30  # seconds: longer than any attempt to send
PATIENCE = 2  # seconds that words wait for what is coming
LOOK = 0.02  # seconds between looks meanwhile

_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?", re.DOTALL)
_DIGITS = re.compile(r"(\d{1,2})[.、．)）]?")


@dataclass(frozen=True, slots=True)
class Intent:
    """A structured intent, as only our own choices and events can express it."""

    name: str
    entities: dict[str, Any]


def parse_payload(payload: str) -> Intent:
    """`/grade{"grade": "satisfied"}` as an intent. Raises ValueError: our own wording is wrong."""
    found = _PAYLOAD.fullmatch(payload.strip())
    if found is None:
        raise ValueError(f"not a payload: {payload[:40]!r}")
    return Intent(found["intent"], json.loads(found["entities"] or "{}"))


class Choices:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def offer(self, conversation: str, offers: Sequence[Offer]) -> list[Choice]:
        """Stores the offers and gives each its token; an empty list ends what was offered."""
        choices = [Choice(offer.label, clock.new_token(12)) for offer in offers]
        if not choices:
            await self._redis.delete(f"offered:{conversation}")
            return choices
        async with self._redis.pipeline(transaction=False) as pipe:
            _keep(pipe, conversation, choices, offers)
            _show(pipe, conversation, choices)
            await pipe.execute()
        return choices

    async def keep(
        self, conversation: str, offers: Sequence[Offer], tokens: Iterable[str]
    ) -> list[Choice]:
        """Gives each offer its token; what a typed digit means stays as it is until `show`, and
        waits for it until `not_shown`.
        """
        pairs = zip(offers, tokens, strict=False)
        choices = [Choice(offer.label, token) for offer, token in pairs]
        async with self._redis.pipeline(transaction=True) as pipe:
            _keep(pipe, conversation, choices, offers)
            if choices:
                pipe.set(f"coming:{conversation}", _listed(choices), ex=COMING)
            await pipe.execute()
        return choices

    async def show(self, conversation: str, choices: Sequence[Choice]) -> None:
        """From now on typed digits and labels mean these."""
        async with self._redis.pipeline(transaction=True) as pipe:
            _show(pipe, conversation, choices)
            pipe.delete(f"coming:{conversation}")
            await pipe.execute()

    async def not_shown(self, conversation: str) -> None:
        """What was coming has not gone out."""
        await self._redis.delete(f"coming:{conversation}")

    async def by_token(self, conversation: str, token: str) -> Intent | None:
        """What the token means in this conversation; None: never, or too long ago."""
        payload = await self._redis.get(_token_key(conversation, token))
        return parse_payload(str(payload)) if payload else None

    async def by_words(self, conversation: str, text: str) -> Intent | None:
        """What a typed digit or label means among the choices offered last, if anything; should
        others be coming for longer than PATIENCE, then among those, if not among the last.
        """
        offered, coming = await self._settled(conversation)
        if len(text) > 60:
            return None
        token = _pick(offered, text) or _pick(coming, text)
        return await self.by_token(conversation, token) if token else None

    async def _settled(self, conversation: str) -> list[list[list[str]]]:
        """What is offered, and what is still coming after a moment."""
        for _ in range(int(PATIENCE / LOOK)):
            kept = await self._redis.mget(f"offered:{conversation}", f"coming:{conversation}")
            if kept[1] is None:
                break
            await asyncio.sleep(LOOK)
        return [json.loads(each) if each else [] for each in kept]

    async def offered(self, conversation: str) -> str | None:
        """The name of the intent behind the first of the choices offered last; None: nothing."""
        listed = await self._redis.get(f"offered:{conversation}")
        if listed is None:
            return None
        intent = await self.by_token(conversation, json.loads(listed)[0][1])
        return intent.name if intent else None


def _keep(
    pipe: Pipeline, conversation: str, choices: Sequence[Choice], offers: Sequence[Offer]
) -> None:
    for choice, offer in zip(choices, offers, strict=True):
        pipe.set(_token_key(conversation, choice.token), offer.payload, ex=LIFE)


def _show(pipe: Pipeline, conversation: str, choices: Sequence[Choice]) -> None:
    if choices:
        pipe.set(f"offered:{conversation}", _listed(choices), ex=LIFE)
    else:
        pipe.delete(f"offered:{conversation}")


def _listed(choices: Sequence[Choice]) -> str:
    return json.dumps([[c.label, c.token] for c in choices], ensure_ascii=False)


def _token_key(conversation: str, token: str) -> str:
    return f"choice:{conversation}:{token}"


def _pick(listed: list[list[str]], text: str) -> str | None:
    words = _fold(text)
    digits = _DIGITS.fullmatch(words)
    if digits and 1 <= int(digits[1]) <= len(listed):
        return listed[int(digits[1]) - 1][1]
    return next((token for label, token in listed if _fold(label) == words), None)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip("。.!！~～").casefold()
