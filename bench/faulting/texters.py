"""Citizens who have no WeChat: a code is typed into a text message, and digits are written back."""

from __future__ import annotations

import random

from bench.dialogues import LONGEST, NUMBER
from bench.faulting.followers import Desk
from bench.faulting.hands import Hands

GRADES = ("满意", "基本满意", "不满意")
ASKED = (("哪方面", "1"), ("一句话", "窗口没人，等了俩小时"), ("电话", "不留"))


class Texter:
    """One phone with text messages."""

    def __init__(self, hands: Hands, desk: Desk, chance: random.Random) -> None:
        self._hands = hands
        self._desk = desk
        self._chance = chance

    async def play(self, scene: str, unit: str) -> bool:
        """Rates a place; who is not content opens a case and later grades its result."""
        if not await self._hands.say(scene) or "回1满意" not in self._hands.words:
            return False
        content = self._chance.random() < 0.7
        if not await self._hands.say("1" if content else str(len(GRADES))):
            return False
        return "谢谢" in self._hands.words if content else await self._unsatisfied(unit)

    async def _unsatisfied(self, unit: str) -> bool:
        for _ in range(LONGEST):
            number = NUMBER.search(self._hands.words)
            if number is not None:
                self._desk.put(unit, number[0])
                return await self._result(number[0])
            answer = next((a for asked, a in ASKED if asked in self._hands.words), "跳过")
            if not await self._hands.say(answer):
                return False
        return False

    async def _result(self, number: str) -> bool:
        """Writes the digit that the notice of the answer asks for."""
        if not await self._desk.answer(number):
            return True
        if not await self._hands.notice(number, "回1满意"):
            return True  # it went astray: the auditor knows
        return await self._hands.say("1")
