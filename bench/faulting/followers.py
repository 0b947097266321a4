"""What citizens do who have a case: ask after it, add facts, urge, take it back, grade the result."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from bench.faulting.hands import Hands

FACTS = "那天还有个穿白衣服的"
STILL_WRONG = "还是没人理我，白跑一趟"


@dataclass(slots=True)
class Desk:
    """The cases between citizens and officers, by the beginning of their station's scenes.

    `over`: the officers have gone home; what is not answered stays so.
    """

    cases: dict[str, asyncio.Queue[str]] = field(default_factory=dict)
    worked: dict[str, asyncio.Event] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def queue(self, unit: str) -> asyncio.Queue[str]:
        return self.cases.setdefault(unit, asyncio.Queue())

    def put(self, unit: str, number: str) -> None:
        """A case, opened or reopened, for whoever of the station is free next."""
        self.worked[number] = asyncio.Event()
        self.answered.discard(number)
        self.queue(unit).put_nowait(number)

    async def answer(self, number: str) -> bool:
        """Whether the officers have said an answer; waits until they are through, or gone."""
        waits = [asyncio.create_task(each.wait()) for each in (self.worked[number], self.over)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return number in self.answered


class Follower:
    """One citizen and the own case. What does not go through because of a fault is not repeated:
    the person goes on to the next wish.
    """

    def __init__(self, hands: Hands, desk: Desk, chance: random.Random) -> None:
        self._hands = hands
        self._desk = desk
        self._chance = chance

    async def follow(self, unit: str, number: str) -> None:
        """A wish or two while it is open; then some take it back, and most wait for the result."""
        for wish in self._chance.sample((self._progress, self._facts, self._urge), 2):
            await asyncio.sleep(self._chance.uniform(0, 4))
            await wish(number)
        fate = self._chance.random()
        if fate < 0.15:
            await self._withdraw()
        elif fate < 0.85:
            await self._result(unit, number)

    async def _progress(self, number: str) -> None:
        await self._hands.say("我的案件", number)

    async def _facts(self, number: str) -> None:
        """In one message or in two."""
        if self._chance.random() < 0.5:
            await self._hands.say(f"补充 {number} {FACTS}")
        elif await self._hands.say("补充") and "补充什么" in self._hands.words:
            await self._hands.say(FACTS)

    async def _urge(self, number: str) -> None:
        """Without the number half of the time: it is the only case."""
        await self._hands.say(self._chance.choice(("催一下", f"催一下 {number}")))

    async def _withdraw(self) -> None:
        if await self._hands.say("撤回") and self._hands.offers("不撤"):
            await (
                self._hands.tap("撤回") if self._chance.random() < 0.5 else self._hands.say("是的")
            )

    async def _result(self, unit: str, number: str) -> None:
        """Grades it when the answer has come; who is not content has it reopened, once."""
        if not await self._desk.answer(number):
            return
        if not await self._hands.notice("有答复了", number):
            return
        if self._chance.random() < 0.5:
            await (
                self._hands.tap("满意") if self._chance.random() < 0.5 else self._hands.say("满意")
            )
            return
        if await self._hands.tap("不满意") and self._hands.offers("重开"):
            await self._reopen(unit, number)

    async def _reopen(self, unit: str, number: str) -> None:
        """By the button and a sentence, or in one message."""
        if self._chance.random() < 0.5:
            if await self._hands.say(f"重开 {STILL_WRONG}") and self._hands.offers("重开"):
                await self._hands.tap("重开")
        elif await self._hands.tap("重开") and "哪里还没解决" in self._hands.words:
            await self._hands.say(STILL_WRONG)
        if "已重开" not in self._hands.words:
            return
        self._desk.put(unit, number)
        if await self._desk.answer(number) and await self._hands.notice("有答复了", number):
            await self._hands.tap("满意")
