"""Shares printed honestly: the satisfaction formulas, the Wilson interval, percentages. Pure.

How percentages are rounded, everywhere in the product:

- half up, to one decimal: 33,563 of 139,976 is 24.0%;
- to two decimals above 99.9% and below 0.1%, where one would hide what is left: 938,339 of 939,199
  is 99.91%;
- "100%" and "0%" only for all and for none; what is closer than that is ">99.99%" and "<0.01%";
- the ends of an interval are rounded outwards, so that it never looks surer than it is;
- a float is taken as it is written: 0.976 is 97.6%.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

Z95 = 1.959963984540054  # the standard normal's 97.5 % point


@dataclass(frozen=True, slots=True)
class Counts:
    """Valid ratings by grade; silence is in none of them."""

    satisfied: int
    basically: int
    unsatisfied: int

    @property
    def total(self) -> int:
        return self.satisfied + self.basically + self.unsatisfied


@dataclass(frozen=True, slots=True)
class Formula:
    """How satisfaction is computed. A change of the rule is a new version, never an edit."""

    name: str
    version: int
    label: str
    label_en: str
    basically_counts: Fraction

    def satisfaction(self, counts: Counts) -> Fraction | None:
        """The share of satisfaction, 0 to 1; None when nobody rated."""
        if not counts.total:
            return None
        return Fraction(*self._ratio(counts))

    def share(self, counts: Counts) -> float | None:
        """The satisfaction as the float nearest to it."""
        if not counts.total:
            return None
        part, whole = self._ratio(counts)
        return part / whole

    def interval(self, counts: Counts) -> tuple[float, float] | None:
        """The 95 % interval of the satisfaction; None when nobody rated.

        Where "basically" counts half, this is Wilson's interval for the same mean. Grades within
        0 to 1 vary no more than yes-or-no of the same mean, so it is wide enough.
        """
        part, _ = self._ratio(counts)
        return wilson(part / self.basically_counts.denominator, counts.total)

    def _ratio(self, counts: Counts) -> tuple[int, int]:
        """What the satisfaction is a part of what, in whole numbers."""
        whole, part = self.basically_counts.denominator, self.basically_counts.numerator
        return counts.satisfied * whole + counts.basically * part, counts.total * whole


SATISFIED_ONLY = Formula(
    "satisfied_only", 1, "满意 ÷ 全部有效评价", "satisfied ÷ all valid ratings", Fraction(0)
)
SATISFIED_OR_BASICALLY = Formula(
    "satisfied_or_basically",
    1,
    "（满意＋基本满意）÷ 全部有效评价",
    "(satisfied + basically satisfied) ÷ all valid ratings",
    Fraction(1),
)
BASICALLY_HALF = Formula(
    "basically_half",
    1,
    "（满意＋基本满意×½）÷ 全部有效评价",
    "(satisfied + ½ basically satisfied) ÷ all valid ratings",
    Fraction(1, 2),
)
FORMULAS = {
    formula.name: formula for formula in (SATISFIED_ONLY, SATISFIED_OR_BASICALLY, BASICALLY_HALF)
}


def wilson(successes: float, total: int, z: float = Z95) -> tuple[float, float] | None:
    """Wilson's score interval of a share (Wilson 1927), 95 % by default; None without a total.

    0 ≤ low ≤ successes / total ≤ high ≤ 1. Raises ValueError when more succeeded than there were.
    """
    if not 0 <= successes <= total:
        raise ValueError(f"{successes} of {total} is no share")
    if not total:
        return None
    share = successes / total
    square = z * z / total
    centre = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / total + square / (4 * total)) / (1 + square)
    # At none and at all the bound is exactly 0 and 1; floating point misses it by a hair.
    low = 0.0 if successes == 0 else max(0.0, min(centre - half, share))
    high = 1.0 if successes == total else min(1.0, max(centre + half, share))
    return low, high


def percent(part: Fraction | float, whole: int = 1) -> str:
    """part / whole as a percentage, by the rules above: percent(938_339, 939_199) is "99.91%".

    Raises ValueError when the share is not within 0 to 1.
    """
    share = Fraction(str(part)) / whole
    if not 0 <= share <= 1:
        raise ValueError(f"{part} of {whole} is no share")
    if share in (0, 1):
        return f"{int(share * 100)}%"
    if share > Fraction(9999, 10_000):
        return ">99.99%"
    if share < Fraction(1, 10_000):
        return "<0.01%"
    decimals = 2 if share > Fraction(999, 1000) or share < Fraction(1, 1000) else 1
    return _fixed(share, decimals, Fraction(1, 2))


def percent_range(low: float, high: float) -> str:
    """An interval as percentages to one decimal, rounded outwards: "97.6–98.5%"."""
    first, last = Fraction(str(low)), Fraction(str(high))
    return f"{_fixed(first, 1, Fraction(0))[:-1]}–{_fixed(last, 1, None)}"


def _fixed(share: Fraction, decimals: int, up_by: Fraction | None) -> str:
    """The percentage to so many decimals; `up_by` 0 cuts, 1/2 rounds half up, None rounds up."""
    scaled = share * 100 * 10**decimals
    steps = math.ceil(scaled) if up_by is None else math.floor(scaled + up_by)
    return f"{steps // 10**decimals}.{steps % 10**decimals:0{decimals}d}%"
