"""In what capacity someone stands to a case, and what holds of it under the policy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.callbacks.tasks import asked_of
from actions.cases.facts import CONTENT, Facts
from actions.cases.kinds import CaseKind
from actions.cases.routing import STATION, depth
from actions.cases.rows import CaseRow
from actions.cases.states import Actor, State
from actions.deadlines.due import due
from actions.deadlines.workdays import Calendar
from actions.people.people import OfficerView, Person
from actions.people.roles import AT_OR_ABOVE, HANDLES_CASES, LEVELS, REVIEWS, Role, covers
from actions.policy.model import Policy
from actions.store.tables import case_followers, cases, posts, units


async def actors(
    connection: AsyncConnection, row: CaseRow, person: Person, policy: Policy
) -> set[Actor]:
    """In what capacities this person may act on the case; empty: it does not exist for them."""
    if row.identity_id == person.identity_id:
        return {Actor.CITIZEN}
    officer = person.officer
    if officer is not None and not barred(row, officer):
        found = _as_officer(row, officer, policy)
        if found:
            return found
    if may_follow(row, person) and await _follows(connection, row, person):
        return {Actor.CITIZEN}
    return set()


def _as_officer(row: CaseRow, officer: OfficerView, policy: Policy) -> set[Actor]:
    found: set[Actor] = set()
    if officer.holds(HANDLES_CASES, row.path):
        found.add(Actor.OFFICER)
    if officer.id == row.accepted_by and Actor.OFFICER in found:
        found.add(Actor.HOLDER)
    if officer.holds({Role.UNIT_LEAD}, row.path) and officer.id != row.accepted_by:
        found.add(Actor.LEAD)
    worked = officer.id in (row.accepted_by, row.answered_by)
    if officer.holds(REVIEWS, row.path) and not worked:
        found.add(Actor.REVIEWER)
        if officer.holds(AT_OR_ABOVE[LEVELS[examined_by(policy)]], row.path):
            found.add(Actor.EXAMINER)
        if officer.holds(AT_OR_ABOVE[LEVELS[revisited_by(policy)]], row.path):
            found.add(Actor.REVISITOR)
    if not worked and officer.holds(AT_OR_ABOVE[LEVELS[policy.extension.by]], row.path):
        found.add(Actor.APPROVER)
    wanted = {*row.callers, *([policy.callback.by] if policy.callback else [])}
    if wanted & asked_of(officer, row.path):
        found.add(Actor.CALLER)
    return found


def examined_by(policy: Policy) -> str:
    """The level that decides on a result: whom the policy's review names, else its re-visit."""
    if policy.review is not None:
        return policy.review.by
    return policy.revisit.by if policy.revisit is not None else "sub_centre"


def revisited_by(policy: Policy) -> str:
    """The level that asks the citizen again; where the policy wants no such call, anyone above."""
    return policy.revisit.by if policy.revisit is not None else "sub_centre"


def barred(row: CaseRow, officer: OfficerView) -> bool:
    """Whom the case is about, their direct leader, and who opened it as a citizen."""
    if officer.id in (row.subject_id, row.opener_id):
        return True
    return any(
        post.role is Role.UNIT_LEAD and _leads(post.path, path)
        for post in officer.posts
        for path in row.subject_paths
    )


def not_barred(officer: OfficerView) -> ColumnElement[bool]:
    """The same for a query on cases: those that are neither about this officer nor about somebody
    whom they lead directly. Who opened a case as a citizen is not looked at here.
    """
    led = [
        units.c.path.startswith(post.path, autoescape=True)
        if depth(post.path) >= STATION
        else units.c.path == post.path
        for post in officer.posts
        if post.role is Role.UNIT_LEAD
    ]
    subjects = select(posts.c.officer_id).join(units, units.c.id == posts.c.unit_id)
    barred_from = (
        [officer.id] if not led else subjects.where(or_(*led)).union(select(literal(officer.id)))
    )
    return or_(cases.c.subject_id.is_(None), cases.c.subject_id.not_in(barred_from))


def reads(row: CaseRow, officer: OfficerView | None) -> bool:
    """Whether who sees the figures of its unit may also look at the case, without any part in it."""
    if officer is None or barred(row, officer):
        return False
    return officer.holds({Role.SUPERVISOR}, row.path)


def _leads(lead: str, subject: str) -> bool:
    """Whether a lead at `lead` is the direct leader of someone at `subject`: station or below."""
    return covers(lead, subject) and (lead == subject or depth(lead) >= STATION)


def may_follow(row: CaseRow, person: Person) -> bool:
    """Whether the short code opens the case for this person, to act on as its citizen.

    Not for the officer it is about, nor for those of its line: nobody rates their own work.
    """
    officer = person.officer
    if officer is None or officer.id == row.opener_id:
        return True
    return not barred(row, officer) and not any(
        covers(post.path, row.path) for post in officer.posts
    )


async def _follows(connection: AsyncConnection, row: CaseRow, person: Person) -> bool:
    query = select(case_followers.c.case_id).where(
        case_followers.c.case_id == row.id, case_followers.c.identity_id == person.identity_id
    )
    return (await connection.execute(query)).one_or_none() is not None


def facts(row: CaseRow, policy: Policy, calendar: Calendar, grade: str | None = None) -> Facts:
    """What the table's conditions ask about; `grade` is the one that is being given now."""
    latest = row.revisit_grade or row.result_grade
    revisit = policy.revisit
    revisited = revisit is not None and revisit.concerns(CaseKind(row.kind), row.outcome)
    return Facts(
        now=clock.now(),
        grade=grade,
        reviewed=policy.review is not None and CaseKind(row.kind) in policy.review.kinds,
        disputed=latest is not None and latest not in CONTENT,
        disputes_are_reviewed=policy.unsatisfied_result == "review",
        own_answer_settles=not revisited or (revisit is not None and revisit.own_answer_counts),
        reopen_until=reopen_until(row, policy, calendar),
        extension_asked=row.extension_asked is not None,
        extensions_left=policy.extension.times - row.extensions,
        callback_open=row.callback_open,
        visit_open=row.visit_open,
        holder_gone=not row.holder_active,
        urges_left=policy.urge.at_most - row.urged,
    )


def reopen_until(row: CaseRow, policy: Policy, calendar: Calendar) -> datetime | None:
    """Until when the citizen may reopen it; None: it is open, or was reopened too often."""
    if row.closed_at is None or row.state != State.CLOSED:
        return None
    if row.reopened >= policy.reopen.times:
        return None
    return due(policy.reopen.within, row.closed_at, (), policy.hours.hours, calendar).at
