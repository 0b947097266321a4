"""What citizens wrote in the cases of a unit and all below it, opened from the vault."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases.kinds import CaseKind
from actions.duplicates.folding import READ
from actions.org.org import Unit
from actions.privacy.vault import Vault
from actions.reports.periods import Period
from actions.store.tables import cases, units
from actions.topics.building import Written

TOLD = (CaseKind.UNSATISFIED, CaseKind.COMPLAINT, CaseKind.SUGGESTION, CaseKind.HELP)
SHORTEST = 2  # characters; a rating without words is no text


@dataclass(frozen=True, slots=True)
class Sealed:
    """A case's words as they are stored; `citizen` tells people apart."""

    matter: bytes
    citizen: str
    number: str


async def read_sealed(
    connection: AsyncConnection, unit: Unit, period: Period, most: int
) -> list[Sealed]:
    """The period's cases, the latest first, not more than `most`; ix_cases_created_at serves it.

    A citizen is told by the phone where there is one, else by the identity.
    """
    query = _told(unit, period.start, period.end).order_by(
        cases.c.created_at.desc(), cases.c.number.desc()
    )
    rows = (await connection.execute(query.limit(most))).all()
    return [Sealed(row.matter_sealed, _citizen(row), row.number) for row in rows]


async def open_texts(vault: Vault, sealed: Sequence[Sealed]) -> list[Written]:
    """The words of each; those without any are left out. Works beside the event loop."""
    return await asyncio.to_thread(_opened, vault, sealed)


async def anything_new(connection: AsyncConnection, unit: Unit, since: datetime) -> bool:
    """Whether a case of the unit was opened or withdrawn since."""
    withdrawn = and_(cases.c.closed_as == "withdrawn", cases.c.closed_at >= since)
    changed = or_(cases.c.created_at >= since, withdrawn)
    found = _cases_below(unit).where(changed).limit(1)
    return (await connection.execute(found)).first() is not None


async def with_subject(connection: AsyncConnection, numbers: Sequence[str]) -> set[str]:
    """Those of the cases that are about an officer who is known."""
    query = select(cases.c.number).where(
        cases.c.number.in_(numbers), cases.c.subject_id.is_not(None)
    )
    return set((await connection.execute(query)).scalars())


def _told(unit: Unit, start: datetime, end: datetime) -> Select[Any]:
    return _cases_below(unit).where(
        cases.c.created_at >= start,
        cases.c.created_at < end,
        cases.c.kind.in_(TOLD),
        func.coalesce(cases.c.closed_as, "") != "withdrawn",
    )


def _cases_below(unit: Unit) -> Select[Any]:
    return (
        select(cases.c.number, cases.c.matter_sealed, cases.c.phone_digest, cases.c.identity_id)
        .join(units, units.c.id == cases.c.unit_id)
        .where(units.c.path.startswith(unit.path, autoescape=True))
    )


def _citizen(row: Any) -> str:
    return bytes(row.phone_digest).hex() if row.phone_digest else row.identity_id.hex


def _opened(vault: Vault, sealed: Sequence[Sealed]) -> list[Written]:
    texts = ((str(vault.open_json(each.matter)["what"])[:READ], each) for each in sealed)
    return [
        Written(text, each.citizen, each.number)
        for text, each in texts
        if len(text.strip()) >= SHORTEST
    ]
