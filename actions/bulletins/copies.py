"""To whom bulletins go, and what became of each copy."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.bulletins.content import NotSent
from actions.bulletins.kinds import BulletinKind
from actions.people.roles import Role
from actions.people.trust import UNPROVEN
from actions.store.tables import (
    bulletin_copies,
    bulletins,
    deliveries,
    identities,
    officers,
    posts,
    units,
)

_STATE = func.coalesce(deliveries.c.state, "no_chat")


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat, or an officer without one, to whom a bulletin goes; about the post at this unit."""

    officer_id: int
    identity_id: uuid.UUID | None
    language: str
    unit_id: int


async def readers(connection: AsyncConnection, roles: Collection[Role]) -> list[Reader]:
    """Every serving officer with such a post, in each of their chats; of several such posts the
    highest counts. One without a chat comes once, without an identity.
    """
    highest = (
        select(posts.c.officer_id, posts.c.unit_id)
        .join(officers, officers.c.id == posts.c.officer_id)
        .join(units, units.c.id == posts.c.unit_id)
        .where(posts.c.role.in_(roles), officers.c.active)
        .ext(distinct_on(posts.c.officer_id))
        .order_by(posts.c.officer_id, func.length(units.c.path), units.c.path)
        .subquery()
    )
    chat = and_(
        identities.c.officer_id == highest.c.officer_id,
        identities.c.kind == "person",
        identities.c.channel.not_in(UNPROVEN),
    )
    query = (
        select(
            highest.c.officer_id,
            identities.c.id,
            func.coalesce(identities.c.language, "zh"),
            highest.c.unit_id,
        )
        .outerjoin(identities, chat)
        .order_by(highest.c.unit_id, highest.c.officer_id, identities.c.id)
    )
    return [Reader(*row) for row in (await connection.execute(query)).all()]


@dataclass(frozen=True, slots=True)
class Copy:
    """What became of one copy. `state`: no_chat, queued, sent or failed."""

    number: str
    kind: BulletinKind
    unit_id: int
    first_day: date
    badge: str
    channel: str
    state: str
    note: str
    made_at: datetime


async def listed(connection: AsyncConnection, since: datetime) -> list[Copy]:
    """The copies made since then, the newest bulletin first."""
    query = (
        select(
            bulletins.c.number,
            bulletins.c.kind,
            bulletins.c.unit_id,
            bulletins.c.first_day,
            officers.c.badge,
            func.coalesce(identities.c.channel, ""),
            _STATE,
            func.coalesce(deliveries.c.note, ""),
            bulletin_copies.c.made_at,
        )
        .select_from(bulletin_copies)
        .join(bulletins, bulletins.c.id == bulletin_copies.c.bulletin_id)
        .join(officers, officers.c.id == bulletin_copies.c.officer_id)
        .outerjoin(identities, identities.c.id == bulletin_copies.c.identity_id)
        .outerjoin(deliveries, deliveries.c.key == bulletin_copies.c.key)
        .where(bulletin_copies.c.made_at >= since)
        .order_by(bulletins.c.seq.desc(), officers.c.badge)
    )
    rows = (await connection.execute(query)).all()
    return [Copy(r[0], BulletinKind(r[1]), *r[2:]) for r in rows]


async def not_sent(connection: AsyncConnection, unit_path: str, since: datetime) -> NotSent:
    """Of the bulletins about this unit and all below it: copies that failed, and how many officers
    there was no chat for.
    """
    nobody = bulletin_copies.c.identity_id.is_(None)
    query = (
        select(
            func.count().filter(deliveries.c.state == "failed"),
            func.count(bulletin_copies.c.officer_id.distinct()).filter(nobody),
        )
        .select_from(bulletin_copies)
        .join(bulletins, bulletins.c.id == bulletin_copies.c.bulletin_id)
        .join(units, units.c.id == bulletins.c.unit_id)
        .outerjoin(deliveries, deliveries.c.key == bulletin_copies.c.key)
        .where(
            units.c.path.startswith(unit_path, autoescape=True),
            bulletin_copies.c.made_at >= since,
        )
    )
    return NotSent(*(await connection.execute(query)).one())


async def note_copy(
    connection: AsyncConnection, key: str, bulletin_id: uuid.UUID, reader: Reader
) -> bool:
    """Notes that the reader gets this bulletin; False when it was noted before."""
    statement = (
        upsert(bulletin_copies)
        .values(
            key=key,
            bulletin_id=bulletin_id,
            officer_id=reader.officer_id,
            identity_id=reader.identity_id,
            made_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(bulletin_copies.c.key)
    )
    return (await connection.execute(statement)).scalar_one_or_none() is not None
