"""Which of several Rasas a conversation goes to: always the same one, while that one is there."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence

REST = 3.0  # seconds for which one that could not be reached is asked last
HUNG = 30.0  # the same for one that took a turn and never answered


class Replicas:
    def __init__(self, urls: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        """`urls`: at least one, without repetition. Raises ValueError else."""
        if not urls or len(set(urls)) != len(urls):
            raise ValueError("needs the address of at least one Rasa, each once")
        self.urls = tuple(urls)
        self._clock = clock
        self._resting: dict[str, float] = {}

    def order(self, conversation: str) -> list[str]:
        """All of them, in the order in which they are to be tried.

        Rendezvous hashing: each conversation has an order of its own, so that what one cannot
        answer spreads over all others, and comes back to it afterwards. Who rests comes last.
        """
        if len(self.urls) == 1:
            return [self.urls[0]]
        now = self._clock()
        return sorted(
            self.urls,
            key=lambda url: (self._resting.get(url, 0.0) > now, _weight(url, conversation)),
        )

    def away(self, url: str, seconds: float) -> None:
        """Others are asked before it for so long."""
        self._resting[url] = self._clock() + seconds


def _weight(url: str, conversation: str) -> bytes:
    return hashlib.blake2b(f"{url} {conversation}".encode(), digest_size=8).digest()


def addresses(text: str) -> list[str]:
    """`http://a,http://b` as addresses, without slashes at their ends."""
    return [part.strip().rstrip("/") for part in text.split(",") if part.strip()]
