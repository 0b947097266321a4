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

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.cases import alarm_rows
from actions.cases.alarm_rows import BATCH, Swept
from actions.cases.alarm_words import AlarmWords, Due
from actions.cases.ledger import Ledger
from actions.cases.readers import Reader
from actions.cases.rows import CaseRow, base_query
from actions.cases.states import Actor, Clock, Verb
from actions.cases.telling import CaseNotices
from actions.cases.timers import Timers
from actions.store.tables import cases

MOST_SINGLE = 3  # notices for one reader in one sweep; more become a digest
_VERBS = {"warn": Verb.WARN, "supervise": Verb.SUPERVISE, "escalate": Verb.ESCALATE}
_RESPONSIBLE: dict[Clock, Actor] = {
    Clock.ACCEPT: Actor.OFFICER,
    Clock.CALLBACK: Actor.CALLER,
    Clock.REVIEW: Actor.EXAMINER,
    Clock.REVISIT: Actor.CALLER,
    Clock.EXTENSION: Actor.APPROVER,
}  # of all others the holder
_OF_THE_UNIT = frozenset({Actor.OFFICER, Actor.HOLDER})


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
        timers: Timers,
        notices: CaseNotices,
        words: AlarmWords,
    ) -> None:
        self._engine = engine
        self._ledger = ledger
        self._timers = timers
        self._notices = notices
        self._words = words

    async def run(self) -> Swept:
        """Fires everything that is due now."""
        swept = Swept()
        while await self._batch(swept) == BATCH:
            pass
        await self._timers.run(swept)
        return swept

    async def _batch(self, swept: Swept) -> int:
        """Claims and tells up to BATCH alarms in one transaction; how many were claimed."""
        async with self._engine.begin() as connection:
            claimed = await alarm_rows.claim(connection)
            live = await alarm_rows.live(connection, claimed)
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
        """The people behind the alarm; asked once for cases that lie alike.

        The unit's lead is pressed too, but for the unit's own work only.
        """
        lies = (row.path, row.accepted_by, row.subject_id, row.opener_id)
        if due.kind == "escalate":
            return await self._level(connection, row, due.level, known, lies)
        audience = _RESPONSIBLE.get(due.clock, Actor.HOLDER)
        if due.clock is Clock.CALLBACK and self._notices.unit_calls:
            audience = Actor.HOLDER
        verb = Verb.DISPATCH if due.clock is Clock.CALLBACK else Verb.ANSWER
        alike = (audience, verb, row.kind, *lies)
        if alike not in known:
            known[alike] = await self._notices.audience(connection, row, audience, verb)
        if due.kind != "supervise" or audience not in _OF_THE_UNIT:
            return known[alike]
        lead = await self._level(connection, row, "lead", known, lies)
        return list({reader.identity_id: reader for reader in (*known[alike], *lead)}.values())

    async def _level(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        level: str,
        known: dict[Any, list[Reader]],
        lies: tuple[Any, ...],
    ) -> list[Reader]:
        alike = (level, *lies)
        if alike not in known:
            known[alike] = await self._notices.level(connection, row, level)
        return known[alike]

    async def _tell_one(
        self, connection: AsyncConnection, reader: Reader, dues: Sequence[Due]
    ) -> None:
        seen = self._notices.read_at(reader)
        if len(dues) > MOST_SINGLE:
            text = self._words.digest(dues, reader.language, seen)
            await self._notices.digest(connection, reader, text)
            return
        for due in dues:
            urgent = due.kind == "escalate"
            text, offers = self._words.single(due, reader.language, clock.now() if urgent else seen)
            key = f"{due.row.id.hex}:{due.clock}:{due.kind}:{due.level}:{due.due_at:%Y%m%d%H%M}"
            await self._notices.alarm(connection, due.row, reader, key, text, offers, urgent=urgent)


def _noted(
    alarm: Any, found: dict[uuid.UUID, CaseRow]
) -> tuple[CaseRow, Verb, uuid.UUID, dict[str, Any]]:
    """Every alarm goes into the case's history, whether or not it is told by itself."""
    detail = {"clock": alarm.clock, "level": alarm.level}
    return found[alarm.case_id], _VERBS[alarm.kind], alarm_rows.event_of(alarm), detail


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
