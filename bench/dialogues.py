"""What citizens say, and what they must hear: the mix of conversations under load."""

from __future__ import annotations

import asyncio
import random
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bench.phones import ConversationLostError, Phone, check
from bench.tally import Tally

NUMBER = re.compile(r"Q\d{2}-\d{4,}")
PAUSE = 0.1  # seconds, so that failing at once is not a flood
LONGEST = 12  # turns of a complaint before it counts as lost

# What is asked in a complaint, and what is answered. The first that is asked counts.
COMPLAINT = (
    ("什么时候", "昨天下午三点多"),
    ("什么地方", "办证大厅"),
    ("哪个单位", "南站派出所"),
    ("不留也照办", "13900000001"),
    ("照片", "没有"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A code on a wall: its scene, and its words in the answer to a scan."""

    scene: str
    label: str


@dataclass(slots=True)
class Citizens:
    """Makes phones and plays one conversation after the other.

    `new_phone` makes the phone of somebody new. Who has a case may later ask after it.
    """

    new_phone: Callable[[], Phone]
    places: Sequence[Place]
    tally: Tally
    chance: random.Random
    waiting: deque[tuple[Phone, str]] = field(default_factory=deque)

    async def satisfied(self) -> None:
        """Two turns: a scan, then the link or its digit."""
        phone, place = self.new_phone(), self.chance.choice(self.places)
        await phone.scan(place.scene, place.label, "满意")
        if self.chance.random() < 0.5:
            await phone.tap("满意", "谢谢", "满意")
        else:
            await phone.say("1", "谢谢", "满意")

    async def unsatisfied(self) -> None:
        """Five turns to the case number."""
        phone, place = self.new_phone(), self.chance.choice(self.places)
        await phone.scan(place.scene, place.label, "不满意")
        await phone.tap("不满意", "哪方面")
        await phone.tap("太慢", "一句话")
        await phone.say("等了俩小时没人理", "不留也照办")
        await phone.say("139 0000 0000", "编号")
        self._keep(phone)

    async def complaint(self) -> None:
        """A complaint in free words, step by step to the case number."""
        phone = self.new_phone()
        await phone.say("我要投诉，南站派出所的人态度特别差，说话很冲", "投诉")
        for _ in range(LONGEST):
            heard = phone.heard.text
            if "编号" in heard:
                return self._keep(phone)
            if "提交" in phone.heard.links:
                await phone.tap("提交", "编号")
                continue
            asked = (answer for question, answer in COMPLAINT if question in heard)
            await phone.say(next(asked, "跳过"))
        self.tally.wrong("a complaint without end", phone.heard.text)
        raise ConversationLostError

    async def follow_up(self) -> None:
        """One turn by somebody who has a case (files one first while nobody has)."""
        if not self.waiting:
            await self.unsatisfied()
        phone, number = self.waiting.popleft()
        await phone.say("我的案件", number)
        self.waiting.append((phone, number))

    def _keep(self, phone: Phone) -> None:
        found = NUMBER.search(phone.heard.text)
        if found is None:
            check(self.tally, "receipt", phone.heard.text, ("Q",))
            return
        self.waiting.append((phone, found[0]))

    async def echo(self) -> None:
        """For the floor: a scan and a line, both said back."""
        phone, place = self.new_phone(), self.chance.choice(self.places)
        await phone.scan(place.scene, place.scene)
        await phone.say("等了俩小时没人理", "等了俩小时没人理")

    async def stock_satisfied(self) -> None:
        """Two turns, both tapped."""
        phone, place = self.new_phone(), self.chance.choice(self.places)
        await phone.scan(place.scene, "满意")
        await phone.tap("满意", "谢谢")

    async def stock_scan_typed(self) -> None:
        """Two turns, the second in words."""
        phone, place = self.new_phone(), self.chance.choice(self.places)
        await phone.scan(place.scene, "满意")
        await phone.say("挺满意的", "谢谢")

    async def stock_typed(self) -> None:
        """Three turns in words."""
        phone = self.new_phone()
        await phone.say("你好", "您好")
        await phone.say("我要评价", "满意")
        await phone.say("不太满意", "抱歉")


type Dialogue = Callable[[Citizens], Awaitable[None]]

# Shares of conversations, in percent.
MIXES: dict[str, tuple[tuple[int, Dialogue], ...]] = {
    "echo": ((100, Citizens.echo),),
    "huiyin": (
        (80, Citizens.satisfied),
        (10, Citizens.unsatisfied),
        (5, Citizens.complaint),
        (5, Citizens.follow_up),
    ),
    "stock": (
        (80, Citizens.stock_satisfied),
        (10, Citizens.stock_scan_typed),
        (10, Citizens.stock_typed),
    ),
}


async def converse(citizens: Citizens, mix: str) -> None:
    """One conversation of the mix, to its end or to its first wrong answer."""
    shares, dialogues = zip(*MIXES[mix], strict=True)
    dialogue = citizens.chance.choices(dialogues, weights=shares)[0]
    try:
        await dialogue(citizens)
    except ConversationLostError:
        citizens.tally.ended("lost")
        await asyncio.sleep(PAUSE)
    else:
        citizens.tally.ended(dialogue.__name__)
