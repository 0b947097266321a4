"""Asking Rasa what the conversation needs, over our own input channel."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp

from actions.notices.notices import Offer
from bot.choices import Intent
from bot.replicas import HUNG, REST, Replicas, addresses

AT_ONCE = 32  # turns in a Rasa; more wait in line, which is no failure
TURN, HEALTH = "/webhooks/huiyin/turn", "/webhooks/huiyin/health"
TEXT_LIMIT = 500  # characters that Rasa is given; the inbox keeps all of them


class TurnFailedError(Exception):
    """The turn did not happen: Rasa, the action server or something behind them failed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """`drawn`: what its picture shows, "" for none; see actions/codes/sheets.py."""

    text: str
    offers: tuple[Offer, ...]
    drawn: str = ""


class Nlu:
    """Client of the Rasa server, or of several."""

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        """`url`: the address; of several, their addresses with commas between them."""
        self._replicas = Replicas(addresses(url))
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._timeout = aiohttp.ClientTimeout(total=timeout, sock_connect=2)
        self._session: aiohttp.ClientSession | None = None

    async def turn(
        self, conversation: str, inbox_id: str, said: str | Intent, metadata: dict[str, Any]
    ) -> list[Reply]:
        """One turn. Words of a person go in as text, whatever they look like; an Intent is ours.

        Raises TurnFailedError; then nothing of the turn was kept by Rasa.
        """
        body: dict[str, Any] = {
            "conversation": conversation,
            "message_id": inbox_id,
            "metadata": metadata,
        }
        if isinstance(said, Intent):
            body |= {"intent": said.name, "entities": said.entities}
        else:
            body["text"] = said[:TEXT_LIMIT]
        answer = await self._ask(conversation, body)
        return [
            Reply(
                reply.get("text") or "",
                tuple(Offer(b["title"], b["payload"]) for b in reply.get("buttons") or ()),
                reply.get("image") or "",
            )
            for reply in answer["replies"]
        ]

    async def healthy(self) -> bool:
        """Whether a Rasa answers with its model loaded."""
        return len(await self.missing()) < len(self._replicas.urls)

    async def missing(self) -> list[str]:
        """The addresses at which none answers with its model loaded."""
        found = await asyncio.gather(*(self._answers(url) for url in self._replicas.urls))
        return [url for url, answers in zip(self._replicas.urls, found, strict=True) if not answers]

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, conversation: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of the conversation's own Rasa, or of the next one when that one is away: a
        message is acted on once, whoever is asked again.
        """
        reason = ""
        for url in self._replicas.order(conversation):
            try:
                return await self._post(url, body)
            except aiohttp.ConnectionTimeoutError as error:
                self._replicas.away(url, REST)
                reason = type(error).__name__
            except TimeoutError as error:  # it may be at it still, and there is no time left
                self._replicas.away(url, HUNG)
                raise TurnFailedError(type(error).__name__) from error
            except aiohttp.ClientConnectionError as error:
                self._replicas.away(url, REST)
                reason = type(error).__name__
        raise TurnFailedError(reason)

    async def _post(self, url: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with self._client().post(url + TURN, json=body) as response:
                if response.status != 200:
                    raise TurnFailedError(f"Rasa answered {response.status}")
                answer: dict[str, Any] = await response.json()
                return answer
        except (aiohttp.ClientConnectionError, TimeoutError):
            raise
        except (aiohttp.ClientError, ValueError) as error:
            raise TurnFailedError(type(error).__name__) from error

    async def _answers(self, url: str) -> bool:
        try:
            async with self._client().get(url + HEALTH) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=0, limit_per_host=AT_ONCE),
            )
        return self._session
