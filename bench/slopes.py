"""A straight line through readings, and how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

HOUR = 3600.0
NEEDED = 3  # readings; a line goes through two whatever they are
SURE = 1.96  # standard errors to each side hold the true slope in 95 of 100 runs


@dataclass(frozen=True, slots=True)
class Slope:
    """Units a second, with its standard error (nan: too few readings)."""

    each_second: float
    error: float

    @property
    def an_hour(self) -> tuple[float, float]:
        """Units an hour, and how much more or less it may be (95 %)."""
        return self.each_second * HOUR, self.error * HOUR * SURE


def slope(times: Sequence[float], values: Sequence[float]) -> Slope:
    """The least-squares line through `values` at `times` (seconds).

    The error takes readings for independent of each other. Memory is not (it steps), so that the
    true error is greater.
    """
    count = len(times)
    if count < NEEDED:
        return Slope(math.nan, math.nan)
    middle, level = sum(times) / count, sum(values) / count
    spread = sum((time - middle) ** 2 for time in times)
    if spread == 0:
        return Slope(math.nan, math.nan)
    rise = sum((t - middle) * (v - level) for t, v in zip(times, values, strict=True)) / spread
    left = sum((v - level - rise * (t - middle)) ** 2 for t, v in zip(times, values, strict=True))
    return Slope(rise, math.sqrt(left / (count - 2) / spread))
