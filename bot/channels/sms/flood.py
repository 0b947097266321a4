"""One number that floods us is passed over for a while; each process counts for itself."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

MOST, SECONDS = 20, 60.0  # replies of one number
_REMEMBERED = 20_000  # numbers; the longest silent is forgotten first


class Flood:
    """`clock` gives seconds. `passed_over`: how many were too much, since the start."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.passed_over = 0
        self._seen: OrderedDict[str, list[float]] = OrderedDict()

    def is_too_much(self, number: str) -> bool:
        """Counts one more from the number; True when it is beyond the limit."""
        now = self._clock()
        moments = [at for at in self._seen.pop(number, []) if at > now - SECONDS]
        too_much = len(moments) >= MOST
        self._seen[number] = moments if too_much else [*moments, now]
        self.passed_over += too_much
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return too_much
