"""Parts of text messages: what each cost and what became of it; together the delivery's fate.

A message has arrived when all its parts have; one that failed makes the whole fail.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.store.tables import deliveries, sms_parts
from bot.channels.base import Part

EARLY_FOR = timedelta(days=7)  # how long a receipt waits for the sending it belongs to


async def note_sent(
    connection: AsyncConnection, delivery: uuid.UUID, parts: Sequence[Part]
) -> None:
    """Notes parts that went out; where a receipt was faster, what it said holds."""
    for part in parts:
        await _retire(connection, part.platform_id)
        moment = clock.now()
        values = {
            "delivery_id": delivery,
            "parts": part.count,
            "fen": part.fen,
            "sent_at": moment,
        }
        statement = insert(sms_parts).values(
            platform_id=part.platform_id, state="sent", noted_at=moment, **values
        )
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["platform_id"], set_=values)
        )
    if parts:
        await _sum_up(connection, delivery)


async def note_receipt(
    connection: AsyncConnection, platform_id: str, *, delivered: bool, reason: str
) -> bool:
    """Notes what became of a part; a failure stays one. False: we know of no such part yet."""
    state = "delivered" if delivered else "failed"
    values = {"state": state, "reason": None if delivered else reason, "noted_at": clock.now()}
    stays = sms_parts.c.state == "failed"
    statement = (
        insert(sms_parts)
        .values(platform_id=platform_id, **values)
        .on_conflict_do_update(
            index_elements=["platform_id"],
            set_={
                name: case((stays, sms_parts.c[name]), else_=literal(value, sms_parts.c[name].type))
                for name, value in values.items()
            },
        )
        .returning(sms_parts.c.delivery_id)
    )
    delivery = (await connection.execute(statement)).scalar_one()
    if delivery is not None:
        await _sum_up(connection, delivery)
        return True
    early = sms_parts.c.delivery_id.is_(None) & (sms_parts.c.noted_at < clock.now() - EARLY_FOR)
    await connection.execute(delete(sms_parts).where(early))  # by ix_sms_parts_early
    return False


async def _retire(connection: AsyncConnection, platform_id: str) -> None:
    """Gateways give an id again after a while: the old part keeps its cost under another name."""
    old = (sms_parts.c.platform_id == platform_id) & sms_parts.c.delivery_id.is_not(None)
    renamed = func.concat(sms_parts.c.platform_id, "#", clock.new_id().hex)
    await connection.execute(update(sms_parts).where(old).values(platform_id=renamed))


async def _sum_up(connection: AsyncConnection, delivery: uuid.UUID) -> None:
    """What the parts say of the delivery as a whole; nothing while some are open."""
    query = select(
        func.bool_or(sms_parts.c.state == "failed").label("failed"),
        func.bool_and(sms_parts.c.state == "delivered").label("delivered"),
        func.max(sms_parts.c.reason).label("reason"),
    ).where(sms_parts.c.delivery_id == delivery)
    fate = (await connection.execute(query)).one()
    sent = (deliveries.c.id == delivery) & (deliveries.c.state == "sent")
    if fate.failed:
        values = {"state": "failed", "note": fate.reason}
        await connection.execute(update(deliveries).where(sent).values(values))
    elif fate.delivered:
        arrived = update(deliveries).where(sent, deliveries.c.delivered_at.is_(None))
        await connection.execute(arrived.values(delivered_at=clock.now()))
