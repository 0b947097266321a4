"""Cases that may be one matter: proposed when a case opens, decided by the staff."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases.kinds import CaseKind
from actions.cases.rows import CaseRow
from actions.cases.states import State
from actions.deadlines.spans import Span
from actions.duplicates.proposals import Candidate, Proposal, propose
from actions.policy.model import Policy
from actions.policy.values import size
from actions.store.tables import case_links, cases, units

MOST_COMPARED = 1000  # of the newest open or lately closed cases of the county
COUNTY = 3  # slashes in a county's path: "/1/5/"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A case that may be the same matter."""

    number: str
    why: str
    state: str
    case_id: uuid.UUID


class Likeness:
    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    async def look(self, connection: AsyncConnection, row: CaseRow) -> list[Proposal]:
        """Compares a new case with those it may repeat; keeps what is alike as proposals."""
        if not row.signature:
            return []
        rules = self._policy.duplicates
        candidates = [_candidate(other, row) for other in await self._others(connection, row)]
        found = propose(
            _candidate(row, row),
            candidates,
            now=clock.now(),
            alike=rules.alike,
            same_citizen_days=_days(rules.same_citizen),
            same_matter_days=_days(rules.same_matter),
        )
        if found:
            await connection.execute(
                insert(case_links),
                [
                    {
                        "case_id": row.id,
                        "other_id": proposal.case_id,
                        "why": proposal.why,
                        "likeness": proposal.likeness,
                        "at": clock.now(),
                    }
                    for proposal in found
                ],
            )
        return found

    async def of(self, connection: AsyncConnection, row: CaseRow) -> list[LinkView]:
        """The cases proposed as, or decided to be, the same matter as this one."""
        query = (
            select(cases.c.number, case_links.c.why, case_links.c.state, cases.c.id)
            .join(cases, cases.c.id == case_links.c.other_id)
            .where(case_links.c.case_id == row.id, case_links.c.state != "dismissed")
            .order_by(case_links.c.likeness.desc())
        )
        return [LinkView(*found) for found in (await connection.execute(query)).all()]

    async def decide(
        self, connection: AsyncConnection, case_id: uuid.UUID, other_id: uuid.UUID, state: str
    ) -> None:
        """linked, merged or dismissed; a pair that was not proposed is noted as well."""
        pair = (case_links.c.case_id == case_id) & (case_links.c.other_id == other_id)
        changed = await connection.execute(
            update(case_links).where(pair).values(state=state).returning(case_links.c.case_id)
        )
        if changed.one_or_none() is None:
            await connection.execute(
                insert(case_links).values(
                    case_id=case_id,
                    other_id=other_id,
                    why="same_matter",
                    likeness=0,
                    state=state,
                    at=clock.now(),
                )
            )

    async def _others(self, connection: AsyncConnection, row: CaseRow) -> Sequence[Row[Any]]:
        """Served by ix_cases_created_at; the person's own also from other counties.

        Of the newest only those that share a number of their signature come here: what shares none
        is alike in nothing.
        """
        rules = self._policy.duplicates
        since = clock.now() - timedelta(
            days=max(_days(rules.same_citizen), _days(rules.same_matter))
        )
        county = "/".join(row.path.split("/")[:COUNTY]) + "/"
        own = cases.c.identity_id == row.identity_id
        if row.phone_digest is not None:
            own = or_(own, cases.c.phone_digest == row.phone_digest)
        newest = (
            select(
                cases.c.id,
                cases.c.signature,
                cases.c.identity_id,
                cases.c.phone_digest,
                cases.c.created_at,
                cases.c.kind,
                units.c.path,
            )
            .join(units, units.c.id == cases.c.unit_id)
            .where(
                cases.c.created_at > since,
                cases.c.id != row.id,
                cases.c.state.not_in([State.WITHDRAWN]),
                or_(own, units.c.path.startswith(county, autoescape=True)),
            )
            .order_by(cases.c.created_at.desc())
            .limit(MOST_COMPARED)
            .subquery()
        )
        query = select(newest).where(newest.c.signature.overlap(row.signature))
        return (await connection.execute(query)).all()


def _candidate(other: Any, row: CaseRow) -> Candidate:
    same_phone = row.phone_digest is not None and other.phone_digest == row.phone_digest
    return Candidate(
        case_id=other.id,
        signature=tuple(other.signature),
        same_citizen=other.identity_id == row.identity_id or same_phone,
        unit_path=other.path,
        opened_at=other.created_at,
        kind=CaseKind(other.kind),
    )


def _days(span: Span) -> int:
    """A span of the policy in whole days, for looking back."""
    return max(1, round(size(span) / (24 * 60)))
