"""What the trail tells, for the administrator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Text, and_, cast, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.errors import ConfigurationError
from actions.store.tables import audit_entries, cases, officers


async def entries(
    connection: AsyncConnection, *, case: str | None, badge: str | None, last: int
) -> Sequence[Row[Any]]:
    """The last entries, the oldest first. By the primary key backwards; a case or an officer is
    looked for through all of them. Raises ConfigurationError for an unknown one.
    """
    wanted = []
    if case is not None:
        query = select(cast(cases.c.id, Text)).where(cases.c.number == case.strip().upper())
        case_id = await _one(connection, query, f"There is no case {case}.")
        wanted.append(audit_entries.c.content.contains({"case_id": case_id}))
    if badge is not None:
        query = select(officers.c.id).where(officers.c.badge == badge.strip())
        officer_id = await _one(connection, query, f"No officer has the badge {badge}.")
        wanted.append(_about(officer_id))
    query = select(audit_entries).where(and_(True, *wanted))
    query = query.order_by(audit_entries.c.id.desc()).limit(last)
    return list((await connection.execute(query)).all())[::-1]


def _about(officer_id: int) -> Any:
    content = cast(audit_entries.c.content, JSONB)
    return or_(
        content.contains({"officer_id": officer_id}),
        content.contains({"asked_by": officer_id}),
        content.contains({"decided_by": officer_id}),
        and_(audit_entries.c.source == "officers", audit_entries.c.key == str(officer_id)),
    )


async def _one(connection: AsyncConnection, query: Any, unknown: str) -> Any:
    found = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        raise ConfigurationError(unknown)
    return found
