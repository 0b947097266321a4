"""The carrier: who has which number, what reaches a phone, who has had too many messages."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.simulator.clock import Clock
from bot.simulator.config import FakeSmsConfig
from bot.simulator.transcript import Entry, Transcript

CHANNEL = "sms"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(slots=True)
class Handset:
    """A phone. `number` as in E.164, digits only; a phone that is off gets nothing."""

    number: str
    name: str
    on: bool = True
    got: deque[datetime] = field(default_factory=deque)


class Carrier:
    """Shared by the clouds, the SMSC and the phones."""

    def __init__(self, config: FakeSmsConfig, clock: Clock, transcript: Transcript) -> None:
        self.config = config
        self.transcript = transcript
        self.balance = config.balance
        self._clock = clock
        self._handsets: dict[str, Handset] = {}

    def phone(self, name: str, number: str = "") -> Handset:
        """The phone of that name; a new one, with the next free number, if nobody has it yet."""
        found = next((h for h in self._handsets.values() if h.name == name), None)
        if found is not None and number in ("", found.number):
            return found
        if found is not None:
            del self._handsets[found.number]
        return self._give(number or self._free_number(), name)

    def by_number(self, number: str) -> Handset:
        """Whoever has the number; a phone called like the number if nobody is known to."""
        return self._handsets.get(number) or self._give(number, f"{number[-11:]}")

    def handsets(self) -> list[Handset]:
        return list(self._handsets.values())

    def had_too_many(self, number: str) -> str:
        """`hour`, `day` or '': which count one more message would be beyond; else it is counted."""
        handset, now = self.by_number(number), self._clock.now()
        while handset.got and handset.got[0] <= now - DAY:
            handset.got.popleft()
        if len(handset.got) >= self.config.per_day:
            return "day"
        if sum(1 for at in handset.got if at > now - HOUR) >= self.config.per_hour:
            return "hour"
        handset.got.append(now)
        return ""

    def bring(self, number: str, text: str, via: str) -> bool:
        """Shows a message on its phone; False for one that is off."""
        handset = self.by_number(number)
        if not handset.on:
            return False
        self.transcript.add(CHANNEL, handset.name, "received", text=text, via=via)
        return True

    def writes(self, name: str, text: str) -> tuple[Handset, Entry]:
        """What somebody writes to our number, as their phone shows it."""
        handset = self.phone(name)
        entry = self.transcript.add(CHANNEL, name, "sent", text=text, state="sending")
        return handset, entry

    def _give(self, number: str, name: str) -> Handset:
        """Whoever had the number before has it no more."""
        self._handsets[number] = Handset(number, name)
        return self._handsets[number]

    def _free_number(self) -> str:
        place = 1
        while f"861390000{place:04}" in self._handsets:
            place += 1
        return f"861390000{place:04}"
