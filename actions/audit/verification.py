"""Whether the trail is whole: each link recomputed, each row that it tells of looked at again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.audit.link import FIRST, Head, Linked
from actions.audit.trail import words_of
from actions.privacy.vault import Vault

PAGE = 5000
APPEND_ONLY = ("case_events", "reveals", "code_events", "proposal_events")

# By the primary key of audit_chain, a page after the other.
_PAGE = text("""
SELECT c.seq, c.entry_id, c.link, c.words, c.linked_at,
       e.id, e.source, e.key, e.verb, e.content::text AS content, e.written_at,
       s.id IS NOT NULL AS there, s.detail_sealed
FROM (SELECT * FROM audit_chain WHERE seq > :after ORDER BY seq LIMIT :page) AS c
LEFT JOIN audit_entries AS e ON e.id = c.entry_id
LEFT JOIN case_events AS s ON s.id = CASE e.source WHEN 'case_events' THEN e.key::bigint END
ORDER BY c.seq
""")

_UNLINKED = text("""
SELECT e.id, w.entry_id IS NOT NULL AS waits FROM audit_entries AS e
LEFT JOIN audit_chain AS c ON c.entry_id = e.id LEFT JOIN audit_waiting AS w ON w.entry_id = e.id
WHERE c.entry_id IS NULL ORDER BY e.id
""")

_GONE_BEFORE = text("""
SELECT w.entry_id FROM audit_waiting AS w LEFT JOIN audit_entries AS e ON e.id = w.entry_id
WHERE e.id IS NULL ORDER BY w.entry_id
""")

# A column that a later version adds is no change: what was noted must still be in the row.
_CHANGED = """
SELECT e.id, e.key, s.id IS NULL AS gone FROM audit_entries AS e
LEFT JOIN {table} AS s ON s.id = e.key::bigint
WHERE e.source = '{table}' AND (s.id IS NULL OR NOT audit_plain(to_jsonb(s)) @> e.content)
ORDER BY e.id
"""

# What is older than the trail was never noted.
_UNNOTED = """
SELECT s.id FROM {table} AS s WHERE s.id >= (
  SELECT min(key::bigint) FROM audit_entries WHERE source = '{table}'
) AND NOT EXISTS (
  SELECT FROM audit_entries AS e WHERE e.source = '{table}' AND e.key = s.id::text
) ORDER BY s.id
"""


@dataclass(slots=True)
class Verdict:
    """`faults`: a sentence each, with the number of the link or row. `waiting` entries are not
    linked yet; of `forgotten` records the words have been deleted as the policy wants.
    """

    links: int = 0
    waiting: int = 0
    forgotten: int = 0
    head: Head = field(default_factory=lambda: Head(0, FIRST))
    faults: list[str] = field(default_factory=list)


async def verify(engine: AsyncEngine, vault: Vault, known: Iterable[Head] = ()) -> Verdict:
    """Looks at the whole trail at one moment; `known` heads must be links of it.

    Others go on writing meanwhile.
    """
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        verdict, wanted = Verdict(), {head.seq: head.link for head in known}
        async for row in _pages(connection):
            _look(verdict, vault, row)
            if wanted.pop(row.seq, row.link) != row.link:
                verdict.faults.append(f"link {row.seq} is not the one that was known")
        verdict.faults += [f"link {seq} was known and is gone" for seq in sorted(wanted) if seq]
        await _unlinked(connection, verdict)
        for table in APPEND_ONLY:
            await _rows(connection, verdict, table)
        return verdict


async def _pages(connection: AsyncConnection) -> AsyncIterator[Row[Any]]:
    after = 0
    while True:
        rows = (await connection.execute(_PAGE, {"after": after, "page": PAGE})).all()
        for row in rows:
            yield row
        if len(rows) < PAGE:
            return
        after = rows[-1].seq


def _look(verdict: Verdict, vault: Vault, row: Row[Any]) -> None:
    """One link after the one before. After a fault it goes on from the link as it stands, so that
    each fault is told by itself.
    """
    expected, before = verdict.head.seq + 1, verdict.head.link
    verdict.links, verdict.head = verdict.links + 1, Head(row.seq, bytes(row.link))
    if row.seq != expected:
        gap = f"link {expected}" + (f" to {row.seq - 1}" if row.seq - 1 > expected else "")
        verdict.faults.append(f"{gap} missing: what stands there was taken out")
        return
    if row.id is None:
        verdict.faults.append(f"link {row.seq}: its entry {row.entry_id} is missing")
        return
    if _linked(row).follow(vault.audit_key, before) != bytes(row.link):
        verdict.faults.append(
            f"link {row.seq}: entry {row.id} ({row.source} {row.key}, {row.verb}) was changed "
            "or moved"
        )
        return
    _look_at_words(verdict, vault, row)


def _linked(row: Row[Any]) -> Linked:
    return Linked(
        row.seq,
        row.entry_id,
        row.source,
        row.key,
        row.verb,
        row.content,
        row.written_at,
        row.linked_at,
        bytes(row.words or b""),
    )


def _look_at_words(verdict: Verdict, vault: Vault, row: Row[Any]) -> None:
    if row.words is None or not row.there:
        return
    if row.detail_sealed is None:
        verdict.forgotten += 1
        return
    try:
        same = words_of(vault, row.detail_sealed) == bytes(row.words)
    except InvalidToken:
        same = False
    if not same:
        verdict.faults.append(f"link {row.seq}: the words of case record {row.key} were exchanged")


async def _unlinked(connection: AsyncConnection, verdict: Verdict) -> None:
    for row in (await connection.execute(_UNLINKED)).all():
        if row.waits:
            verdict.waiting += 1
        else:
            verdict.faults.append(f"entry {row.id} has lost its link")
    for entry in (await connection.execute(_GONE_BEFORE)).scalars():
        verdict.faults.append(f"entry {entry} was deleted before it was linked")


async def _rows(connection: AsyncConnection, verdict: Verdict, table: str) -> None:
    for row in (await connection.execute(text(_CHANGED.format(table=table)))).all():
        became = "deleted" if row.gone else "changed"
        verdict.faults.append(f"{table} {row.key} was {became} (entry {row.id})")
    for key in (await connection.execute(text(_UNNOTED.format(table=table)))).scalars():
        verdict.faults.append(f"{table} {key} was added behind the trail's back")
