"""Lists of codes, as sheets and files show them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.codes.target import DOT
from actions.store.tables import codes, officers, units


@dataclass(frozen=True, slots=True)
class Listed:
    """One code of a list."""

    code_id: int
    scene: str
    kind: str  # of wishes.KINDS: the unit's kind, or badge
    unit: str  # the unit's code
    badge: str  # the officer's number, "" for a place
    label: str
    live: bool  # in use, and whoever wears it still serves
    newer: str  # the scene of the code that replaced it, or ""

    @property
    def place(self) -> str:
        """The unit that is named large: 桥西分局明德里派出所."""
        return self.label.rpartition(DOT)[0] or self.label

    @property
    def part(self) -> str:
        """What of it: 户籍 2 号窗口, 李警官, or "" for the unit itself."""
        return self.label.rpartition(DOT)[2] if DOT in self.label else ""


async def listed(connection: AsyncConnection, below: str) -> list[Listed]:
    """All codes of units whose path begins with `below`, in the order of the tree."""
    newer = codes.alias()
    query = (
        select(
            codes.c.id,
            codes.c.scene,
            codes.c.label,
            codes.c.retired_at,
            units.c.kind,
            units.c.code,
            officers.c.badge,
            officers.c.active,
            newer.c.scene.label("newer"),
        )
        .join(units, units.c.id == codes.c.unit_id)
        .join(officers, officers.c.id == codes.c.officer_id, isouter=True)
        .join(newer, newer.c.id == codes.c.replaced_by, isouter=True)
        .where(units.c.path.like(f"{below}%"))
        .order_by(units.c.path, codes.c.id)
    )
    return [
        Listed(
            row.id,
            row.scene,
            "badge" if row.badge else row.kind,
            row.code,
            row.badge or "",
            row.label,
            row.retired_at is None and row.active is not False,
            row.newer or "",
        )
        for row in (await connection.execute(query)).all()
    ]
