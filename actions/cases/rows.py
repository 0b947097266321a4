"""Reading cases: one row with all that a decision or a view needs."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.case import CaseView, gist
from actions.cases.kinds import CaseKind, Reason
from actions.cases.numbers import read_number, read_short_code
from actions.cases.states import Actor, State, possible
from actions.people.people import OfficerView, Person
from actions.people.roles import HANDLES_CASES, covers
from actions.phones import mask
from actions.privacy.vault import Vault
from actions.store.tables import attachments, case_followers, cases, identities, units

type CaseRow = Any  # a Row of base_query: every column of cases, path, attachments


def base_query() -> Select[Any]:
    """Cases with their unit's path and, when an officer opened them, that officer's id.

    The number and short-code look-ups use their unique indexes.
    """
    kept = select(func.count()).where(attachments.c.case_id == cases.c.id).scalar_subquery()
    opener = identities.c.officer_id.label("opener_id")
    return (
        select(cases, units.c.path, kept.label("attachments"), opener)
        .join(units, units.c.id == cases.c.unit_id)
        .join(identities, identities.c.id == cases.c.identity_id)
    )


async def by_number(
    connection: AsyncConnection, number: str, *, lock: bool = False
) -> CaseRow | None:
    """The case with this number, as typed; `lock` holds it until the transaction ends."""
    spelled = read_number(number)
    if spelled is None:
        return None
    query = base_query().where(cases.c.number == spelled)
    if lock:
        query = query.with_for_update(of=cases)
    return (await connection.execute(query)).one_or_none()


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
    followed = select(case_followers.c.case_id).where(case_followers.c.identity_id == identity_id)
    query = (
        base_query()
        .where(or_(cases.c.identity_id == identity_id, cases.c.id.in_(followed)))
        .order_by(cases.c.created_at.desc())
        .limit(limit)
    )
    return list((await connection.execute(query)).all())


async def open_below(
    connection: AsyncConnection, officer: OfficerView, limit: int = 20
) -> list[CaseRow]:
    """Open cases that this officer may work on, the one due first in front."""
    query = (
        base_query()
        .where(
            units.c.path.startswith(officer.unit_path, autoescape=True),
            cases.c.closed_at.is_(None),
            cases.c.state.in_([State.DISPATCHED, State.ACCEPTED]),
            or_(cases.c.subject_id.is_(None), cases.c.subject_id != officer.id),
            or_(cases.c.accepted_by.is_(None), cases.c.accepted_by == officer.id),
        )
        .order_by(cases.c.answer_by)
        .limit(limit)
    )
    return list((await connection.execute(query)).all())


async def actors(connection: AsyncConnection, row: CaseRow, person: Person) -> set[Actor]:
    """In what capacities this person may act on the case; empty: it does not exist for them.

    Neither the officer it is about nor one who opened it (from whatever chat) is one of its
    officers, whatever their post.
    """
    if row.identity_id == person.identity_id:
        return {Actor.CITIZEN}
    officer = person.officer
    if (
        officer is not None
        and officer.role in HANDLES_CASES
        and covers(officer.unit_path, row.path)
        and officer.id not in (row.subject_id, row.opener_id)
    ):
        return {Actor.OFFICER}
    if may_follow(row, person) and await _follows(connection, row, person):
        return {Actor.CITIZEN}
    return set()


def may_follow(row: CaseRow, person: Person) -> bool:
    """Whether the short code opens the case for this person, to act on as its citizen.

    Not for the officer it is about, nor for those of its line: nobody rates their own work.
    """
    officer = person.officer
    if officer is None or officer.id == row.opener_id:
        return True
    return officer.id != row.subject_id and not covers(officer.unit_path, row.path)


async def _follows(connection: AsyncConnection, row: CaseRow, person: Person) -> bool:
    query = select(case_followers.c.case_id).where(
        case_followers.c.case_id == row.id, case_followers.c.identity_id == person.identity_id
    )
    return (await connection.execute(query)).one_or_none() is not None


def view(
    vault: Vault, row: CaseRow, who: set[Actor], person: Person, label: str, accepted_by: str
) -> CaseView:
    """The case as this person may see it."""
    matter = vault.open_json(row.matter_sealed)
    phone = vault.open(row.phone_sealed) if row.phone_sealed else ""
    mine = person.officer is not None and person.officer.id == row.accepted_by
    working = mine and State(row.state) is State.ACCEPTED
    verbs = possible(State(row.state), who)
    if person.officer is not None and row.accepted_by not in (None, person.officer.id):
        verbs = [verb for verb in verbs if verb != "answer"]
    return CaseView(
        number=row.number,
        kind=CaseKind(row.kind),
        state=State(row.state),
        unit_label=label,
        gist=gist(matter["what"]),
        what=matter["what"],
        when=matter["when"],
        where=matter["where"],
        who=matter["who"],
        reason=Reason(row.reason) if row.reason else None,
        phone=phone if working or not phone else mask(phone),
        anonymous=row.anonymous,
        attachments=row.attachments,
        answer=vault.open(row.answer_sealed) if row.answer_sealed else "",
        result_grade=row.result_grade,
        accepted_by=accepted_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        answer_by=row.answer_by,
        may=[str(verb) for verb in verbs],
    )
