"""Lines of the rules about units that do not go together; for actions/policy/checks.py."""

from __future__ import annotations

from collections.abc import Iterator

from actions.deadlines.spans import SpanUnit
from actions.policy.unit_rules import UnitRule, UnitRules
from actions.policy.values import size
from actions.policy.yaml_lines import Path, dotted

LONGEST_GRACE = 20 * 24 * 60  # minutes: within the month that follows, whichever it is


def unit_rules(lines: UnitRules | None) -> Iterator[tuple[Path, str]]:
    """Where, and a sentence without its full stop."""
    if lines is None:
        return
    if lines.grace.unit is not SpanUnit.DAYS or size(lines.grace) > LONGEST_GRACE:
        yield ("unit_rules", "grace"), f'unit_rules.grace is "{lines.grace}"; write 0 to 20 days'
    names = [rule.name for rule in lines.rules]
    for place, rule in enumerate(lines.rules):
        here: Path = ("unit_rules", "rules", place)
        if rule.name in names[:place]:
            yield (*here, "name"), f"two rules are called {rule.name}; call one otherwise"
        yield from _rule(rule, here, lines.among)


def _rule(rule: UnitRule, here: Path, among: int) -> Iterator[tuple[Path, str]]:
    on_cases = rule.figure == "substantiated"
    if on_cases is not (rule.place == "at_least"):
        meant = "at_least" if on_cases else "bottom or top"
        at = (*here, "place")
        yield at, f"{dotted(at)} is {rule.place}, but the figure is {rule.figure}; write {meant}"
    at = (*here, "minimum")
    if on_cases and rule.minimum is not None:
        yield at, f"{dotted(at)} counts ratings, but the figure is substantiated; write null"
    if not on_cases and rule.minimum is None:
        yield at, f"{dotted(at)} is null, but ratings are compared; write how many a unit needs"
    if not on_cases and rule.count >= among:
        at = (*here, "count")
        yield at, f"{dotted(at)} is {rule.count}, not fewer than unit_rules.among ({among})"
    if rule.compare == "county" and rule.to == "sub_centre":
        at = (*here, "to")
        yield at, f"{dotted(at)}: a sub-centre belongs to the county; write centre or inspector"
