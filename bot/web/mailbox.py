"""The web chat's conversations in PostgreSQL, as browsers show them; everything said is sealed."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.bootstrap import Services
from actions.store.engine import single
from actions.store.tables import web_files, web_messages, web_visitors
from actions.turn import Turn
from bot.message import Choice, Outgoing
from bot.web.lines import Line, Said, Visit, VisitorGoneError

CHANNEL = "web"
RINGS = "huiyin_web"  # the name under which PostgreSQL passes on that there is something new
MOST_LINES = 100  # that a page shows

# Takes numbers under the visitor's row lock: whoever reads on from a number misses nothing that is
# committed later. By the primary key.
_TAKE = text("""
UPDATE web_visitors SET last_change = last_change + :count, active_at = :now
WHERE digest = :digest AND ended_at IS NULL RETURNING last_change
""")
_RING = text(f"SELECT pg_notify('{RINGS}', :digest)")


class PostgresMailbox:
    """A `bot.channels.web.behind.Mailbox`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._engine = services.engine
        self._single = single(services.engine)
        self._vault = services.vault

    async def look(self, sender: str) -> Visit | None:
        """See `Mailbox.look`."""
        async with self._single.connect() as connection:
            row = await self._visitor(connection, sender)
            if row is None:
                return None
            person = await self._services.people.meet(connection, CHANNEL, sender)
        return Visit(person.language, row.ended_at is not None)

    async def open(self, sender: str, language: str) -> Visit:
        """See `Mailbox.open`."""
        visit = await self.look(sender)
        if visit is not None:
            return visit
        now = clock.now()
        row = {"digest": self._digest(sender), "created_at": now, "active_at": now}
        async with self._engine.begin() as connection:
            await self._services.people.meet(connection, CHANNEL, sender)
            await connection.execute(insert(web_visitors).values(row).on_conflict_do_nothing())
        if language != "zh":
            await self.speak(sender, language)
        return Visit(language)

    async def speak(self, sender: str, language: str) -> None:
        """See `Mailbox.speak`."""
        async with self._engine.begin() as connection:
            person = await self._services.people.meet(connection, CHANNEL, sender)
        await self._services.people.set_language(Turn(person.conversation, ""), language)

    async def add(self, sender: str, said: Sequence[Said]) -> None:
        """See `Mailbox.add`."""
        digest = self._digest(sender)
        async with self._engine.begin() as connection:
            last = await self._take(connection, digest, len(said))
            for number, one in enumerate(said, last - len(said) + 1):
                await self._add(connection, digest, number, one)
            await connection.execute(_RING, {"digest": digest.hex()})

    async def _take(self, connection: AsyncConnection, digest: bytes, count: int) -> int:
        """Takes that many numbers and returns the last. Raises VisitorGoneError for nobody."""
        values = {"digest": digest, "count": count, "now": clock.now()}
        last = (await connection.execute(_TAKE, values)).scalar_one_or_none()
        if last is None:
            raise VisitorGoneError
        return int(last)

    async def _add(
        self, connection: AsyncConnection, digest: bytes, number: int, said: Said
    ) -> None:
        key = (web_messages.c.visitor == digest) & (web_messages.c.key == said.key)
        if (await connection.execute(select(web_messages.c.number).where(key))).first():
            return
        file_id = uuid.UUID(said.file) if said.file else None
        if said.image is not None:
            sealed = self._vault.seal_bytes(said.image)
            file_id = await self._file(connection, digest, clock.new_id(), "image/png", sealed)
        await connection.execute(
            insert(web_messages).values(
                visitor=digest,
                number=number,
                change=number,
                key=said.key,
                mine=said.mine,
                content_sealed=self._vault.seal_json(
                    _content("image" if said.image else said.kind, said.text, said.choices)
                ),
                file_id=file_id,
                sent_at=clock.now(),
            )
        )

    async def since(self, sender: str, change: int) -> list[Line] | None:
        """See `Mailbox.since`."""
        digest = self._digest(sender)
        query = (  # by ix_web_messages_change, from its end
            select(web_messages)
            .where(web_messages.c.visitor == digest, web_messages.c.change > change)
            .order_by(web_messages.c.change.desc())
            .limit(MOST_LINES)
        )
        async with self._single.connect() as connection:
            visitor = await self._visitor(connection, sender)
            if visitor is None or visitor.ended_at is not None:
                return None
            if visitor.last_change <= change:
                return []
            rows = (await connection.execute(query)).all()
        return [self._line(row) for row in reversed(rows)]

    async def label(self, sender: str, token: str) -> str:
        """See `Mailbox.label`."""
        for line in reversed(await self.since(sender, 0) or []):
            for choice in line.choices:
                if choice.token == token:
                    return choice.label
        return ""

    async def revise(self, sender: str, key: str, message: Outgoing) -> None:
        """See `Mailbox.revise`."""
        digest = self._digest(sender)
        content = _content("text", message.text, message.choices)
        async with self._engine.begin() as connection:
            statement = (
                update(web_messages)
                .where(web_messages.c.visitor == digest, web_messages.c.key == key)
                .values(
                    change=await self._take(connection, digest, 1),
                    content_sealed=self._vault.seal_json(content),
                )
                .returning(web_messages.c.number)
            )
            if (await connection.execute(statement)).first() is None:
                raise LookupError("there is no such line")
            await connection.execute(_RING, {"digest": digest.hex()})

    async def keep(self, sender: str, key: str, content_type: str, content: bytes) -> str:
        """See `Mailbox.keep`."""
        digest = self._digest(sender)
        # The same key of the same visitor is the same file, however often it is sent.
        file_id = uuid.UUID(bytes=self._vault.digest(f"web-file:{sender}:{key}")[:16])
        sealed = await asyncio.to_thread(self._vault.seal_bytes, content)  # up to 20 MB
        async with self._engine.begin() as connection:
            await self._file(connection, digest, file_id, content_type, sealed)
        return str(file_id)

    async def _file(
        self,
        connection: AsyncConnection,
        digest: bytes,
        file_id: uuid.UUID,
        content_type: str,
        sealed: bytes,
    ) -> uuid.UUID:
        statement = insert(web_files).values(
            id=file_id,
            visitor=digest,
            content_type=content_type,
            content_sealed=sealed,
            created_at=clock.now(),
        )
        await connection.execute(statement.on_conflict_do_nothing())
        return file_id

    async def file(self, reference: str) -> tuple[str, bytes] | None:
        """See `Mailbox.file`."""
        query = select(web_files).where(web_files.c.id == uuid.UUID(reference))
        async with self._single.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        return row.content_type, await asyncio.to_thread(self._vault.open_bytes, row.content_sealed)

    async def shown(self, sender: str, number: int) -> tuple[str, bytes] | None:
        """See `Mailbox.shown`."""
        query = select(web_messages.c.file_id).where(
            web_messages.c.visitor == self._digest(sender), web_messages.c.number == number
        )
        async with self._single.connect() as connection:
            file_id = (await connection.execute(query)).scalar_one_or_none()
        return await self.file(str(file_id)) if file_id else None

    async def end(self, sender: str) -> None:
        """See `Mailbox.end`. Files stay for a day: a case may still be fetching them."""
        digest = self._digest(sender)
        ended = update(web_visitors).where(web_visitors.c.digest == digest)
        async with self._engine.begin() as connection:
            await connection.execute(ended.values(ended_at=clock.now()))
            await connection.execute(delete(web_messages).where(web_messages.c.visitor == digest))
            await connection.execute(_RING, {"digest": digest.hex()})

    async def _visitor(self, connection: AsyncConnection, sender: str) -> Row[Any] | None:
        query = select(web_visitors).where(web_visitors.c.digest == self._digest(sender))
        return (await connection.execute(query)).one_or_none()

    def _line(self, row: Row[Any]) -> Line:
        content = self._vault.open_json(row.content_sealed)
        return Line(
            row.number,
            row.change,
            row.key,
            row.mine,
            content["kind"],
            content["text"],
            row.sent_at,
            tuple(Choice(*pair) for pair in content["choices"]),
            row.file_id is not None,
        )

    def _digest(self, sender: str) -> bytes:
        """As in identities.sender_digest."""
        return self._vault.digest(f"{CHANNEL}:{sender}")


def _content(kind: str, words: str, choices: Sequence[Choice]) -> dict[str, Any]:
    return {"kind": kind, "text": words, "choices": [[c.label, c.token] for c in choices]}
