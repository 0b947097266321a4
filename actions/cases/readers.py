"""Whom to tell: the people behind an audience, found from the case's unit upwards."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, Uuid, and_, exists, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases.rows import CaseRow
from actions.people.roles import HANDLES_CASES, Role
from actions.people.trust import DESK
from actions.store.tables import (
    absences,
    case_followers,
    cases,
    identities,
    officers,
    posts,
    shifts,
    units,
)

FEED = "feed"  # the channel of what another system handed over: nobody is behind it


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone to tell: a chat. `officer_id` is None for a citizen and for a unit's group."""

    identity_id: uuid.UUID
    language: str
    officer_id: int | None = None
    group: bool = False
    on_duty: bool = False


async def of_unit(
    connection: AsyncConnection, row: CaseRow, *, excluding: Sequence[int] = ()
) -> list[Reader]:
    """The officers at the nearest unit that has any who can be told, from the case's upwards.

    A desk without officers leads to its station, a station to its county's sub-centre, a county to
    the city's centre. Where the unit has a duty roster for now, those on duty; a hole in it is
    everyone. Who is on leave is passed over.
    """
    found = await nearest(connection, row, HANDLES_CASES, excluding=excluding)
    on_duty = [reader for reader in found if reader.on_duty]
    return on_duty or found


async def groups(connection: AsyncConnection, row: CaseRow) -> list[Reader]:
    """The group chats of the nearest unit that has one, up to the station; never a level above."""
    query = (
        select(identities.c.id, identities.c.language, units.c.path)
        .join(units, units.c.id == identities.c.unit_id)
        .where(
            identities.c.kind == "group",
            identities.c.state == "active",
            literal(row.path).startswith(units.c.path),
        )
        .order_by(func.length(units.c.path).desc(), identities.c.id)
    )
    rows = (await connection.execute(query)).all()
    station = [r for r in rows if r.path.count("/") >= min(4, row.path.count("/"))]
    return [Reader(r.id, r.language, group=True) for r in station if r.path == station[0].path]


async def nearest(
    connection: AsyncConnection,
    row: CaseRow,
    roles: Collection[Role],
    *,
    excluding: Sequence[int] = (),
) -> list[Reader]:
    """Those with one of these roles at the nearest unit that has any of them to be told."""
    barred = [*excluding, *never_told(row)]
    query = (
        _chats(clock.now())
        .join(posts, posts.c.officer_id == officers.c.id)
        .join(units, units.c.id == posts.c.unit_id)
        .add_columns(units.c.path, posts.c.role)
        .where(
            literal(row.path).startswith(units.c.path),
            posts.c.role.in_(roles),
            officers.c.id.not_in(barred),
        )
        .order_by(func.length(units.c.path).desc(), identities.c.id)
    )
    rows = (await connection.execute(query)).all()
    usable = [r for r in rows if not _leads_subject(r.role, r.path, row)]
    near = [r for r in usable if r.path == usable[0].path]
    return list(
        {r.id: Reader(r.id, r.language, r.officer, on_duty=r.on_duty) for r in near}.values()
    )


async def holder(connection: AsyncConnection, row: CaseRow) -> list[Reader]:
    """The chats of the officer who holds the case; empty when they are on leave or have left."""
    if not row.holder_active or row.accepted_by in never_told(row):
        return []
    query = _chats(clock.now()).where(officers.c.id == row.accepted_by)
    found = (await connection.execute(query)).all()
    return [Reader(r.id, r.language, r.officer, on_duty=r.on_duty) for r in found]


async def citizens(connection: AsyncConnection, row: CaseRow) -> list[Reader]:
    """Who opened the case, and whoever follows it by its short code.

    Who has left the channel is no reader, but for the opener who left a number: when the channel
    does not reach them, a text message does: but not who had a case written down and wanted none.
    A case that a feed handed over has no citizen here unless we are to tell them: the other side
    does.
    """
    followers = select(case_followers.c.identity_id).where(case_followers.c.case_id == row.id)
    theirs = union_all(select(literal(row.identity_id, Uuid)), followers)  # or_ would read them all
    reached = identities.c.state == "active"
    if row.phone_sealed is not None:
        reached |= (identities.c.id == row.identity_id) & (identities.c.channel != DESK)
    query = select(identities.c.id, identities.c.language).where(
        identities.c.id.in_(theirs), reached, identities.c.channel != FEED
    )
    return [Reader(r.id, r.language) for r in (await connection.execute(query)).all()]


async def merged_into(connection: AsyncConnection, case_id: uuid.UUID) -> list[uuid.UUID]:
    """The cases that get this one's answer."""
    query = select(cases.c.id).where(cases.c.merged_into == case_id).order_by(cases.c.id)
    return list((await connection.execute(query)).scalars())


def never_told(row: CaseRow) -> list[int]:
    """The officer it is about, and one who opened it as a citizen."""
    return [officer for officer in (row.subject_id, row.opener_id) if officer is not None]


def _leads_subject(role: str, path: str, row: CaseRow) -> bool:
    return role == Role.UNIT_LEAD and any(subject.startswith(path) for subject in row.subject_paths)


def _chats(now: datetime) -> Select[tuple[uuid.UUID, str, int, bool]]:
    """Bound chats of officers who serve and are not on leave; whether they are on duty now."""
    away = exists().where(
        absences.c.officer_id == officers.c.id,
        absences.c.from_at <= now,
        absences.c.until_at > now,
    )
    on_duty = exists().where(
        and_(
            shifts.c.officer_id == officers.c.id,
            shifts.c.from_at <= now,
            shifts.c.until_at > now,
        )
    )
    return (
        select(
            identities.c.id,
            identities.c.language,
            officers.c.id.label("officer"),
            on_duty.label("on_duty"),
        )
        .join(officers, officers.c.id == identities.c.officer_id)
        .where(
            officers.c.active, identities.c.state == "active", identities.c.kind == "person", ~away
        )
    )
