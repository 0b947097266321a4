"""What comes round by itself: alarms each minute, the morning's digest, calendars that got known."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.callbacks.service import Callbacks
from actions.cases.alarm_rows import Swept
from actions.cases.clocks import Clocks
from actions.cases.sweep import Sweep
from actions.cases.telling import within
from actions.notices.morning import Morning
from actions.policy.model import Policy


class Rounds:
    """Each method may be called at any time, however often, by several workers at once."""

    def __init__(
        self,
        engine: AsyncEngine,
        policy: Policy,
        sweep: Sweep,
        morning: Morning,
        clocks: Clocks,
        callbacks: Callbacks,
    ) -> None:
        self._engine = engine
        self._policy = policy
        self._sweep = sweep
        self._morning = morning
        self._clocks = clocks
        self._callbacks = callbacks

    async def minute(self) -> Swept:
        """Fires what is due, and sends what was held once the quiet hours are over."""
        swept = await self._sweep.run()
        quiet = self._policy.hours.quiet
        if quiet is None or not within(quiet):
            await self._morning.release()
        return swept

    async def adopt_policy(self) -> int:
        """Lets open cases follow the policy as it is now; how many clocks changed."""
        changed, after = 0, None
        while True:
            async with self._engine.begin() as connection:
                after, some = await self._clocks.adopt(connection, after)
            changed += some
            if after is None:
                return changed

    async def day(self) -> int:
        """Draws the month's spot checks, once; reckons again the due times of years whose holidays
        were not known. Returns how many due times changed.
        """
        await self._callbacks.draw_month(clock.now())
        changed = 0
        while True:
            async with self._engine.begin() as connection:
                batch = await self._clocks.recount(connection)
            changed += batch
            if batch == 0:
                return changed
