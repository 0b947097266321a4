"""Every deadline rings, also when the worker is killed meanwhile."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

from sqlalchemy import func, select

from actions.clock import BEIJING
from actions.store.tables import alarms
from bench.faulting.audit_rows import LATE_ALARMS
from bench.faulting.campaign import Ground, shown_by
from bench.faulting.findings import Findings, Verdict

AHEAD = timedelta(days=3)
WITHIN = 180.0  # seconds: two rounds of the worker, which come once a minute


async def ring(here: Ground, findings: Findings) -> int:
    """Moves the clock days ahead, kills the worker in the round that follows, and waits. Returns
    how many alarms rang; those that did not are findings.
    """
    before, file = await _rung(here), here.clock
    ahead = shown_by(file) + AHEAD
    noon = datetime.combine(ahead.astimezone(BEIJING).date(), datetime.min.time(), BEIJING)
    ahead = noon + timedelta(hours=12)  # by day, when notices are told
    await asyncio.to_thread(file.write_text, ahead.isoformat(), "ascii")
    deadline = time.monotonic() + WITHIN
    await _begun(here, before, deadline)
    here.stack.children.kill("worker")
    here.stack.children.restart("worker")
    left: list[str] = ["?"]
    while left and time.monotonic() < deadline:
        async with here.services.engine.connect() as connection:
            left = list((await connection.execute(LATE_ALARMS, {"now": ahead})).scalars())
        await asyncio.sleep(0.5)
    for alarm in left:
        findings.add(Verdict.LOST, f"an alarm did not ring: {alarm}")
    return await _rung(here) - before


async def _begun(here: Ground, before: int, deadline: float) -> None:
    """Returns when the round has rung its first alarm: it goes on at that moment."""
    while time.monotonic() < deadline:
        if await _rung(here) > before:
            return
        await asyncio.sleep(0.02)


async def _rung(here: Ground) -> int:
    query = select(func.count()).select_from(alarms).where(alarms.c.fired_at.is_not(None))
    async with here.services.engine.connect() as connection:
        return int((await connection.execute(query)).scalar_one())
