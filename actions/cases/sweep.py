"""The deadlines' alarms: warned, urged, told to the next level, and what the program does itself.

One sweep a minute claims what is due and fires it, so nothing is lost while the worker was off.
It locks alarms only, and passes over those that another sweep has: no verb ever waits for it. What
comes late or in a crowd goes to each reader as one digest.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.callbacks.later import Later
from actions.cases import rows
from actions.cases.alarm_words import AlarmWords, Due
from actions.cases.clocks import ACT
from actions.cases.ledger import Ledger
from actions.cases.readers import Reader
from actions.cases.rows import CaseRow, base_query
from actions.cases.states import Actor, Clock, State, Verb
from actions.cases.telling import CaseNotices
from actions.cases.work import Work
from actions.store.tables import alarms, cases, deadlines

log = structlog.get_logger()

BATCH = 2000
MOST_SINGLE = 3  # notices for one reader in one sweep; more become a digest
_SPACE = uuid.UUID("6f6a0a5e-6a7e-4d7e-8f0e-3c1f0b9f2a11")  # names the events of alarms
_VERBS = {"warn": Verb.WARN, "supervise": Verb.SUPERVISE, "escalate": Verb.ESCALATE}
_RESPONSIBLE: dict[Clock, Actor] = {
    Clock.ACCEPT: Actor.OFFICER,
    Clock.CALLBACK: Actor.CALLER,
    Clock.REVIEW: Actor.REVIEWER,
    Clock.REVISIT: Actor.CALLER,
    Clock.EXTENSION: Actor.LEAD,
}  # of all others the holder
_ITSELF = {Clock.CITIZEN: Verb.CONTINUE, Clock.SILENCE: Verb.CLOSE}


@dataclass(slots=True)
class Swept:
    """What a sweep did: alarms fired, those that meant nothing any more, readers told, own actions,
    and how many of those failed and are tried again."""

    fired: int = 0
    stale: int = 0
    told: int = 0
    acted: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Crowd:
    """What each reader is to hear of in this sweep: of a clock only the latest, and that once."""

    lines: dict[uuid.UUID, dict[tuple[uuid.UUID, Clock], Due]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    readers: dict[uuid.UUID, Reader] = field(default_factory=dict)

    def add(self, reader: Reader, due: Due) -> None:
        self.readers[reader.identity_id] = reader
        self.lines[reader.identity_id][due.row.id, due.clock] = due


class Sweep:
    def __init__(
        self,
        engine: AsyncEngine,
        ledger: Ledger,
        work: Work,
        notices: CaseNotices,
        words: AlarmWords,
        later: Later,
    ) -> None:
        self._engine = engine
        self._ledger = ledger
        self._work = work
        self._notices = notices
        self._words = words
        self._later = later

    async def run(self) -> Swept:
        """Fires everything that is due now."""
        swept = Swept()
        while await self._batch(swept) == BATCH:
            pass
        for alarm_id in await self._acts():
            try:
                await self._act(alarm_id, swept)
            except Exception:  # the others must not wait for it
                log.exception("an alarm failed", alarm=alarm_id)
                swept.failed += 1
        return swept

    # --- telling --------------------------------------------------------------------------------

    async def _batch(self, swept: Swept) -> int:
        """Claims and tells up to BATCH alarms in one transaction; how many were claimed."""
        async with self._engine.begin() as connection:
            claimed = await _claim(connection)
            live = await _live(connection, claimed)
            swept.stale += len(claimed) - len(live)
            swept.fired += len(live)
            if live:
                found = await _cases(connection, {alarm.case_id for alarm in live})
                await self._ledger.note_alarms(connection, [_noted(alarm, found) for alarm in live])
                swept.told += await self._tell(connection, _latest(live), found)
        return len(claimed)

    async def _tell(
        self,
        connection: AsyncConnection,
        alarmed: Sequence[Row[Any]],
        found: dict[uuid.UUID, CaseRow],
    ) -> int:
        crowd, known = _Crowd(), dict[Any, list[Reader]]()
        for alarm in alarmed:
            row = found[alarm.case_id]
            due = Due(row, Clock(alarm.clock), alarm.kind, alarm.level, alarm.due_at, alarm.certain)
            for reader in await self._readers(connection, row, due, known):
                crowd.add(reader, due)
        for identity_id, dues in crowd.lines.items():
            await self._tell_one(connection, crowd.readers[identity_id], list(dues.values()))
        return len(crowd.lines)

    async def _readers(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        due: Due,
        known: dict[Any, list[Reader]],
    ) -> list[Reader]:
        """The people behind the alarm; asked once for cases that lie alike."""
        audience = _RESPONSIBLE.get(due.clock, Actor.HOLDER)
        alike = (
            due.level or audience,
            row.path,
            row.accepted_by,
            row.subject_id,
            row.opener_id,
            row.kind,
            due.kind,
        )
        if alike not in known:
            known[alike] = await self._of(connection, row, due, audience)
        return known[alike]

    async def _of(
        self, connection: AsyncConnection, row: CaseRow, due: Due, audience: Actor
    ) -> list[Reader]:
        if due.kind == "escalate":
            return await self._notices.level(connection, row, due.level)
        verb = Verb.DISPATCH if due.clock is Clock.CALLBACK else Verb.ANSWER
        told = await self._notices.audience(connection, row, audience, verb)
        if due.kind == "supervise":
            lead = await self._notices.level(connection, row, "lead")
            told = list({reader.identity_id: reader for reader in (*told, *lead)}.values())
        return told

    async def _tell_one(
        self, connection: AsyncConnection, reader: Reader, dues: Sequence[Due]
    ) -> None:
        if len(dues) > MOST_SINGLE:
            await self._notices.digest(
                connection, reader, self._words.digest(dues, reader.language)
            )
            return
        for due in dues:
            text, offers = self._words.single(due, reader.language)
            key = f"{due.row.id.hex}:{due.clock}:{due.kind}:{due.level}:{due.due_at:%Y%m%d%H%M}"
            await self._notices.alarm(
                connection, due.row, reader, key, text, offers, urgent=due.kind == "escalate"
            )

    # --- acting ---------------------------------------------------------------------------------

    async def _acts(self) -> list[int]:
        query = (
            select(alarms.c.id)
            .where(alarms.c.fired_at.is_(None), alarms.c.at <= clock.now(), alarms.c.kind == ACT)
            .order_by(alarms.c.at)
        )
        async with self._engine.connect() as connection:
            return list((await connection.execute(query)).scalars())

    async def _act(self, alarm_id: int, swept: Swept) -> None:
        """One alarm at which the program acts itself, in a transaction of its own.

        A case that a verb holds is left for the next round.
        """
        async with self._engine.begin() as connection:
            if not await _hold_case(connection, alarm_id) or not await _claim_one(
                connection, alarm_id
            ):
                return
            live = await _live(connection, [alarm_id])
            if not live:
                swept.stale += 1
                return
            alarm = live[0]
            row = await rows.by_id(connection, alarm.case_id)
            name = Clock(alarm.clock)
            if name in _ITSELF:
                event_id = uuid.uuid5(_SPACE, str(alarm.id))
                await self._work.by_system(connection, row, _ITSELF[name], event_id, {})
            elif row.state == State.CLOSED:
                await self._later.ask(connection, row, name, stage=alarm.stage)
            swept.acted += 1


def _noted(
    alarm: Any, found: dict[uuid.UUID, CaseRow]
) -> tuple[CaseRow, Verb, uuid.UUID, dict[str, Any]]:
    """Every alarm goes into the case's history, whether or not it is told by itself."""
    detail = {"clock": alarm.clock, "level": alarm.level}
    return found[alarm.case_id], _VERBS[alarm.kind], uuid.uuid5(_SPACE, str(alarm.id)), detail


