"""Whether a group's share of all who wrote has changed, or the difference may be chance. Pure.

Of everybody who wrote in the two periods some wrote of this thing. If nothing had changed, how
those fall on the two periods would be chance (Fisher's exact test, the hypergeometric tail). What
would come by chance in one of a hundred groups at most is called a change. So of many groups in
which nothing has changed now and then one is called changed: of 25 groups, in every fourth report
(simulated). Holding all groups together to 5 % would be safer, and would miss 20 of 391 citizens
after 9 of 474, which a chief wants to see; both counts stand beside it.

Counted are citizens: one who writes ten times is one. Shares are compared, not counts: where twice
as many wrote of everything, nothing is rising.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from actions.topics.report import Trend

CHANCE = 0.01  # in either direction


@dataclass(frozen=True, slots=True)
class Citizens:
    """How many wrote of a thing, now and in the period before."""

    now: int
    before: int


def trends(groups: Sequence[Citizens], now: int, before: int) -> list[Trend]:
    """The trend of each group, where so many citizens wrote of anything now and before.

    Raises ValueError when a group has more citizens than wrote.
    """
    return [_trend(group, *_tails(group, now, before)) for group in groups]


def _trend(group: Citizens, more: float, fewer: float) -> Trend:
    if more <= CHANCE:
        return Trend.RISING if group.before else Trend.NEW
    return Trend.FALLING if fewer <= CHANCE else Trend.STEADY


def _tails(group: Citizens, now: int, before: int) -> tuple[float, float]:
    """How likely so many or more, and so few or fewer, fall on now by chance."""
    if group.now > now or group.before > before:
        raise ValueError("a group has more citizens than there are")
    of_it, everybody = group.now + group.before, now + before
    least, most = max(0, of_it - before), min(of_it, now)
    chances = {
        n: math.exp(_choose(now, n) + _choose(before, of_it - n) - _choose(everybody, of_it))
        for n in range(least, most + 1)
    }
    more = sum(chance for n, chance in chances.items() if n >= group.now)
    fewer = sum(chance for n, chance in chances.items() if n <= group.now)
    return more, fewer


def _choose(n: int, k: int) -> float:
    """The logarithm of n over k."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
