"""Bulletins as they are kept: sealed, with a number, and to whom each went."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, func, insert, or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.bulletins.content import Bulletin, NotSent
from actions.bulletins.kinds import BulletinKind
from actions.people.people import OfficerView
from actions.people.roles import SEES_FIGURES, Role
from actions.people.trust import UNPROVEN
from actions.privacy.vault import Vault
from actions.store.tables import (
    bulletin_copies,
    bulletins,
    deliveries,
    identities,
    officers,
    posts,
    units,
)

_PLAIN: TypeAdapter[Bulletin] = TypeAdapter(Bulletin)
_NEXT = text("SELECT nextval(pg_get_serial_sequence('bulletins', 'seq'))")
MOST_LISTED = 40


@dataclass(frozen=True, slots=True)
class Head:
    """A bulletin in a list."""

    number: str
    kind: BulletinKind
    unit_id: int
    first_day: date
    end_day: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat, or an officer without one, to whom a bulletin goes; about the post at this unit."""

    officer_id: int
    identity_id: uuid.UUID | None
    language: str
    unit_id: int


async def next_number(connection: AsyncConnection) -> tuple[int, str]:
    """The next sequence number and the bulletin number made of it: B26-0007."""
    seq = int((await connection.execute(_NEXT)).scalar_one())
    return seq, f"B{clock.beijing(clock.now()).year % 100:02d}-{seq:04d}"


async def keep(
    connection: AsyncConnection,
    vault: Vault,
    bulletin: Bulletin,
    seq: int,
    *,
    kind: BulletinKind,
    asked_by: int | None = None,
    inbox_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Keeps the bulletin as one of that kind; returns its id."""
    new = clock.new_id()
    await connection.execute(
        insert(bulletins).values(
            id=new,
            seq=seq,
            number=bulletin.number,
            kind=kind,
            unit_id=bulletin.unit_id,
            first_day=bulletin.span.first,
            end_day=bulletin.span.end,
            content_sealed=vault.seal_bytes(_PLAIN.dump_json(bulletin)),
            asked_by=asked_by,
            inbox_id=inbox_id,
            made_at=bulletin.as_of,
        )
    )
    return new


def opened(vault: Vault, sealed: bytes) -> Bulletin:
    return _PLAIN.validate_json(vault.open_bytes(sealed))


async def asked_before(
    connection: AsyncConnection, vault: Vault, inbox_id: uuid.UUID
) -> Bulletin | None:
    """What this message was answered with, if it came before."""
    query = select(bulletins.c.content_sealed).where(bulletins.c.inbox_id == inbox_id)
    sealed = (await connection.execute(query)).scalar_one_or_none()
    return opened(vault, sealed) if sealed else None


async def by_number(
    connection: AsyncConnection, vault: Vault, number: str, officer: OfficerView | None = None
) -> Bulletin | None:
    """The bulletin of that number; with an officer, only if they may read it."""
    query = select(bulletins.c.content_sealed).where(bulletins.c.number == number)
    if officer is not None:
        query = query.join(units, units.c.id == bulletins.c.unit_id).where(_readable(officer))
    sealed = (await connection.execute(query)).scalar_one_or_none()
    return opened(vault, sealed) if sealed else None


async def latest_for(connection: AsyncConnection, officer: OfficerView) -> list[Head]:
    """The latest that the officer may read: the newest day first, of a day the largest unit."""
    day = func.date_trunc("day", func.timezone("Asia/Shanghai", bulletins.c.made_at))
    query = (
        select(
            bulletins.c.number,
            bulletins.c.kind,
            bulletins.c.unit_id,
            bulletins.c.first_day,
            bulletins.c.end_day,
            bulletins.c.made_at,
        )
        .join(units, units.c.id == bulletins.c.unit_id)
        .where(_readable(officer))
        .order_by(day.desc(), func.length(units.c.path), bulletins.c.seq.desc())
        .limit(MOST_LISTED)
    )
    rows = (await connection.execute(query)).all()
    return [Head(r.number, BulletinKind(r.kind), *r[2:]) for r in rows]


def _readable(officer: OfficerView) -> ColumnElement[bool]:
    """Those of the own subtree that were sent out or that one asked for, and one's own copies."""
    paths = [post.path for post in officer.posts if post.role in SEES_FIGURES]
    if not paths:
        return units.c.id.is_(None)  # nothing
    within = or_(*(units.c.path.startswith(path, autoescape=True) for path in paths))
    ours = or_(bulletins.c.kind != BulletinKind.ASKED, bulletins.c.asked_by == officer.id)
    copied = (
        select(bulletin_copies.c.key)
        .where(
            bulletin_copies.c.bulletin_id == bulletins.c.id,
            bulletin_copies.c.officer_id == officer.id,
        )
        .exists()
    )
    return or_(and_(within, ours), copied)


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


_STATE = func.coalesce(deliveries.c.state, "no_chat")


async def copies(connection: AsyncConnection, since: datetime) -> list[Copy]:
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
