"""Meeting many people of one channel at once, in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.privacy.vault import Vault

# By the unique index on (channel, sender_digest).
_KNOWN = text("""
SELECT id, sender_digest, language, state FROM identities
WHERE channel = :channel AND sender_digest = ANY(CAST(:digests AS bytea[]))
""")

_NEW = text("""
INSERT INTO identities (id, channel, sender_digest, sender_sealed, conversation, created_at)
SELECT id, :channel, digest, sealed, 'c' || replace(id::text, '-', ''), :now
FROM unnest(CAST(:ids AS uuid[]), CAST(:digests AS bytea[]), CAST(:sealed AS bytea[]))
  AS new (id, digest, sealed)
ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Met:
    """An identity, with the language it has chosen and whether it can be written to."""

    identity_id: uuid.UUID
    language: str
    state: str


async def meet_all(
    connection: AsyncConnection, vault: Vault, channel: str, senders: Collection[str]
) -> dict[str, Met]:
    """The identities behind a platform's ids, as `People.meet` gives each; new ones are made.

    May run in several transactions at once: new rows are written in the order of their digests, so
    that none waits for another in a circle.
    """
    digests = {vault.digest(f"{channel}:{sender}"): sender for sender in senders}
    found = await _known(connection, channel, list(digests))
    missing = sorted(digests.keys() - found.keys())
    if missing:
        given = {
            "channel": channel,
            "now": clock.now(),
            "ids": [clock.new_id() for _ in missing],
            "digests": missing,
            "sealed": [vault.seal(digests[digest]) for digest in missing],
        }
        await connection.execute(_NEW, given)
        found |= await _known(connection, channel, missing)
    return {digests[digest]: Met(row.id, row.language, row.state) for digest, row in found.items()}


async def _known(
    connection: AsyncConnection, channel: str, digests: Sequence[bytes]
) -> dict[bytes, Row[tuple[uuid.UUID, bytes, str, str]]]:
    given = {"channel": channel, "digests": digests}
    rows = (await connection.execute(_KNOWN, given)).all()
    return {bytes(row.sender_digest): row for row in rows}
