"""What the program does itself when a time is over: go on without a reply, close, ask later."""

from __future__ import annotations

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.callbacks.later import Later
from actions.cases import alarm_rows, rows
from actions.cases.alarm_rows import Swept
from actions.cases.states import Clock, State, Verb
from actions.cases.work import Work
from actions.store.engine import reading

log = structlog.get_logger()

_VERBS = {Clock.CITIZEN: Verb.CONTINUE, Clock.SILENCE: Verb.CLOSE}


class Timers:
    def __init__(self, engine: AsyncEngine, work: Work, later: Later) -> None:
        self._engine = engine
        self._work = work
        self._later = later

    async def run(self, swept: Swept) -> None:
        """Does all that is due, each in a transaction of its own; one that fails stops no other."""
        async with reading(self._engine) as connection:
            waiting = await alarm_rows.waiting_acts(connection)
        for alarm_id in waiting:
            try:
                await self._act(alarm_id, swept)
            except Exception:  # it stays due, and the next round tries it again
                log.exception("an alarm failed", alarm=alarm_id)
                swept.failed += 1

    async def _act(self, alarm_id: int, swept: Swept) -> None:
        """A case that a verb holds is left for the next round."""
        async with self._engine.begin() as connection:
            if not await alarm_rows.hold_case(connection, alarm_id):
                return
            if not await alarm_rows.claim_one(connection, alarm_id):
                return
            live = await alarm_rows.live(connection, [alarm_id])
            if not live:
                swept.stale += 1
                return
            alarm = live[0]
            row = await rows.by_id(connection, alarm.case_id)
            name = Clock(alarm.clock)
            if name in _VERBS:
                event_id = alarm_rows.event_of(alarm)
                await self._work.by_system(connection, row, _VERBS[name], event_id, {})
            elif row.state == State.CLOSED:
                await self._later.ask(connection, row, name, stage=alarm.stage)
            swept.acted += 1