async def _claim(connection: AsyncConnection) -> list[int]:
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


async def _hold_case(connection: AsyncConnection, alarm_id: int) -> bool:
    """Locks the alarm's case as a verb does; False when somebody else has it."""
    query = (
        select(cases.c.id)
        .join(deadlines, deadlines.c.case_id == cases.c.id)
        .join(alarms, alarms.c.deadline_id == deadlines.c.id)
        .where(alarms.c.id == alarm_id)
        .with_for_update(of=cases, key_share=True, skip_locked=True)
    )
    return (await connection.execute(query)).one_or_none() is not None


async def _claim_one(connection: AsyncConnection, alarm_id: int) -> bool:
    """Marks the alarm as fired; False when another worker was faster."""
    statement = (
        update(alarms)
        .where(alarms.c.id == alarm_id, alarms.c.fired_at.is_(None))
        .values(fired_at=clock.now())
        .returning(alarms.c.id)
    )
    return (await connection.execute(statement)).one_or_none() is not None


async def _live(connection: AsyncConnection, ids: Sequence[int]) -> list[Any]:
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


async def _cases(connection: AsyncConnection, ids: set[uuid.UUID]) -> dict[uuid.UUID, CaseRow]:
    found = (await connection.execute(base_query().where(cases.c.id.in_(ids)))).all()
    return {row.id: row for row in found}


def _latest(live: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Of several alarms of one clock only the last is told; its escalations to each level are."""
    last: dict[Any, Row[Any]] = {}
    for alarm in live:
        level = alarm.level if alarm.kind == "escalate" else ""
        last[alarm.case_id, alarm.clock, level] = alarm
    escalated = {(a.case_id, a.clock) for a in last.values() if a.kind == "escalate"}
    return [
        alarm
        for alarm in last.values()
        if alarm.kind == "escalate"
        or alarm.kind == "supervise"
        or (alarm.case_id, alarm.clock) not in escalated
    ]
