"""The alarms of deadlines as rows: added by verbs, claimed by one sweep, each once.

Neither waits for the other: a verb only adds alarms, the sweep only marks them as fired.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.deadlines.ladder import Alarm
from actions.store.tables import alarms, cases, deadlines

ACT = "act"  # an alarm at which the program itself does something: continue, close, ask
BATCH = 2000
_SPACE = uuid.UUID("6f6a0a5e-6a7e-4d7e-8f0e-3c1f0b9f2a11")


@dataclass(slots=True)
class Swept:
    """What a sweep did: alarms fired, those that meant nothing any more, readers told, own actions,
    and how many of those failed and are tried again."""

    fired: int = 0
    stale: int = 0
    told: int = 0
    acted: int = 0
    failed: int = 0


def event_of(alarm: Any) -> uuid.UUID:
    """The id of the event that the alarm leaves in the history: of one alarm always the same."""
    return uuid.uuid5(_SPACE, str(alarm.id))


async def add(
    connection: AsyncConnection, deadline_id: uuid.UUID, revision: int, found: Sequence[Alarm]
) -> None:
    """The alarms of a deadline as it runs since this revision."""
    rows = [
        {
            "deadline_id": deadline_id,
            "revision": revision,
            "stage": alarm.stage,
            "kind": alarm.kind,
            "level": alarm.to,
            "at": alarm.at,
        }
        for alarm in found
    ]
    if rows:
        await connection.execute(insert(alarms), rows)


async def add_acts(
    connection: AsyncConnection, deadline_id: uuid.UUID, moments: Sequence[datetime | None]
) -> None:
    """The moments (aware) of a new timer at which the program acts itself, one stage each."""
    rows = [
        {
            "deadline_id": deadline_id,
            "revision": 0,
            "stage": stage,
            "kind": ACT,
            "level": "",
            "at": moment,
        }
        for stage, moment in enumerate(moments)
        if moment is not None
    ]
    if rows:
        await connection.execute(insert(alarms), rows)


async def fired(connection: AsyncConnection, deadline_id: uuid.UUID) -> set[tuple[int, datetime]]:
    """Stage and moment of the deadline's alarms that have fired."""
    query = select(alarms.c.stage, alarms.c.at).where(
        alarms.c.deadline_id == deadline_id, alarms.c.fired_at.is_not(None)
    )
    return {(stage, at) for stage, at in (await connection.execute(query)).all()}


async def claim(connection: AsyncConnection) -> list[int]:
    """Marks what is due as fired. Served by ix_alarms_waiting; skips what others have locked."""
    due = (
        select(alarms.c.id)
        .where(alarms.c.fired_at.is_(None), alarms.c.at <= clock.now(), alarms.c.kind != ACT)
        .order_by(alarms.c.at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(alarms)
        .where(alarms.c.id.in_(due))
        .values(fired_at=clock.now())
        .returning(alarms.c.id)
    )
    return list((await connection.execute(statement)).scalars())


async def waiting_acts(connection: AsyncConnection) -> list[int]:
    """The alarms due now at which the program acts itself, the oldest first."""
    query = (
        select(alarms.c.id)
        .where(alarms.c.fired_at.is_(None), alarms.c.at <= clock.now(), alarms.c.kind == ACT)
        .order_by(alarms.c.at)
    )
    return list((await connection.execute(query)).scalars())


async def hold_case(connection: AsyncConnection, alarm_id: int) -> bool:
    """Locks the alarm's case as a verb does; False when somebody else has it."""
    query = (
        select(cases.c.id)
        .join(deadlines, deadlines.c.case_id == cases.c.id)
        .join(alarms, alarms.c.deadline_id == deadlines.c.id)
        .where(alarms.c.id == alarm_id)
        .with_for_update(of=cases, key_share=True, skip_locked=True)
    )
    return (await connection.execute(query)).one_or_none() is not None


async def claim_one(connection: AsyncConnection, alarm_id: int) -> bool:
    """Marks the alarm as fired; False when another worker was faster."""
    statement = (
        update(alarms)
        .where(alarms.c.id == alarm_id, alarms.c.fired_at.is_(None))
        .values(fired_at=clock.now())
        .returning(alarms.c.id)
    )
    return (await connection.execute(statement)).one_or_none() is not None


async def acted_last(connection: AsyncConnection, case_id: uuid.UUID, name: str) -> datetime | None:
    """When the case's running timer of this name last had the program act (aware, UTC)."""
    query = (
        select(func.max(alarms.c.fired_at))
        .join(deadlines, deadlines.c.id == alarms.c.deadline_id)
        .where(
            deadlines.c.case_id == case_id,
            deadlines.c.clock == name,
            deadlines.c.stopped_at.is_(None),
            alarms.c.kind == ACT,
        )
    )
    at: datetime | None = (await connection.execute(query)).scalar_one()
    return at


async def live(connection: AsyncConnection, ids: Sequence[int]) -> list[Any]:
    """Those of the alarms whose clock still runs as it did when they were set."""
    query = (
        select(
            alarms.c.id,
            alarms.c.stage,
            alarms.c.kind,
            alarms.c.level,
            deadlines.c.case_id,
            deadlines.c.clock,
            deadlines.c.due_at,
            deadlines.c.certain,
        )
        .join(deadlines, deadlines.c.id == alarms.c.deadline_id)
        .where(
            alarms.c.id.in_(ids),
            deadlines.c.stopped_at.is_(None),
            deadlines.c.revision == alarms.c.revision,
        )
        .order_by(alarms.c.stage)
    )
    return list((await connection.execute(query)).all())
