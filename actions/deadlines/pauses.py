"""When a deadline's clock stood still."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

type Pause = tuple[datetime, datetime | None]
"""From when to when the clock stands, aware; None: it stands still now."""

type Stretch = tuple[datetime, datetime | None]


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; raises ValueError where the time zone is missing."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC)


class Pauses:
    """The pauses of one clock: in order, merged where they touch, in UTC.

    A pause that ends before it begins is none. A pause without an end swallows all later ones.
    """

    def __init__(self, pauses: Iterable[Pause] = ()) -> None:
        merged: list[Stretch] = []
        for first, last in sorted(map(_in_utc, pauses), key=lambda each: each[0]):
            if last is not None and last <= first:
                continue
            before = merged[-1] if merged else None
            if before is None or (before[1] is not None and before[1] < first):
                merged.append((first, last))
            elif before[1] is not None:
                merged[-1] = (before[0], None if last is None else max(before[1], last))
        self._merged = merged
        self._firsts = [first for first, _ in merged]

    def __bool__(self) -> bool:
        return bool(self._merged)

    def covering(self, moment: datetime) -> Stretch | None:
        """The pause in which the clock had not run up to `moment` (UTC).

        A pause that begins at `moment` does not cover it, one that ends at it does: what was due
        at a moment is not undone by a pause from that moment on.
        """
        index = bisect_left(self._firsts, moment) - 1
        if index < 0:
            return None
        first, last = self._merged[index]
        return (first, last) if last is None or moment <= last else None

    def running(self, start: datetime) -> Iterator[Stretch]:
        """The stretches from `start` (UTC) on in which the clock runs; an end None: for ever."""
        at = start
        for first, last in self._merged:
            if last is not None and last <= at:
                continue
            if first > at:
                yield at, first
            if last is None:
                return
            at = last
        yield at, None


def _in_utc(pause: Pause) -> Stretch:
    first, last = pause
    return utc(first), None if last is None else utc(last)
