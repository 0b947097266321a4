"""A preset's story: one installation living by that policy, phones, and a clock that is set.

Everything is real but the platforms, which are fakes that speak their protocols. The clock of all
parts is a file; nothing waits for time to pass.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from actions import clock
from actions.bootstrap import Services, bootstrap
from actions.cases.alarm_rows import Swept
from actions.store.tables import cases, deadlines, deliveries, identities, officers
from bot.demo.people import OFFICERS, SUPERVISORS, introduce, phone_of
from bot.simulator.driver import Citizen, Driver, TelegramUser, WeComMember
from bot.stack.embedded import free_port
from bot.stack.stack import Ports, Stack

_ENV = {
    # The gateway checks signatures by the real clock, which the stories leave behind.
    "WECHAT_FRESHNESS": "1000000000",
    "WECOM_FRESHNESS": "1000000000",
    "WECHAT_TEMPLATE_ID": "story-template",
}
NUMBER = r"Q\d{2}-\d{4,}"


@dataclass(slots=True)
class Story:
    """The stage of one preset. Moments are written in Beijing time: "2026-11-20 14:05"."""

    stack: Stack
    driver: Driver
    services: Services
    numbers: dict[str, str] = field(default_factory=dict)

    async def at(self, moment: str) -> None:
        """It is that moment now, on the platforms too, and time goes on from there."""
        await self._set(datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=clock.BEIJING))

    async def later(self, **length: float) -> None:
        """So much later than now."""
        await self._set(clock.now() + timedelta(**length))

    async def _set(self, moment: datetime) -> None:
        file = Path(self.stack.environ["CLOCK_FILE"])
        await asyncio.to_thread(file.write_text, moment.isoformat(), "ascii")
        await self.driver.post("/control/clock", {"at": moment.isoformat()})

    async def rounds(self) -> Swept:
        """What the worker does by itself each minute, now."""
        return await self.services.rounds.minute()

    async def invites(self) -> None:
        """Asks about what is due to be asked about, as the worker does each minute."""
        await self.services.invitations.round()

    def citizen(self, name: str) -> Citizen:
        return self.driver.wechat(name)

    def officer(self, name: str) -> TelegramUser | WeComMember:
        """The phone of one of the demonstration's officers or supervisors (bot/demo/people.py)."""
        chat = next(chat for chat in (*OFFICERS, *SUPERVISORS) if chat.name == name)
        return phone_of(self.driver, chat)

    async def state(self, number: str) -> str:
        """Where the case stands in the database."""
        query = select(cases.c.state).where(cases.c.number == number)
        async with self.services.engine.connect() as connection:
            return str((await connection.execute(query)).scalar_one())

    async def met(self, number: str, name: str) -> bool | None:
        """Whether the last clock of that name was met; None: it runs, or was dropped."""
        query = (
            select(deadlines.c.met)
            .join(cases, cases.c.id == deadlines.c.case_id)
            .where(cases.c.number == number, deadlines.c.clock == name)
            .order_by(deadlines.c.started_at.desc())
            .limit(1)
        )
        async with self.services.engine.connect() as connection:
            found: bool | None = (await connection.execute(query)).scalar_one()
        return found

    async def notices(self, number: str, badge: str | None = None) -> int:
        """How many notices about the case were queued: to that officer, or to its citizens."""
        query = (
            select(func.count())
            .select_from(deliveries)
            .join(cases, cases.c.id == deliveries.c.case_id)
            .join(identities, identities.c.id == deliveries.c.identity_id)
            .outerjoin(officers, officers.c.id == identities.c.officer_id)
            .where(cases.c.number == number, officers.c.badge == badge)
        )
        async with self.services.engine.connect() as connection:
            return int((await connection.execute(query)).scalar_one())


@contextlib.asynccontextmanager
async def telling(preset: str, begins: str) -> AsyncIterator[Story]:
    """An installation under this preset whose clock stands at `begins`; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f"huiyin-{preset}-"))
    stack = Stack(folder, Ports(*(free_port() for _ in range(5))), env={"POLICY": preset, **_ENV})
    moment = datetime.strptime(begins, "%Y-%m-%d %H:%M").replace(tzinfo=clock.BEIJING)
    await asyncio.to_thread((folder / "clock").write_text, moment.isoformat(), "ascii")
    async with stack.running(), Driver(f"http://127.0.0.1:{stack.ports.simulator}") as driver:
        services = bootstrap(stack.settings)
        story = Story(stack, driver, services)
        try:
            await introduce(services, driver)
            await story.at(begins)
            yield story
        finally:
            await services.close()
    shutil.rmtree(folder)
