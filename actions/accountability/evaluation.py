"""What a rule says at the end of a month: proposals, and why not. Pure.

- Running: the months directly before count, over a year's end too. A month in which a unit does
  certainly not stand there, in which it cannot be told, or with too few ratings breaks the run:
  doubt is for the unit. No month counts twice: after three running months the next proposal of a
  rule of three comes with the sixth.
- In a year: the months of the calendar year, from January. The Nth time proposes; later ones do not
  again.
- "It cannot be told" is said when every month that is needed is certain or may be, and one at least
  only may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from actions.accountability.rule import Counted, MonthFigures, Rule, Standing, UnitMonth, standings
from actions.reports.intervals import Formula

LOOK_BACK = 36  # months before the one looked at: no run is followed further
IN_A_YEAR = 11


class Outcome(StrEnum):
    PROPOSED = "proposed"
    NOT = "not"
    UNTOLD = "untold"  # it cannot be told
    TOO_FEW = "too_few"
    FEW_UNITS = "few_units"
    COUNTED = "counted"  # it holds, but these months have led to a proposal before


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of a unit; `months` are those that the rule looks at, the oldest first, and `reached` is how
    many of the `rule.months` it has: of the run that ends now, or of the year.
    """

    unit_id: int
    label: str
    outcome: Outcome
    reached: int
    months: tuple[UnitMonth, ...]

    @property
    def now(self) -> UnitMonth:
        return self.months[-1]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Of one rule for one month: `verdicts` of all the units compared, by label."""

    rule: Rule
    formula: Formula
    month: date
    verdicts: tuple[Verdict, ...]

    def of(self, outcome: Outcome) -> list[Verdict]:
        return [each for each in self.verdicts if each.outcome is outcome]

    @property
    def close(self) -> list[Verdict]:
        """Those that stand there now and lack one month only."""
        decided = (Outcome.PROPOSED, Outcome.COUNTED, Outcome.UNTOLD)
        return [
            each
            for each in self.verdicts
            if each.outcome not in decided
            and each.now.standing is Standing.THERE
            and each.reached == self.rule.months - 1
        ]


def evaluate(
    rule: Rule, formula: Formula, months: Sequence[date], figures: Mapping[date, MonthFigures]
) -> list[Evaluation]:
    """What the rule says at the end of each of the months (first days). `figures` has a line for all
    of `months_needed`; raises KeyError when one is missing.
    """
    needed = {each for month in months for each in months_needed(rule, month)}
    found = {each: standings(rule, formula, each, figures[each]) for each in sorted(needed)}
    return [_month(rule, formula, month, figures[month], found) for month in months]


def _month(
    rule: Rule,
    formula: Formula,
    month: date,
    figures: MonthFigures,
    found: Mapping[date, Mapping[int, UnitMonth]],
) -> Evaluation:
    seen = [found[each] for each in months_needed(rule, month)]
    verdicts = [
        _verdict(rule, entry.unit_id, entry.label, [each[entry.unit_id] for each in seen])
        for entry in sorted(figures.entries, key=lambda entry: (entry.label, entry.unit_id))
    ]
    return Evaluation(rule, formula, month, tuple(verdicts))


def months_needed(rule: Rule, month: date) -> list[date]:
    """The months by which the rule is evaluated at the end of `month`, that one last."""
    return months_before(month, IN_A_YEAR if rule.counted is Counted.YEAR else LOOK_BACK)


def months_before(month: date, count: int) -> list[date]:
    """The first days of the `count` months before, the oldest first, and of the month itself."""
    place = month.year * 12 + month.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(place - count, place + 1)]


def _verdict(rule: Rule, unit_id: int, label: str, seen: Sequence[UnitMonth]) -> Verdict:
    if rule.counted is Counted.YEAR:
        months = [each for each in seen if each.month.year == seen[-1].month.year]
        outcome, reached = _in_the_year(rule, months)
    else:
        months = list(seen[-rule.months :])
        outcome, reached = _running(rule, months, _run(seen))
    return Verdict(unit_id, label, outcome, reached, tuple(months))


def _run(seen: Sequence[UnitMonth]) -> int:
    """How many months the unit stands there without a break, up to the last one seen."""
    for length, month in enumerate(reversed(seen)):
        if month.standing is not Standing.THERE:
            return length
    return len(seen)


def _running(rule: Rule, window: Sequence[UnitMonth], run: int) -> tuple[Outcome, int]:
    if run >= rule.months:
        again = run % rule.months
        return (Outcome.COUNTED, again) if again else (Outcome.PROPOSED, rule.months)
    return _doubt({month.standing for month in window}), run


def _doubt(found: set[Standing]) -> Outcome:
    """Why no proposal: a month that certainly does not count comes before one that perhaps does."""
    for standing, outcome in (
        (Standing.NOT, Outcome.NOT),
        (Standing.TOO_FEW, Outcome.TOO_FEW),
        (Standing.FEW_UNITS, Outcome.FEW_UNITS),
    ):
        if standing in found:
            return outcome
    return Outcome.UNTOLD


def _in_the_year(rule: Rule, months: Sequence[UnitMonth]) -> tuple[Outcome, int]:
    """The last of the months is the one looked at."""
    times = sum(month.standing is Standing.THERE for month in months)
    doubtful = sum(month.standing is Standing.UNTOLD for month in months)
    now = months[-1].standing
    if now is Standing.THERE and times >= rule.months:
        return (Outcome.PROPOSED if times == rule.months else Outcome.COUNTED), times
    if now in (Standing.THERE, Standing.UNTOLD):
        may_be = times < rule.months <= times + doubtful
        return (Outcome.UNTOLD if may_be else Outcome.NOT), times
    return _doubt({now}), times
