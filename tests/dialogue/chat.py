"""A person at the gateway's side of Rasa: writes, taps, scans, and reads the replies."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from sqlalchemy import insert, select

from actions import clock
from actions.bootstrap import Services
from actions.store.tables import attachments, identities, inbox
from bot.choices import parse_payload


@dataclass(frozen=True, slots=True)
class Rasa:
    """The running server."""

    session: ClientSession
    url: str
    actions_port: int
    pid: int
    log: Path


@dataclass
class Chat:
    """One conversation. `offered` holds what can be tapped, `heard` the texts of the last turn."""

    rasa: Rasa
    services: Services
    conversation: str
    language: str = "zh"
    offered: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    last: str = ""

    async def says(self, text: str) -> list[str]:
        """Writes words; a digit or a label among the offers is a tap, as in the gateway."""
        numbered = dict(enumerate(self.offered.values(), 1))
        if text.isdigit() and int(text) in numbered:
            return await self._taps(numbered[int(text)])
        if text in self.offered:
            return await self._taps(self.offered[text])
        return await self.turn(text=text)

    async def taps(self, label: str) -> list[str]:
        assert label in self.offered, f"{label} is not among {list(self.offered)}"
        return await self._taps(self.offered[label])

    async def scans(self, scene: str) -> list[str]:
        return await self.event("scan", scene=scene)

    async def event(self, intent: str, **entities: Any) -> list[str]:
        return await self.turn(intent=intent, entities=entities)

    async def sends_photo(self) -> list[str]:
        """A photo, stored as the gateway stores it before the turn."""
        message_id = clock.new_id()
        async with self.services.engine.begin() as connection:
            query = select(identities.c.id).where(identities.c.conversation == self.conversation)
            row = {
                "id": message_id,
                "channel": "wechat",
                "message_digest": message_id.bytes,
                "identity_id": (await connection.execute(query)).scalar_one(),
                "conversation": self.conversation,
                "message_sealed": b"",
                "next_attempt_at": clock.now(),
                "received_at": clock.now(),
            }
            await connection.execute(insert(inbox).values(row))
            photo = {"inbox_id": message_id, "channel": "wechat", "media_sealed": b""}
            photo["created_at"] = clock.now()
            await connection.execute(insert(attachments).values(photo))
        entities = {"media_kind": "image"}
        return await self.turn(str(message_id), intent="attach", entities=entities)

    async def _taps(self, payload: str) -> list[str]:
        intent = parse_payload(payload)
        return await self.turn(intent=intent.name, entities=intent.entities)

    async def turn(self, message_id: str = "", **said: Any) -> list[str]:
        """One turn over HTTP; fails unless it is answered. Returns the texts of the replies."""
        status, body = await self.post(self.new_message(message_id), **said)
        assert status == 200, body
        replies = body["replies"]
        self.offered = {b["title"]: b["payload"] for r in replies for b in r["buttons"]}
        self.heard = [reply["text"] for reply in replies]
        return self.heard

    def new_message(self, message_id: str = "") -> str:
        self.last = message_id or str(clock.new_id())
        return self.last

    async def post(self, message_id: str, **said: Any) -> tuple[int, dict[str, Any]]:
        body = {"conversation": self.conversation, "message_id": message_id, **said}
        body["metadata"] = {"channel": "test", "language": self.language}
        async with self.rasa.session.post(f"{self.rasa.url}/turn", json=body) as response:
            return response.status, await response.json()
