"""A ranking that claims no more than the ratings show. Pure.

- A unit is ranked behind those only that are certainly better: whose interval lies wholly above its
  own. Units that cannot be told apart share a rank: rank = 1 + how many are certainly better.
- Too few ratings are no rank at all (`minimum`, of the policy).
- The order within a shared rank is that of the intervals' lower ends, the better first; equal ones
  stand by name. It is how they are listed, not who is better.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from actions.reports.intervals import Counts, Formula


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit that is compared; `kind` as the tree of units has it, so that like meets like."""

    unit_id: int
    label: str
    kind: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Placed:
    """`rank` is the best place that it may have, `to` the worst: 2 to 5 of 9, say."""

    entry: Entry
    share: float
    interval: tuple[float, float]
    rank: int
    to: int


@dataclass(frozen=True, slots=True)
class Ranking:
    placed: list[Placed]
    too_few: list[Entry]

    @property
    def certainly_last(self) -> list[Placed]:
        """Those that everybody who is not among them is certainly better than; [] when the last
        cannot be told from the first.
        """
        worst = max((each.rank for each in self.placed), default=1)
        last = [each for each in self.placed if each.rank == worst]
        # Each of them has worst - 1 certainly better; somebody between is told from neither side.
        return last if worst - 1 == len(self.placed) - len(last) > 0 else []


def rank(entries: Iterable[Entry], formula: Formula, minimum: int) -> Ranking:
    """Ranks what has at least `minimum` (1 or more) ratings."""
    all_of_them = sorted(entries, key=lambda entry: entry.label)
    enough = [entry for entry in all_of_them if entry.counts.total >= minimum]
    measured = [(entry, *_measured(entry, formula)) for entry in enough]
    lows = sorted(interval[0] for _, _, interval in measured)
    highs = sorted(interval[1] for _, _, interval in measured)
    placed = [
        Placed(
            entry,
            share,
            (low, high),
            1 + len(lows) - bisect_right(lows, high),
            len(highs) - bisect_left(highs, low),
        )
        for entry, share, (low, high) in measured
    ]
    placed.sort(key=lambda each: (each.rank, -each.interval[0], -each.share, each.entry.label))
    return Ranking(placed, [entry for entry in all_of_them if entry.counts.total < minimum])


def _measured(entry: Entry, formula: Formula) -> tuple[float, tuple[float, float]]:
    share, interval = formula.share(entry.counts), formula.interval(entry.counts)
    if share is None or interval is None:
        raise ValueError("a unit without ratings cannot be ranked: the minimum is 1 at least")
    return share, interval
