"""Asking Rasa what the conversation needs, over our own input channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp

from actions.notices.notices import Offer
from bot.choices import Intent

AT_ONCE = 32  # turns in Rasa; more wait in line, which is no failure
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
    """Client of the Rasa server."""

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        self.url = url.rstrip("/")
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
        answer = await self._post("/webhooks/huiyin/turn", body)
        return [
            Reply(
                reply.get("text") or "",
                tuple(Offer(b["title"], b["payload"]) for b in reply.get("buttons") or ()),
                reply.get("image") or "",
            )
            for reply in answer["replies"]
        ]

    async def healthy(self) -> bool:
        """Whether Rasa answers with its model loaded."""
        try:
            async with self._client().get(f"{self.url}/webhooks/huiyin/health") as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            async with self._client().post(self.url + path, json=body) as response:
                if response.status != 200:
                    raise TurnFailedError(f"Rasa answered {response.status}")
                answer: dict[str, Any] = await response.json()
                return answer
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise TurnFailedError(type(error).__name__) from error

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                timeout=self._timeout,
                connector=aiohttp.TCPConnector(limit=AT_ONCE),
            )
        return self._session
