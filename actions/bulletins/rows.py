"""Bulletins as they are kept: sealed, with a number, and who may read them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, and_, func, insert, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.bulletins.content import Bulletin
from actions.bulletins.kinds import BulletinKind
from actions.people.people import OfficerView
from actions.people.roles import SEES_FIGURES
from actions.privacy.vault import Vault
from actions.store.tables import (
    bulletin_copies,
    bulletins,
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
