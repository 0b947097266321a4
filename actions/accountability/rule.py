"""A rule about units, and what a month's figures say of a unit under it. Pure.

Nobody is singled out on a guess. A unit stands at the rule's place only when the ratings leave no
doubt of it, whatever the true shares within their intervals:

- among the last N of k: at least k - N units are certainly better (`Placed.rank` > k - N);
- certainly not: at least N are certainly worse (`Placed.to` ≤ k - N);
- else it cannot be told; and so with the first N, the other way round.

Too few ratings of a unit, or too few units with enough of them, are no standing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from actions.figures.ranking import Entry, Placed, rank
from actions.reports.intervals import Formula


class RuledBy(StrEnum):
    SATISFACTION = "satisfaction"
    SUBSTANTIATED = "substantiated"  # cases found so in the month, duplicates once


class Place(StrEnum):
    BOTTOM = "bottom"
    TOP = "top"
    AT_LEAST = "at_least"


class Counted(StrEnum):
    RUNNING = "running"  # months directly one after the other, over a year's end too
    YEAR = "year"  # months of one calendar year


@dataclass(frozen=True, slots=True)
class Rule:
    """As the policy has it; `compare` is a kind of unit, `to` a level that decides."""

    name: str
    title: str
    title_en: str
    compare: str
    figure: RuledBy
    place: Place
    count: int
    months: int
    counted: Counted
    minimum: int
    among: int
    ways: tuple[str, ...]
    proposal: str
    proposal_en: str
    to: str


class Standing(StrEnum):
    """Of a unit in a month."""

    THERE = "there"  # certainly where the rule looks
    NOT = "not"  # certainly not
    UNTOLD = "untold"  # it cannot be told
    TOO_FEW = "too_few"  # too few ratings, or none
    FEW_UNITS = "few_units"  # enough ratings, but too few units to compare


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """`n` are ratings, or cases. The rest is there for ranked units only: the place lies between
    `rank` and `to` of the `of` units ranked; `came` is how many ratings came by channel and way.
    """

    month: date
    standing: Standing
    n: int
    share: float | None = None
    interval: tuple[float, float] | None = None
    rank: int | None = None
    to: int | None = None
    of: int | None = None
    came: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What was counted of the units of the rule's kind in a month. A unit without a line in `cases`
    or `came` had none; `entries` holds every unit.
    """

    entries: tuple[Entry, ...]
    cases: Mapping[int, int]
    came: Mapping[int, tuple[tuple[str, str, int], ...]]


def standings(
    rule: Rule, formula: Formula, month: date, figures: MonthFigures
) -> dict[int, UnitMonth]:
    """What the month says of every unit under the rule."""
    if rule.figure is RuledBy.SUBSTANTIATED:
        return {
            entry.unit_id: _by_cases(rule, month, figures.cases.get(entry.unit_id, 0))
            for entry in figures.entries
        }
    ranking = rank(figures.entries, formula, rule.minimum)
    found = {each.unit_id: _few(month, each, Standing.TOO_FEW) for each in ranking.too_few}
    of = len(ranking.placed)
    for placed in ranking.placed:
        unit_id = placed.entry.unit_id
        if of < rule.among:
            found[unit_id] = _few(month, placed.entry, Standing.FEW_UNITS)
        else:
            came = figures.came.get(unit_id, ())
            found[unit_id] = _ranked(rule, month, placed, of, came)
    return found


def _by_cases(rule: Rule, month: date, n: int) -> UnitMonth:
    return UnitMonth(month, Standing.THERE if n >= rule.count else Standing.NOT, n)


def _few(month: date, entry: Entry, standing: Standing) -> UnitMonth:
    return UnitMonth(month, standing, entry.counts.total)


def _ranked(
    rule: Rule, month: date, placed: Placed, of: int, came: Iterable[tuple[str, str, int]]
) -> UnitMonth:
    return UnitMonth(
        month,
        _standing(rule, placed, of),
        placed.entry.counts.total,
        placed.share,
        placed.interval,
        placed.rank,
        placed.to,
        of,
        tuple(came),
    )


def _standing(rule: Rule, placed: Placed, of: int) -> Standing:
    """`rank` - 1 units are certainly better, `of` - `to` certainly worse."""
    last = of - rule.count
    if rule.place is Place.BOTTOM:
        there, never = placed.rank > last, placed.to <= last
    else:
        there, never = placed.to <= rule.count, placed.rank > rule.count
    if there:
        return Standing.THERE
    return Standing.NOT if never else Standing.UNTOLD
