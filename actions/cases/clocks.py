"""The clocks of a case as rows: started, stopped, paused and prolonged as its verbs say.

A verb writes here and adds alarms; it never changes an alarm. Each change of a due time counts the
deadline's revision up, and alarms of an older revision mean nothing any more: so the sweep, which
marks alarms as fired, and the verbs never wait for each other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases import alarm_rows
from actions.cases.kinds import CaseKind
from actions.cases.ledger import Ledger
from actions.cases.states import Clock, Transition, Verb
from actions.deadlines.ladder import Rule
from actions.deadlines.running import (
    Running,
    hours_json,
    read_running,
    rule_json,
    stands_json,
)
from actions.deadlines.spans import Span
from actions.deadlines.workdays import Calendar
from actions.policy.model import Policy
from actions.store.tables import cases, deadlines

NOTHING_TO_SOLVE = frozenset({CaseKind.PRAISE, CaseKind.SUGGESTION})
TIMERS = frozenset({Clock.CITIZEN, Clock.SILENCE, Clock.STAYED, Clock.RETALIATION})

WORK = frozenset({Clock.VERIFY, Clock.RECTIFY, Clock.ANSWER})

MEETS: dict[Clock, frozenset[Verb]] = {
    Clock.ACCEPT: frozenset({Verb.ACCEPT}),
    Clock.CALLBACK: frozenset({Verb.CALL_BACK}),
    Clock.VERIFY: frozenset({Verb.VERIFY, Verb.HAND_IN, Verb.ANSWER}),
    Clock.RECTIFY: frozenset({Verb.HAND_IN, Verb.ANSWER}),
    Clock.ANSWER: frozenset({Verb.ANSWER, Verb.REVIEW}),
    Clock.CITIZEN: frozenset({Verb.REPLY}),
    Clock.REVIEW: frozenset({Verb.REVIEW, Verb.SEND_BACK, Verb.CLOSE}),
    Clock.REVISIT: frozenset({Verb.REVISIT, Verb.RATE_RESULT}),
    Clock.EXTENSION: frozenset({Verb.GRANT, Verb.DENY}),
}


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as a person sees it: `due_at` is None while it stands still (aware, UTC)."""

    clock: Clock
    due_at: datetime | None
    certain: bool
    stopped_at: datetime | None
    met: bool | None
    running: Running


