"""Who has proved a number, for those who write to it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.contacts.proof import LASTS

# By the unique index on phone_digest.
_PROVERS = text("""
SELECT c.phone_digest, i.id, i.channel, i.language
FROM contacts AS c JOIN identities AS i ON i.id = c.identity_id
WHERE c.phone_digest = ANY(CAST(:digests AS bytea[])) AND c.proved_at > :since
  AND i.state = 'active'
""")


@dataclass(frozen=True, slots=True)
class Prover:
    """The identity in which somebody proved a number."""

    identity_id: uuid.UUID
    channel: str
    language: str


async def provers(
    connection: AsyncConnection, phone_digests: Sequence[bytes], now: datetime
) -> dict[bytes, Prover]:
    """Who proved these numbers in the year before `now` and is still there, by the digest."""
    if not phone_digests:
        return {}
    given = {"digests": list(phone_digests), "since": now - LASTS}
    return {
        bytes(row.phone_digest): Prover(row.id, row.channel, row.language)
        for row in (await connection.execute(_PROVERS, given)).all()
    }
