"""Writing codes: each change leaves an event that says who and when. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.codes.spelling import letters
from actions.store.tables import code_events, codes

BY_HAND = ("moved", "retired", "replaced")  # what a file that is loaded later does not undo


async def add(
    connection: AsyncConnection,
    scene: str,
    unit_id: int,
    officer_id: int | None,
    label: str,
    *,
    verb: str,
    by: str,
) -> int:
    """A new code; its id. The caller has seen to it that nothing is spelled like it."""
    statement = insert(codes).values(
        scene=scene,
        letters=letters(scene),
        unit_id=unit_id,
        officer_id=officer_id,
        label=label,
    )
    result = await connection.execute(statement.returning(codes.c.id))
    code_id = int(result.scalar_one())
    await record(connection, [code_id], verb, by)
    return code_id


async def repoint(
    connection: AsyncConnection,
    code_id: int,
    unit_id: int,
    officer_id: int | None,
    label: str,
    *,
    verb: str,
    by: str,
) -> None:
    """Lets a code lead elsewhere. What its stickers say is kept until they are printed anew."""
    query = select(codes).where(codes.c.id == code_id).with_for_update()
    old = (await connection.execute(query)).one()
    printed = old.printed
    if (old.unit_id, old.officer_id) != (unit_id, officer_id):
        printed = old.printed or old.label
    await connection.execute(
        update(codes)
        .where(codes.c.id == code_id)
        .values(
            unit_id=unit_id,
            officer_id=officer_id,
            label=label,
            printed=None if printed == label else printed,
        )
    )
    await record(connection, [code_id], verb, by)


async def record(
    connection: AsyncConnection, code_ids: Collection[int], verb: str, by: str
) -> None:
    """Writes down what was just done to these codes, with where they lead now."""
    now = select(
        codes.c.id,
        literal(verb),
        codes.c.unit_id,
        codes.c.label,
        codes.c.replaced_by,
        literal(by),
        literal(clock.now()),
    ).where(codes.c.id.in_(code_ids))
    names = ["code_id", "verb", "unit_id", "label", "replaced_by", "by", "at"]
    await connection.execute(insert(code_events).from_select(names, now.order_by(codes.c.id)))


async def changed_by_hand(connection: AsyncConnection) -> set[int]:
    """The ids of codes that somebody moved, retired or replaced with a command."""
    query = select(code_events.c.code_id).where(code_events.c.verb.in_(BY_HAND)).distinct()
    return set((await connection.execute(query)).scalars())
