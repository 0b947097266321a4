"""One-time codes as they are found and spent; who may have one is decided in actions/invitations."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.codes.spelling import LONGEST, letters
from actions.codes.target import CodeTarget

# An officer who left, or who holds no post any more, vouches for nothing: their codes are over.
_FACTS = """
    SELECT t.id, t.scene, t.officer_id, t.unit_id, t.label, t.identity_id, t.event_id,
           t.counts_until, t.used_at, t.used_by, o.active
               AND EXISTS (SELECT FROM posts WHERE officer_id = o.id) AS serving
    FROM one_time_codes t JOIN officers o ON o.id = t.officer_id
"""
_BY_LETTERS = text(_FACTS + "WHERE t.letters = :letters")  # by uq_one_time_codes_letters
_BY_ID = text(_FACTS + "WHERE t.id = :id")

# Of two who tap at the same instant the second waits here for the first and then finds it used.
_SPEND = text("""
    UPDATE one_time_codes SET used_at = :now, used_by = :message
    WHERE id = :id AND used_at IS NULL RETURNING id
""")


@dataclass(frozen=True, slots=True)
class OneTime:
    """A one-time code. `serving`: its officer still serves. Moments are aware, UTC."""

    id: uuid.UUID
    scene: str
    officer_id: int
    unit_id: int
    label: str
    identity_id: uuid.UUID  # of the chat that asked for it
    event_id: uuid.UUID | None
    counts_until: datetime
    used_at: datetime | None
    used_by: uuid.UUID | None
    serving: bool

    def state(self, now: datetime) -> Literal["live", "used", "expired"]:
        if self.used_at is not None:
            return "used"
        return "live" if self.serving and now < self.counts_until else "expired"

    def target(self, now: datetime) -> CodeTarget:
        """What it stands for, as any code does: the officer, where they served when they asked."""
        return CodeTarget(
            code_id=None,
            kind="officer",
            unit_id=self.unit_id,
            officer_id=self.officer_id,
            label=self.label,
            scene=self.scene,
            state=self.state(now),
            one_time=str(self.id),
        )


async def read_one_time(connection: AsyncConnection, scene: str) -> OneTime | None:
    """The one-time code that is written or typed so, or None."""
    if not 1 <= len(scene) <= 2 * LONGEST or "\x00" in scene:
        return None
    row = (await connection.execute(_BY_LETTERS, {"letters": letters(scene)})).one_or_none()
    return _facts(row) if row is not None else None


async def read_one_time_by_id(connection: AsyncConnection, code: uuid.UUID) -> OneTime:
    """Raises NoResultFound when there is none."""
    return _facts((await connection.execute(_BY_ID, {"id": code})).one())


async def spend(
    connection: AsyncConnection, code: uuid.UUID, message: uuid.UUID, now: datetime
) -> bool:
    """Marks it used by this message, in the caller's transaction; False: somebody was faster."""
    values = {"id": code, "message": message, "now": now}
    return (await connection.execute(_SPEND, values)).one_or_none() is not None


def _facts(row: Row[Any]) -> OneTime:
    return OneTime(**row._mapping)
