"""What an edge is to the campaign: something that takes bad input, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bench.fuzzing.house import House
from bench.fuzzing.values import Dice
from bench.fuzzing.wire import Answer, Sending


class Edge(Protocol):
    """`forged`: nobody may do anything here; not a row may change, and nothing may be accepted.
    `inside`: the action server's port, not the gateway's."""

    name: str
    forged: bool
    inside: bool

    def make(self, dice: Dice) -> Sending:
        """The next request."""
        ...

    def judge(self, sending: Sending, answer: Answer) -> str:
        """What is wrong with the answer beyond what is wrong anywhere; empty: nothing."""
        ...

    async def after(self, house: House) -> list[str]:
        """What is half done or wrong in the database afterwards."""
        ...


@dataclass
class Posts:
    """An edge that is made of one function."""

    name: str
    send: Callable[[Dice], Sending]
    forged: bool = False
    inside: bool = False
    judging: Callable[[Sending, Answer], str] = field(default=lambda sending, answer: "")

    def make(self, dice: Dice) -> Sending:
        return self.send(dice)

    def judge(self, sending: Sending, answer: Answer) -> str:
        return self.judging(sending, answer)

    async def after(self, house: House) -> list[str]:
        return []
