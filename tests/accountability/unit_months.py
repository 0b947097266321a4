"""Months of a few units, written as "satisfied/ratings" for each, or as numbers of cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from actions.accountability.evaluation import (
    LOOK_BACK,
    Evaluation,
    Verdict,
    evaluate,
    months_before,
)
from actions.accountability.rule import MonthFigures, Rule
from actions.accountability.terms import rules_of
from actions.figures.ranking import Entry
from actions.policy.load import load_policy
from actions.reports.intervals import SATISFIED_ONLY, Counts

NAMES = "ABCDEFGH"

# Of four counties: D certainly last; C and D not to be told apart; all alike; hardly any ratings.
LAST = {"A": "980/1000", "B": "978/1000", "C": "970/1000", "D": "900/1000"}
# 97.0–98.7 %, 96.7–98.6 %, 95.8–97.9 %, 88.0–91.7 %
SHARED = {**LAST, "C": "905/1000"}  # C 88.5–92.2 %, D 88.0–91.7 %
OTHER = {**LAST, "D": "979/1000", "C": "900/1000"}  # C is last
ALIKE = dict.fromkeys("ABCD", "95/100")  # 88.8–97.8 % each
FEW = {**LAST, "D": "20/29"}  # one below the minimum of 30
NONE: dict[str, str] = {}


def the_rule(preset: str, name: str) -> Rule:
    return next(rule for rule in rules_of(load_policy(preset)) if rule.name == name)


def figures(given: Mapping[str, str | int], names: str = "ABCD") -> MonthFigures:
    entries, cases = [], {}
    for name in names:
        said = given.get(name, "0/0")
        if isinstance(said, int):
            cases[ord(name)] = said
            said = "0/0"
        satisfied, total = map(int, said.split("/"))
        counts = Counts(satisfied, 0, total - satisfied)
        entries.append(Entry(ord(name), name, "county", counts))
    came = {
        entry.unit_id: (("sms", "invited", entry.counts.total),) if entry.counts.total else ()
        for entry in entries
    }
    return MonthFigures(tuple(entries), cases, came)


def months_of(
    until: str, *given: Mapping[str, str | int], names: str = "ABCD"
) -> dict[date, MonthFigures]:
    """The last of the given months is `until` ("2026-10"), the others lie directly before it; the
    months before them had nothing.
    """
    last = date.fromisoformat(f"{until}-01")
    asked = months_before(last, LOOK_BACK + len(given))
    told = dict(zip(asked[-len(given) :], given, strict=True))
    return {month: figures(told.get(month, {}), names) for month in asked}


def at_the_end(
    rule: Rule, until: str, *given: Mapping[str, str | int], names: str = "ABCD"
) -> Evaluation:
    """What the rule says at the end of the last of these months."""
    last = date.fromisoformat(f"{until}-01")
    (found,) = evaluate(rule, SATISFIED_ONLY, [last], months_of(until, *given, names=names))
    return found


def verdict(found: Evaluation, name: str) -> Verdict:
    return next(each for each in found.verdicts if each.label == name)


def outcomes(found: Evaluation) -> dict[str, str]:
    return {each.label: each.outcome.value for each in found.verdicts}
