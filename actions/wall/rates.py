"""The one place where counts become figures that a wall shows. Pure.

- Fewer than the minimum: how many there are, and no share.
- A wall is looked at all day: somebody who saw the citizen at the counter and then the figure move
  would know the grade. So a figure that is shown moves only when `STEP` more citizens have rated;
  until then it stays as it was, its n with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actions.reports.intervals import Counts, Formula, percent, percent_range

STEP = 5  # citizens

type Held = dict[str, Counts]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `n` ratings as it is printed; empty texts and None where there are too few."""

    n: int
    percent: str = ""
    interval: str = ""
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """By which formula shares are computed, and from how many ratings on they are shown."""

    formula: Formula
    minimum: int

    def shown(self, counts: Counts) -> Rate:
        """The figure as a screen may show it."""
        share, interval = self.formula.satisfaction(counts), self.formula.interval(counts)
        if share is None or interval is None or not self._enough(counts):
            return Rate(counts.total)
        low, high = interval
        return Rate(
            counts.total,
            percent(share),
            percent_range(low, high),
            round(float(share), 4),
            round(low, 4),
            round(high, 4),
        )

    def trend(self, now: Counts, before: Counts) -> str:
        """up or down where the two differ by more than chance explains, else empty."""
        ours, theirs = self.formula.interval(now), self.formula.interval(before)
        if ours is None or theirs is None or not self._enough(now) or not self._enough(before):
            return ""
        if ours[0] > theirs[1]:
            return "up"
        return "down" if ours[1] < theirs[0] else ""

    def held(self, counted: Mapping[str, Counts], before: Mapping[str, Counts]) -> Held:
        """What may be shown now, where `before` has been shown: each figure of the two that stands.

        A figure that nobody counts any more is dropped; `counted` names all there are.
        """
        return {
            key: before[key] if key in before and self._too_near(counts, before[key]) else counts
            for key, counts in counted.items()
        }

    def _too_near(self, now: Counts, before: Counts) -> bool:
        moved = (
            abs(now.satisfied - before.satisfied)
            + abs(now.basically - before.basically)
            + abs(now.unsatisfied - before.unsatisfied)
        )
        return self._enough(before) and moved < STEP

    def _enough(self, counts: Counts) -> bool:
        return counts.total >= max(self.minimum, 1)
