"""Reading a code and what stands in its place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.codes.spelling import LONGEST, letters
from actions.codes.target import CodeFacts, WeChatCode
from actions.store.tables import code_events

_CHAIN = 20  # replacements of replacements that are followed; there is no circle among them

_FACTS = """
    SELECT c.id, c.scene, c.unit_id, c.officer_id, c.label, c.printed, c.replaced_by,
           c.retired_at IS NOT NULL AS retired, coalesce(o.active, true) AS active,
           ARRAY(SELECT unit_id FROM posts WHERE officer_id = c.officer_id ORDER BY unit_id)
               AS posts,
           t.app_id, t.ticket, t.url
    FROM codes c
    LEFT JOIN officers o ON o.id = c.officer_id
    LEFT JOIN LATERAL (SELECT app_id, ticket, url FROM code_tickets
                       WHERE code_id = c.id ORDER BY made_at DESC LIMIT 1) t ON true
"""
# uq_codes_scene and ix_codes_letters serve the two halves of the condition.
_BY_SCENE = text(
    _FACTS + "WHERE c.scene = :scene OR c.letters = :letters ORDER BY c.scene <> :scene LIMIT 2"
)
_BY_ID = text(_FACTS + "WHERE c.id = :id")


async def read_code(connection: AsyncConnection, scene: str) -> CodeFacts | None:
    """The code that is written or typed so, or None; None too when two are typed alike."""
    if not 1 <= len(scene) <= 2 * LONGEST or "\x00" in scene:
        return None
    given = {"scene": scene, "letters": letters(scene)}
    rows = (await connection.execute(_BY_SCENE, given)).all()
    if not rows or (len(rows) > 1 and rows[0].scene != scene):
        return None
    return _facts(rows[0])


async def read_code_by_id(connection: AsyncConnection, code_id: int) -> CodeFacts:
    """The code with this id. Raises NoResultFound when there is none."""
    return _facts((await connection.execute(_BY_ID, {"id": code_id})).one())


async def ever_led_to(connection: AsyncConnection, code_id: int, unit_id: int) -> bool:
    """Whether the code leads to the unit or did once; ix_code_events_code_id serves it."""
    query = select(code_events.c.id).where(
        code_events.c.code_id == code_id, code_events.c.unit_id == unit_id
    )
    return (await connection.execute(query.limit(1))).one_or_none() is not None


async def last_of(connection: AsyncConnection, code: CodeFacts) -> CodeFacts:
    """The code that stands in this one's place today: itself unless it was replaced."""
    for _ in range(_CHAIN):
        if code.replaced_by is None:
            break
        code = await read_code_by_id(connection, code.replaced_by)
    return code


def _facts(row: Row[Any]) -> CodeFacts:
    return CodeFacts(
        row.id,
        row.scene,
        row.unit_id,
        row.officer_id,
        row.label,
        row.printed,
        row.replaced_by,
        row.retired,
        row.active,
        tuple(row.posts),
        WeChatCode(row.app_id, row.ticket, row.url) if row.ticket else None,
    )
