"""What the policy says about units, as the rules take it."""

from __future__ import annotations

from actions.accountability.rule import Counted, Place, Rule, RuledBy
from actions.policy.model import Policy
from actions.reports.intervals import FORMULAS, Formula


def rules_of(policy: Policy) -> list[Rule]:
    """Its rules in the order of the file; [] where it has none."""
    lines = policy.unit_rules
    if lines is None:
        return []
    return [
        Rule(
            name=rule.name,
            title=rule.title.zh,
            title_en=rule.title.en,
            compare=rule.compare,
            figure=RuledBy(rule.figure),
            place=Place(rule.place),
            count=rule.count,
            months=rule.months,
            counted=Counted(rule.counted),
            minimum=rule.minimum or 1,
            among=lines.among,
            ways=tuple(way.value for way in lines.ways),
            proposal=rule.proposal.zh,
            proposal_en=rule.proposal.en,
            to=rule.to,
        )
        for rule in lines.rules
    ]


def grace_of(policy: Policy) -> int:
    """Days after a month's end before it is looked at."""
    lines = policy.unit_rules
    return lines.grace.count if lines is not None else 0


def formula_of(policy: Policy) -> Formula:
    """How this policy's satisfaction is computed."""
    return FORMULAS[policy.satisfaction.formula]
