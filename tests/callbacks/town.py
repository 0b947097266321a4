"""An installation with its cast and clock, and what the tests of calls do in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from actions.bootstrap import Services
from actions.cases.case import CaseView
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from actions.clock import BEIJING
from actions.store.tables import callback_tasks, cases
from tests.cases.steps import submit
from tests.cast import Cast, Someone
from tests.conftest import FrozenClock

CALLBACK = {
    "kinds": ["unsatisfied", "complaint"],
    "by": "sub_centre",
    "form": ["reason", "wish", "result"],
    "attempts": 3,
    "unreachable": "continue",
}
REVISIT = {"by": "centre", "kinds": ["unsatisfied"], "own_answer_counts": False, "of": "all"}
SPOT_CHECKS = {"each_month": 2, "of": ["closed", "satisfied"], "by": "centre", "aspects": False}


@dataclass(slots=True)
class Town:
    services: Services
    cast: Cast
    clock: FrozenClock

    def at(self, words: str) -> None:
        """It is that moment of 2026 in Beijing: "11-20 14:05"."""
        self.clock.moment = datetime.fromisoformat(f"2026-{words}").replace(tzinfo=BEIJING)

    async def open(self, citizen: Someone | None = None, **changes: Any) -> str:
        """A not satisfied citizen's case at Mingdeli station; its number."""
        fields = {"kind": CaseKind.UNSATISFIED, **changes}
        return (await submit(self.services, citizen or self.cast.chen, **fields)).number

    async def act(self, who: Someone, number: str, verb: Verb, **given: Any) -> CaseView:
        return await self.services.cases.act(who.turn(), number, verb, **given)

    async def answer(self, number: str, by: Someone | None = None) -> None:
        """Accepted and answered, by LI unless told otherwise."""
        await self.act(by or self.cast.li, number, Verb.ACCEPT)
        await self.act(by or self.cast.li, number, Verb.ANSWER, text="已加开窗口")

    async def close(self, grade: str = "satisfied", **changes: Any) -> str:
        """A case answered by LI and rated by CHEN; its number."""
        number = await self.open(**changes)
        await self.answer(number)
        await self.act(self.cast.chen, number, Verb.RATE_RESULT, grade=grade)
        return number

    async def tasks(self, number: str) -> list[Any]:
        """Every call of the case, the oldest first."""
        query = (
            select(callback_tasks)
            .join(cases, cases.c.id == callback_tasks.c.case_id)
            .where(cases.c.number == number)
            .order_by(callback_tasks.c.id)
        )
        async with self.services.engine.connect() as connection:
            return list((await connection.execute(query)).all())

    async def listed(self, who: Someone) -> list[str]:
        """The numbers of the calls that this officer may make, in order."""
        return [task.number for task in await self.services.callbacks.open_for(who.turn())]
