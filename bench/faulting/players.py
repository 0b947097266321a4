"""What citizens and officers do in a campaign. Who is sent astray by a fault begins again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

from bench.dialogues import COMPLAINT, LONGEST, NUMBER
from bench.faulting.followers import Desk, Follower
from bench.faulting.hands import Hands
from bench.faulting.log import Log
from bench.faulting.texters import Texter
from bot.demo.people import OFFICERS, Chat, phone_of
from bot.simulator.driver import Driver

TRIES = 3
AGAIN = 1.5  # seconds: WeChat's events tell no more than the second, and two scans in one are one
UNITS = {"mdl": "明德里派出所", "nz": "南站派出所"}  # a scene's beginning, and the stations' names
VERBS = (  # what is typed for a case, in this order
    "接单 {number}",
    "回访 {number} 打通了 群众说等了两小时",
    "核查 {number} 属实 监控看到等了一小时",
    "整改 {number} 中午加了一个窗口",
    "告诉 {number} 正在处理，明天给您结果",
    "答复 {number} 已加窗口，以后不用等了",
)
_PHONE = "139 0000 0000"


class Citizens:
    """Makes people up and plays their dialogues. `places`: scenes of stations with officers."""

    def __init__(
        self, driver: Driver, log: Log, desk: Desk, places: Sequence[str], chance: random.Random
    ) -> None:
        self._driver = driver
        self._log = log
        self._desk = desk
        self._places = places
        self._chance = chance
        self._made = 0

    async def play(self, name: str, what: str) -> None:
        """One person's dialogue: satisfied, unsatisfied, complaint (the last two are followed up),
        or all of it by text message.
        """
        phone = self._driver.sms(name) if what == "by_sms" else self._driver.wechat(name)
        hands = Hands(phone, self._log)
        scene = self._chance.choice(self._places)
        for _ in range(TRIES):
            if await self._once(hands, what, scene):
                self._log.finished += 1
                return
            await asyncio.sleep(AGAIN)
        self._log.gave_up += 1

    async def _once(self, hands: Hands, what: str, scene: str) -> bool:
        if what == "by_sms":
            return await Texter(hands, self._desk, self._chance).play(scene, scene.split("-")[0])
        if what == "complaint":
            return await self._complaint(hands, scene.split("-")[0])
        if not await hands.scan(scene) or not hands.offers("满意"):
            return False
        if what == "satisfied":
            done = await (hands.tap("满意") if self._chance.random() < 0.5 else hands.say("1"))
            return done and "谢谢" in hands.words
        return await self._unsatisfied(hands, scene.split("-")[0])

    async def _unsatisfied(self, hands: Hands, unit: str) -> bool:
        if not await hands.tap("不满意") or not hands.offers("太慢"):
            return False
        if not await hands.tap("太慢") or not await hands.say("等了俩小时没人理"):
            return False
        return await hands.say(_PHONE) and await self._case(hands, unit)

    async def _complaint(self, hands: Hands, unit: str) -> bool:
        station = UNITS[unit]
        if not await hands.say(f"我要投诉，{station}的人态度特别差，说话很冲"):
            return False
        for _ in range(LONGEST):
            if "编号" in hands.words:
                return await self._case(hands, unit)
            if hands.offers("提交"):
                if not await hands.tap("提交"):
                    return False
                continue
            asked = (answer for question, answer in COMPLAINT if question in hands.words)
            answer = next(asked, "跳过").replace("南站派出所", station)
            if not await hands.say(answer):
                return False
        return False

    async def _case(self, hands: Hands, unit: str) -> bool:
        """The case goes to the officers, and whoever opened it follows it."""
        found = NUMBER.search(hands.words)
        if found is None:
            return False
        self._desk.put(unit, found[0])
        await Follower(hands, self._desk, self._chance).follow(unit, found[0])
        return True


class Officers:
    """The demonstration's four officers, each with the cases of the own station, verb by verb."""

    def __init__(
        self, driver: Driver, log: Log, desk: Desk, verbs: int, chance: random.Random
    ) -> None:
        self._driver = driver
        self._log = log
        self._desk = desk
        self._chance = chance
        self.left = verbs

    async def play(self, ended: asyncio.Event) -> None:
        """Until all verbs were said, or no case is left after the citizens have ended."""
        async with asyncio.TaskGroup() as tasks:
            for chat in OFFICERS:
                tasks.create_task(self._officer(chat, ended))
        self._desk.over.set()

    async def _officer(self, chat: Chat, ended: asyncio.Event) -> None:
        hands = Hands(phone_of(self._driver, chat), self._log)
        queue = self._desk.queue("mdl" if "明德里" in chat.unit else "nz")
        while self.left > 0:
            try:
                number = await asyncio.wait_for(queue.get(), 1.0)
            except TimeoutError:
                if ended.is_set():
                    return
                continue
            await self._work(hands, number)
            self._desk.worked[number].set()
            if self.left <= 0:
                self._desk.over.set()

    async def _work(self, hands: Hands, number: str) -> None:
        """All verbs, or the first and the last only."""
        for verb in VERBS if self._chance.random() < 0.5 else (VERBS[0], VERBS[-1]):
            if self.left <= 0:
                return
            self.left -= 1
            text = verb.format(number=number)
            pause = 2.5 if hands.phone.channel == "wecom" else 0.2  # WeCom: 30 a minute come back
            if not await hands.say(text, number):
                await asyncio.sleep(1)
            elif verb is VERBS[-1]:
                self._desk.answered.add(number)
            await asyncio.sleep(pause)
