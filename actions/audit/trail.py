"""Writing the trail: an entry in the caller's transaction; the chain over entries, batch by batch.

Entries are linked by one process at a time, behind their writers: whoever writes waits for nobody.
What is not linked yet, a minute's entries at most while a worker runs, is guarded by the triggers
alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Row, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.audit.link import FIRST, Head, Linked
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import audit_chain, audit_entries

BATCH = 2000
UNREADABLE = bytes(32)
_LOCK = 0x61756469  # advisory: one process links at a time

# By the primary keys. An entry that is gone is left waiting: verification tells of it.
_TAKE = text("""
DELETE FROM audit_waiting WHERE entry_id IN (
  SELECT w.entry_id FROM audit_waiting AS w JOIN audit_entries AS e ON e.id = w.entry_id
  ORDER BY w.entry_id LIMIT :batch
) RETURNING entry_id
""")

# The words that a case's record sealed stand in the record itself.
_READ = text("""
SELECT e.id, e.source, e.key, e.verb, e.content::text AS content, e.written_at, s.detail_sealed
FROM audit_entries AS e
LEFT JOIN case_events AS s ON s.id = CASE e.source WHEN 'case_events' THEN e.key::bigint END
WHERE e.id = ANY(:ids) ORDER BY e.id
""")


async def note(
    connection: AsyncConnection, source: str, verb: str, key: str = "", **content: Any
) -> None:
    """Adds an entry for what no row of a table tells: source is command, round or chat.

    `content` is plain data without anything by which a person is known but ids and badges.
    """
    await connection.execute(
        insert(audit_entries).values(source=source, key=key, verb=verb, content=content)
    )


class Trail:
    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    async def note(self, source: str, verb: str, key: str = "", **content: Any) -> None:
        """As `note`, in a transaction of its own."""
        async with self._engine.begin() as connection:
            await note(connection, source, verb, key, **content)

    async def link(self) -> int:
        """Links what waits; how many entries. Two processes at once: the second does nothing."""
        linked = 0
        while True:
            async with self._engine.begin() as connection:
                batch = await self._batch(connection)
            linked += batch
            if batch < BATCH:
                return linked

    async def head(self) -> Head:
        """The last link; before the first one number 0."""
        async with reading(self._engine) as connection:
            return await head(connection)

    async def _batch(self, connection: AsyncConnection) -> int:
        alone = await connection.execute(select(text(f"pg_try_advisory_xact_lock({_LOCK})")))
        if not alone.scalar_one():
            return 0
        ids = list((await connection.execute(_TAKE, {"batch": BATCH})).scalars())
        if not ids:
            return 0
        last = await head(connection)
        rows = (await connection.execute(_READ, {"ids": ids})).all()
        await connection.execute(insert(audit_chain), self._links(last, rows))
        return len(rows)

    def _links(self, last: Head, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
        key, before, now = self._vault.audit_key, last.link, clock.now()
        links = []
        for seq, row in enumerate(rows, last.seq + 1):
            try:
                words = words_of(self._vault, row.detail_sealed)
            except InvalidToken:  # verification tells of it
                words = UNREADABLE
            linked = Linked(
                seq,
                row.id,
                row.source,
                row.key,
                row.verb,
                row.content,
                row.written_at,
                now,
                words or b"",
            )
            before = linked.follow(key, before)
            links.append(
                {
                    "seq": seq,
                    "entry_id": row.id,
                    "link": before,
                    "words": words,
                    "linked_at": now,
                }
            )
        return links


async def head(connection: AsyncConnection) -> Head:
    query = select(audit_chain.c.seq, audit_chain.c.link)
    row = (await connection.execute(query.order_by(audit_chain.c.seq.desc()).limit(1))).first()
    return Head(row.seq, bytes(row.link)) if row else Head(0, FIRST)


def words_of(vault: Vault, sealed: bytes | None) -> bytes | None:
    """The hash of sealed words, the same after another key has sealed them; None for none."""
    return None if sealed is None else vault.digest(f"audit:{vault.open(sealed)}")
