"""People's answers, through the gateway's own turn: inbox, invitation, rating, case."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from actions import clock
from bench.replaying.hours import Hours
from bench.replaying.phones import Phones
from bench.replaying.plan import Answer
from bot.app import Bot
from bot.message import Incoming, Kind, Outgoing

AT_ONCE = 12
LOST = timedelta(minutes=5)  # by then the lease of a turn that broke off is over
SENTENCES = {  # what is said back, by words of the notices' wording
    "asked again": "没看明白",
    "a remark kept": "这句也记下了",
    "not counted, rated already": "已经评过了",
    "not counted, too late": "时间已经过了",
    "asks nobody again": "不再请您评价",
    "a case opened": "抱歉，没办好",
    "thanked": "谢谢，记下了",
}


class Answering:
    """`said` counts answers by what was said back; `wrong` keeps a few that were not expected."""

    def __init__(self, bot: Bot, phones: Phones, hours: Hours) -> None:
        self._bot = bot
        self._phones = phones
        self._hours = hours
        self._messages = 0
        self.said: Counter[str] = Counter()
        self.wrong: list[str] = []

    @property
    def messages(self) -> int:
        """How many different messages came in."""
        return self._messages

    async def day(self, answers: Sequence[Answer]) -> None:
        """The day's answers, some at once; each person's own one after the other."""
        waiting = iter(answers)

        async def some(mine: Iterator[Answer]) -> None:
            for answer in mine:
                await self._answer(answer)

        await asyncio.gather(*(some(waiting) for _ in range(AT_ONCE)))

    async def _answer(self, answer: Answer) -> None:
        texts = list(answer.texts)
        if answer.by_code:
            code = self._phones.codes.get(f"+86{answer.asked}", "")
            texts[-1] = f"{code} {texts[-1]}"
        for text in texts:
            await self._send(answer.sender, text, twice=answer.twice)

    async def _send(self, sender: str, text: str, *, twice: bool) -> None:
        """Hands one message in; delivered again it must be answered in the same words."""
        self._messages += 1
        name = f"m{self._messages}"
        first = await self._deliver(sender, text, name)
        if first is None:
            self.said["answered by a message of its own, late"] += 1
            return
        if twice and await self._deliver(sender, text, name) != first:
            self.wrong = [*self.wrong, f"{text}: not the same twice"][:12]
        kind = next((kind for kind, words in SENTENCES.items() if words in first), "")
        if not kind:
            self.wrong = [*self.wrong, f"{text}: {first or 'nothing said'}"][:12]
        self.said[kind or "something else"] += 1

    async def _deliver(self, sender: str, text: str, name: str) -> str | None:
        """The answer; None when there was none in time. Then the message is delivered once more
        when whoever began on it has lost it, as providers do, and its answer is pushed.
        """
        incoming = Incoming("sms", f"+86{sender}", name, Kind.TEXT, clock.now(), text=text)
        said: Sequence[Outgoing] | None = await self._bot.gateway.receive(incoming, wait=30)
        if said is not None:
            return "\n".join(each.text for each in said)
        self._hours.pass_by(LOST)
        await self._bot.gateway.receive(incoming, wait=30)
        await self._bot.gateway.settle(60)
        return None
