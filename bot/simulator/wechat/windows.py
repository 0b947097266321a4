"""How many customer messages the account may still send to a follower.

A message of the follower allows 5 within 48 hours. A tap on the fixed menu or a menu message, a
scan and a follow allow 3 within one minute. What happens when they follow each other is nowhere
said; here each kind keeps its own count, a new trigger renews its own, and the one that ends
first is used up first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Trigger(StrEnum):
    """What a follower did that opens a window."""

    MESSAGE = "message"
    TOUCH = "touch"  # menu, menu message, scan, follow


ALLOWANCE: dict[Trigger, tuple[int, timedelta]] = {
    Trigger.MESSAGE: (5, timedelta(hours=48)),
    Trigger.TOUCH: (3, timedelta(minutes=1)),
}


@dataclass(slots=True)
class Window:
    """Messages left, until when."""

    left: int
    until: datetime


class Windows:
    """The windows of one follower."""

    def __init__(self) -> None:
        self._open: dict[Trigger, Window] = {}

    def open(self, trigger: Trigger, now: datetime) -> None:
        count, span = ALLOWANCE[trigger]
        self._open[trigger] = Window(count, now + span)

    def spend(self, now: datetime) -> int:
        """Uses one message. 0, or the platform's error: 45015 (too late), 45047 (too many)."""
        still = sorted((w for w in self._open.values() if w.until > now), key=lambda w: w.until)
        if not still:
            return 45015
        for window in still:
            if window.left > 0:
                window.left -= 1
                return 0
        return 45047

    def close(self) -> None:
        self._open.clear()
