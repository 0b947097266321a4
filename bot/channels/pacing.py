"""Our own pace, below what platforms let through: how many messages went out lately, by key."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` messages in any `seconds` seconds."""

    most: int
    seconds: int


class NoPaceError(OSError):
    """How many have gone out cannot be known now."""


class Pacer(Protocol):
    """Counts messages by key, over all processes. Keys do not wait for each other."""

    async def wait_seconds(self, key: str, count: int, limits: Sequence[Limit]) -> float:
        """0 when `count` more messages may go to `key` now; they are counted then.

        Else the seconds until they may, above 0, and none is counted. `count` is within every
        limit. Raises NoPaceError.
        """
        ...


REMEMBERED = 10_000  # keys; beyond it those are forgotten to whom nothing went lately


class MemoryPacer:
    """A Pacer of one process. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._sent: dict[str, list[float]] = defaultdict(list)
        self._longest = 0  # seconds of any limit
        self._most = REMEMBERED

    async def wait_seconds(self, key: str, count: int, limits: Sequence[Limit]) -> float:
        wait = self.look(key, count, limits)
        if not wait:
            self.note(key, count)
        return wait

    def look(self, key: str, count: int, limits: Sequence[Limit]) -> float:
        """What `wait_seconds` gives; nothing is counted."""
        now = self._clock()
        longest = max(limit.seconds for limit in limits)
        self._longest = max(self._longest, longest)
        sent = self._sent[key] = [moment for moment in self._sent[key] if moment > now - longest]
        return max(0.0, *(_wait(sent, now, count, limit) for limit in limits))

    def note(self, key: str, count: int) -> None:
        """`count` messages go to `key` now."""
        now = self._clock()
        self._sent[key].extend([now] * count)
        if len(self._sent) > self._most:
            self._forget(now - self._longest)

    def _forget(self, before: float) -> None:
        lately = {key: sent for key, sent in self._sent.items() if sent and sent[-1] > before}
        self._sent = defaultdict(list, lately)
        self._most = max(REMEMBERED, 2 * len(lately))


def _wait(sent: Sequence[float], now: float, count: int, limit: Limit) -> float:
    """Seconds until enough of `sent`, in order, have left the limit's window."""
    recent = [moment for moment in sent if moment > now - limit.seconds]
    excess = len(recent) + count - limit.most
    return recent[excess - 1] + limit.seconds - now if excess > 0 else 0.0