class Clocks:
    def __init__(self, policy: Policy, calendar: Calendar, ledger: Ledger) -> None:
        self._ledger = ledger
        self._policy = policy
        self._calendar = calendar

    async def follow(
        self,
        connection: AsyncConnection,
        case_id: uuid.UUID,
        kind: CaseKind,
        step: Transition,
        skip: Iterable[Clock] = (),
    ) -> None:
        """Does to the case's clocks what the row says; `skip` are not started or stopped."""
        now = clock.now()
        found = {Clock(d.clock): d for d in await _running(connection, case_id)}
        for name in step.stops:
            if name in found and name not in skip:
                await self._stop(connection, found.pop(name), step.verb, now)
        for name in step.pauses:
            if name in found:
                await self._change(connection, found[name], _read(found[name]).stand(now))
        for name in step.resumes:
            if name in found:
                await self._change(connection, found[name], _read(found[name]).go_on(now))
        for name in step.starts:
            if name not in found and name not in skip:
                await self.start(connection, case_id, name, kind, now)
        await self.note_earliest(connection, case_id)

    async def start(
        self,
        connection: AsyncConnection,
        case_id: uuid.UUID,
        name: Clock,
        kind: CaseKind,
        now: datetime,
    ) -> None:
        """Starts the clock if the policy has it for this kind of case."""
        rules = self._rules(name, kind)
        if not rules:
            return
        until = await _wanted_by(connection, case_id, name, now)
        running = Running(rules[-1], self._policy.hours.hours, now, until=until)
        due = running.due(self._calendar)
        new = clock.new_id()
        await connection.execute(
            insert(deadlines).values(
                id=new,
                case_id=case_id,
                clock=name,
                rule=rule_json(running),
                hours=hours_json(running.hours),
                started_at=now,
                due_at=due.at,
                certain=due.certain,
            )
        )
        if name in TIMERS:
            moments = [Running(rule, running.hours, now).due(self._calendar).at for rule in rules]
            await alarm_rows.add_acts(connection, new, moments)
        else:
            await self._set_alarms(connection, new, 0, running, due.at)

    async def stop(
        self, connection: AsyncConnection, case_id: uuid.UUID, name: Clock, verb: Verb
    ) -> None:
        """Stops one clock because of the verb, if it runs."""
        for row in await _running(connection, case_id):
            if row.clock == name:
                await self._stop(connection, row, verb, clock.now())
        await self.note_earliest(connection, case_id)

    async def prolong(
        self, connection: AsyncConnection, case_id: uuid.UUID, names: Sequence[Clock], span: Span
    ) -> None:
        """Lets these clocks, if they run, fall due that much later."""
        for row in await _running(connection, case_id):
            if row.clock in names:
                await self._change(connection, row, _read(row).prolong(span))
        await self.note_earliest(connection, case_id)

    async def recount(self, connection: AsyncConnection, limit: int = 100) -> int:
        """Reckons again what was uncertain, now that the calendar may know; how many changed.

        Holds the cases as a verb does, and leaves those that a verb holds for the next time.
        """
        query = (
            select(deadlines)
            .join(cases, cases.c.id == deadlines.c.case_id)
            .where(deadlines.c.stopped_at.is_(None), ~deadlines.c.certain)
            .order_by(deadlines.c.due_at)
            .limit(limit)
            .with_for_update(of=(cases, deadlines), key_share=True, skip_locked=True)
        )
        changed = 0
        for row in (await connection.execute(query)).all():
            if _read(row).due(self._calendar).certain:
                await self._change(connection, row, _read(row))
                await self.note_earliest(connection, row.case_id)
                changed += 1
        return changed

    async def adopt(
        self, connection: AsyncConnection, after: uuid.UUID | None, limit: int = 200
    ) -> tuple[uuid.UUID | None, int]:
        """Lets the clocks that run follow the policy as it is now: the next cases behind `after`.

        What has been counted, paused and prolonged stays; a clock that the policy has no more runs
        on by its old rule. Returns the last case looked at, None behind the last, and how many
        clocks changed.
        """
        query = select(cases.c.id, cases.c.kind).order_by(cases.c.id).limit(limit)
        query = query.where(cases.c.closed_at.is_(None)).with_for_update(key_share=True)
        if after is not None:
            query = query.where(cases.c.id > after)
        found = (await connection.execute(query)).all()
        changed = 0
        for case in found:
            changed += await self._adopt(connection, case.id, CaseKind(case.kind))
        return (found[-1].id if found else None), changed

    async def _adopt(self, connection: AsyncConnection, case_id: uuid.UUID, kind: CaseKind) -> int:
        changed = 0
        for row in await _running(connection, case_id):
            rules = [] if row.clock in TIMERS else self._rules(Clock(row.clock), kind)
            old = _read(row)
            if not rules or (old.rule == rules[-1] and old.hours == self._policy.hours.hours):
                continue
            new = replace(old, rule=rules[-1], hours=self._policy.hours.hours)
            await self._change(connection, row, new)
            changed += 1
        if changed:
            await self.note_earliest(connection, case_id)
        return changed

    async def of(self, connection: AsyncConnection, case_id: uuid.UUID) -> list[ClockView]:
        """Every clock the case ever had, in the order they began."""
        query = (
            select(deadlines)
            .where(deadlines.c.case_id == case_id)
            .order_by(deadlines.c.started_at, deadlines.c.id)
        )
        return [
            ClockView(Clock(d.clock), d.due_at, d.certain, d.stopped_at, d.met, _read(d))
            for d in (await connection.execute(query)).all()
        ]

    async def note_earliest(self, connection: AsyncConnection, case_id: uuid.UUID) -> None:
        """Keeps on the case when it falls due next, and what the citizen was promised."""
        running = await _running(connection, case_id)
        due = {Clock(d.clock): d.due_at for d in running}
        work = [at for name, at in due.items() if at is not None and name not in TIMERS]
        await self._ledger.note_due(
            connection,
            case_id,
            due_at=min(work, default=None),
            answer_by=due.get(Clock.ANSWER),
            certain=all(d.certain for d in running),
        )

    def _rules(self, name: Clock, kind: CaseKind) -> list[Rule]:
        policy = self._policy
        spans: Sequence[Span] = ()
        match name:
            case Clock.SILENCE:
                spans = (policy.silence.close_after,)
            case Clock.STAYED:
                wanted = policy.stayed_solved is not None and kind not in NOTHING_TO_SOLVE
                spans = (policy.stayed_solved.after,) if policy.stayed_solved and wanted else ()
            case Clock.RETALIATION:
                complained = kind in (CaseKind.COMPLAINT, CaseKind.UNSATISFIED)
                spans = self._asked_apart() if complained else ()
            case _:
                rule = policy.deadlines.rule(name, kind)
                return [rule] if rule is not None else []
        return [Rule(span) for span in spans]

    def _asked_apart(self) -> tuple[Span, ...]:
        """When the citizen is asked how they fared: a day later where the other question is due."""
        policy = self._policy
        if policy.retaliation is None:
            return ()
        taken = policy.stayed_solved.after if policy.stayed_solved else None
        return tuple(
            replace(span, count=span.count + 1) if span == taken else span
            for span in policy.retaliation.after
        )

    @staticmethod
    async def _stop(connection: AsyncConnection, row: Row[Any], verb: Verb, now: datetime) -> None:
        late = row.due_at is not None and now > row.due_at
        done = verb in MEETS.get(Clock(row.clock), ())
        met = False if late and row.clock not in TIMERS else True if done else None
        await connection.execute(
            update(deadlines)
            .where(deadlines.c.id == row.id)
            .values(stopped_at=now, met=met, revision=row.revision + 1)
        )

    async def _change(self, connection: AsyncConnection, row: Row[Any], running: Running) -> None:
        due = running.due(self._calendar)
        await connection.execute(
            update(deadlines)
            .where(deadlines.c.id == row.id)
            .values(
                rule=rule_json(running),
                hours=hours_json(running.hours),
                pauses=stands_json(running),
                due_at=due.at,
                certain=due.certain,
                revision=row.revision + 1,
            )
        )
        await self._set_alarms(connection, row.id, row.revision + 1, running, due.at)

    async def _set_alarms(
        self,
        connection: AsyncConnection,
        deadline_id: uuid.UUID,
        revision: int,
        running: Running,
        due_at: datetime | None,
    ) -> None:
        """The alarms still to come; none while the clock stands still.

        What has fired for the same moment does not come a second time.
        """
        fired = await alarm_rows.fired(connection, deadline_id) if revision else set()
        now = clock.now()
        found = [
            alarm
            for alarm in (running.alarms(due_at, self._calendar) if due_at else ())
            if (alarm.at >= now or alarm.stage > 0) and (alarm.stage, alarm.at) not in fired
        ]
        await alarm_rows.add(connection, deadline_id, revision, found)


async def _running(connection: AsyncConnection, case_id: uuid.UUID) -> Sequence[Row[Any]]:
    query = select(deadlines).where(
        deadlines.c.case_id == case_id, deadlines.c.stopped_at.is_(None)
    )
    return (await connection.execute(query)).all()


async def _wanted_by(
    connection: AsyncConnection, case_id: uuid.UUID, name: Clock, now: datetime
) -> datetime | None:
    """By when the feed wants the case done, for the clocks of the work; None once that is over."""
    if name not in WORK:
        return None
    query = select(cases.c.wanted_by).where(cases.c.id == case_id)
    wanted: datetime | None = (await connection.execute(query)).scalar_one()
    return wanted if wanted is not None and wanted > now else None


def _read(row: Row[Any]) -> Running:
    return read_running(row.rule, row.hours, row.started_at, row.pauses)
