"""A verdict as it is kept: what was known when the rule was evaluated, and what is other today. Pure.

Plain values, as JSON has them; nothing about a person is in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from actions.accountability.evaluation import Evaluation, Outcome, Verdict
from actions.accountability.rule import Counted, Place, Rule, RuledBy, Standing, UnitMonth


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a proposal rests on. `formula` and its `version` are names of actions/reports/intervals;
    `ways` are those whose ratings were compared, added together; moments are aware, UTC.
    """

    rule: Mapping[str, Any]
    formula: str
    version: int
    as_of: datetime
    outcome: Outcome
    reached: int
    months: tuple[UnitMonth, ...]

    @property
    def ways(self) -> Sequence[str]:
        return tuple(self.rule["ways"])


def rule_of(kept: Evidence) -> Rule:
    """The rule as it was when it was evaluated."""
    terms = dict(kept.rule)
    return Rule(
        **{
            **terms,
            "figure": RuledBy(terms["figure"]),
            "place": Place(terms["place"]),
            "counted": Counted(terms["counted"]),
            "ways": tuple(terms["ways"]),
        }
    )


def evidence(found: Evaluation, verdict: Verdict, as_of: datetime) -> Evidence:
    return Evidence(
        rule=asdict(found.rule),
        formula=found.formula.name,
        version=found.formula.version,
        as_of=as_of,
        outcome=verdict.outcome,
        reached=verdict.reached,
        months=verdict.months,
    )


def plain(kept: Evidence) -> dict[str, Any]:
    """As JSON has it; `from_plain` reads it."""
    return {
        "rule": {**kept.rule, "ways": list(kept.rule["ways"])},
        "formula": {"name": kept.formula, "version": kept.version},
        "as_of": kept.as_of.isoformat(),
        "outcome": kept.outcome,
        "reached": kept.reached,
        "months": [plain_month(month) for month in kept.months],
    }


def from_plain(kept: Mapping[str, Any]) -> Evidence:
    return Evidence(
        rule=kept["rule"],
        formula=kept["formula"]["name"],
        version=kept["formula"]["version"],
        as_of=datetime.fromisoformat(kept["as_of"]),
        outcome=Outcome(kept["outcome"]),
        reached=kept["reached"],
        months=tuple(_month(each) for each in kept["months"]),
    )


def plain_month(month: UnitMonth) -> dict[str, Any]:
    low, high = month.interval or (None, None)
    return {
        "month": f"{month.month:%Y-%m}",
        "standing": month.standing,
        "n": month.n,
        "share": month.share,
        "low": low,
        "high": high,
        "rank": month.rank,
        "to": month.to,
        "of": month.of,
        "came": [list(each) for each in month.came],
    }


def _month(kept: Mapping[str, Any]) -> UnitMonth:
    return UnitMonth(
        month=date.fromisoformat(f"{kept['month']}-01"),
        standing=Standing(kept["standing"]),
        n=kept["n"],
        share=kept["share"],
        interval=None if kept["low"] is None else (kept["low"], kept["high"]),
        rank=kept["rank"],
        to=kept["to"],
        of=kept["of"],
        came=tuple((channel, way, n) for channel, way, n in kept["came"]),
    )


def plain_evaluation(found: Evaluation, as_of: datetime) -> dict[str, Any]:
    """The month that was looked at, of every unit: whoever was compared, and how it came out."""
    return {
        "rule": {**asdict(found.rule), "ways": list(found.rule.ways)},
        "formula": {"name": found.formula.name, "version": found.formula.version},
        "as_of": as_of.isoformat(),
        "verdicts": [
            {
                "unit_id": each.unit_id,
                "label": each.label,
                "outcome": each.outcome,
                "reached": each.reached,
                "now": plain_month(each.now),
            }
            for each in found.verdicts
        ],
    }


def changed(then: Evidence, now: Evidence) -> list[tuple[UnitMonth, UnitMonth | None]]:
    """The months that look otherwise today, as they were known and as they are; None where the rule
    does not look at that month any more. [] when all is as it was.
    """
    today = {month.month: month for month in now.months}
    return [
        (month, today.get(month.month)) for month in then.months if month != today.get(month.month)
    ]
