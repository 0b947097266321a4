"""Reading cases: one row with all that a decision or a view needs, and who may act on it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, exists, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases.numbers import read_number, read_short_code
from actions.cases.states import HELD, State, Verb
from actions.people.people import OfficerView
from actions.people.roles import HANDLES_CASES, REVIEWS
from actions.privacy.vault import Vault
from actions.store.tables import (
    attachments,
    callback_tasks,
    case_events,
    case_followers,
    case_links,
    cases,
    identities,
    officers,
    posts,
    units,
    visits,
)

_subject_units = units.alias("subject_units")
_post_units = units.alias("post_units")

type CaseRow = Any  # a Row of base_query


def base_query() -> Select[Any]:
    """Cases with what decisions about them need.

    path: of the case's unit; opener_id: the officer who opened it as a citizen; subject_paths: the
    units of the officer it is about; holder_active: whether its holder serves and has a post that
    handles cases there, null or false without one; callback_open,
    visit_open: whether such work waits; callers: of whom the open calls are asked; links_proposed:
    how many likenesses; urged: how often in the last day; attachments: how many. Number and short
    code use their unique indexes, the sub-queries those on case_id.
    """
    kept = select(func.count()).where(attachments.c.case_id == cases.c.id).scalar_subquery()
    subject = (
        select(func.array_agg(_subject_units.c.path))
        .join(posts, posts.c.unit_id == _subject_units.c.id)
        .where(posts.c.officer_id == cases.c.subject_id)
        .scalar_subquery()
    )
    waiting = (callback_tasks.c.case_id == cases.c.id, callback_tasks.c.state == "open")
    call = exists().where(*waiting)
    callers = select(func.array_agg(callback_tasks.c.role)).where(*waiting).scalar_subquery()
    visit = exists().where(
        visits.c.case_id == cases.c.id,
        visits.c.confirmed_at.is_(None),
        visits.c.code_digest.is_not(None),
    )
    likely = (
        select(func.count())
        .where(case_links.c.case_id == cases.c.id, case_links.c.state == "proposed")
        .scalar_subquery()
    )
    still_there = (
        exists()
        .where(
            posts.c.officer_id == officers.c.id,
            posts.c.role.in_(HANDLES_CASES),
            posts.c.unit_id == _post_units.c.id,
            units.c.path.startswith(_post_units.c.path),
        )
        .correlate(officers, units)
    )
    holder = select(officers.c.active & still_there).where(officers.c.id == cases.c.accepted_by)
    urged = (
        select(func.count())
        .where(
            case_events.c.case_id == cases.c.id,
            case_events.c.verb == Verb.URGE,
            case_events.c.at > clock.now() - timedelta(days=1),
        )
        .scalar_subquery()
    )
    return (
        select(
            cases,
            units.c.path,
            identities.c.officer_id.label("opener_id"),
            func.coalesce(subject, literal([], ARRAY(Text))).label("subject_paths"),
            call.label("callback_open"),
            func.coalesce(callers, literal([], ARRAY(Text))).label("callers"),
            visit.label("visit_open"),
            holder.scalar_subquery().label("holder_active"),
            likely.label("links_proposed"),
            urged.label("urged"),
            kept.label("attachments"),
        )
        .join(units, units.c.id == cases.c.unit_id)
        .join(identities, identities.c.id == cases.c.identity_id)
    )


async def by_number(
    connection: AsyncConnection, number: str, *, lock: bool = False
) -> CaseRow | None:
    """The case with this number, as typed; `lock` holds it until the transaction ends.

    The lock lets others add rows that refer to the case: alarms are noted without waiting.
    """
    spelled = read_number(number)
    if spelled is None:
        return None
    condition = cases.c.number == spelled
    if lock:
        await _lock(connection, condition)
    return (await connection.execute(base_query().where(condition))).one_or_none()


async def by_id(connection: AsyncConnection, case_id: uuid.UUID, *, lock: bool = False) -> CaseRow:
    condition = cases.c.id == case_id
    if lock:
        await _lock(connection, condition)
    return (await connection.execute(base_query().where(condition))).one()


async def _lock(connection: AsyncConnection, condition: ColumnElement[bool]) -> None:
    """Holds the case. A statement of its own: what is read next is all as it is after the wait."""
    query = select(cases.c.id).where(condition).with_for_update(key_share=True)
    await connection.execute(query)


async def by_short_code(connection: AsyncConnection, vault: Vault, code: str) -> CaseRow | None:
    spelled = read_short_code(code)
    if spelled is None:
        return None
    query = base_query().where(cases.c.short_code_digest == vault.digest(f"case:{spelled}"))
    return (await connection.execute(query)).one_or_none()


async def of_citizen(
    connection: AsyncConnection, identity_id: uuid.UUID, limit: int = 10
) -> list[CaseRow]:
    """The citizen's own and followed cases, the newest first."""
    own = select(cases.c.id).where(cases.c.identity_id == identity_id)
    followed = select(case_followers.c.case_id).where(case_followers.c.identity_id == identity_id)
    query = (
        base_query()
        .where(cases.c.id.in_(union_all(own, followed)))  # or_ would read them all
        .order_by(cases.c.created_at.desc())
        .limit(limit)
    )
    return list((await connection.execute(query)).all())


async def for_officer(
    connection: AsyncConnection, officer: OfficerView, limit: int = 20
) -> list[CaseRow]:
    """Open cases that may be this officer's to work on: their own first, then what is due first.

    Of others' cases only those that nobody holds, or whose holder has left, and for who reviews
    those under review. Whether they really may is `standing.actors`'s to say.
    """
    reach = [post.path for post in officer.posts if post.role in HANDLES_CASES | REVIEWS]
    if not reach:
        return []
    below = or_(*(units.c.path.startswith(path, autoescape=True) for path in reach))
    left = cases.c.accepted_by.in_(select(officers.c.id).where(~officers.c.active))
    free = or_(
        cases.c.accepted_by.is_(None) & cases.c.state.in_([State.DISPATCHED, *HELD]),
        left & cases.c.state.in_(HELD),
    )
    reviewing = cases.c.state.in_([State.REVIEWING])
    mine = cases.c.accepted_by == officer.id
    theirs = or_(mine, free, reviewing) if _reviews(officer) else or_(mine, free)
    query = (
        base_query()
        .where(
            below,
            cases.c.closed_at.is_(None),
            cases.c.state.not_in([State.MERGED, State.ANSWERED]),
            theirs,
        )
        .order_by(mine.desc(), cases.c.due_at.asc().nulls_last(), cases.c.created_at)
        .limit(limit)
    )
    return list((await connection.execute(query)).all())


def _reviews(officer: OfficerView) -> bool:
    return any(post.role in REVIEWS for post in officer.posts)
