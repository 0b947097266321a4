"""What a proposal rests on, and what the rules say of a month, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from actions.accountability.evaluation import Evaluation, Outcome, Verdict
from actions.accountability.evidence import Evidence
from actions.accountability.rule import Rule, RuledBy, Standing, UnitMonth
from actions.conversation.talk import Talk
from actions.reports.intervals import FORMULAS, percent, percent_range

MOST_UNITS = 4


def month_label(talk: Talk, month: date) -> str:
    number = f"{month:%m}" if talk.language == "en" else f"{month.month}"
    return talk.wording("part_month", year=f"{month:%Y}", month=number)


def rule_title(talk: Talk, rule: Rule) -> str:
    return rule.title_en if talk.language == "en" else rule.title


def rule_proposal(talk: Talk, rule: Rule) -> str:
    return rule.proposal_en if talk.language == "en" else rule.proposal


def figure_words(talk: Talk, rule: Rule, kept: Evidence) -> str:
    """Which figure was compared, and of which ratings."""
    if rule.figure is RuledBy.SUBSTANTIATED:
        return talk.wording("part_proposal_by_cases", count=rule.count)
    formula = FORMULAS[kept.formula]
    return talk.wording(
        "part_proposal_by_ratings",
        formula=formula.label_en if talk.language == "en" else formula.label,
        ways=_joined(talk, [talk.wording(f"part_way_{way}") for way in rule.ways]),
        minimum=rule.minimum,
    )


def months_words(talk: Talk, rule: Rule, months: Sequence[UnitMonth]) -> str:
    """A line for each month, and below a ranked one how its ratings came."""
    lines = []
    for month in months:
        lines.append(month_line(talk, rule, month))
        came = [_came(talk, *each) for each in month.came]
        if came:
            lines.append(talk.wording("part_month_came", came=_joined(talk, came)))
    return "\n".join(lines)


def month_line(talk: Talk, rule: Rule, month: UnitMonth) -> str:
    """The one place where a unit's share becomes visible; a share has the rule's minimum of ratings
    behind it, five at least.
    """
    label = month_label(talk, month.month)
    if rule.figure is RuledBy.SUBSTANTIATED:
        return talk.wording("part_month_cases", month=label, n=month.n)
    if month.share is None or month.interval is None:
        few_units = month.standing is Standing.FEW_UNITS
        return talk.wording(
            "part_month_few_units" if few_units else "part_month_too_few", month=label
        )
    return talk.wording(
        "part_month_ranked",
        month=label,
        share=percent(month.share),
        range=percent_range(*month.interval),
        n=f"{month.n:,}",
        of=month.of,
        place=f"{month.rank}" if month.rank == month.to else f"{month.rank}–{month.to}",
        standing=_standing(talk, rule, month.standing),
    )


def _standing(talk: Talk, rule: Rule, standing: Standing) -> str:
    if standing is Standing.UNTOLD:
        return talk.wording("part_standing_untold")
    key = f"part_standing_{rule.place}_{standing}"
    if rule.count == 1:
        return talk.wording(f"{key}_one")
    return talk.wording(key, count=rule.count)


def _came(talk: Talk, channel: str, way: str, n: int) -> str:
    key = f"part_channel_{channel}"
    return talk.wording(
        "part_came",
        channel=talk.wording(key if talk.knows(key) else "part_channel_other"),
        way=talk.wording(f"part_way_{way}"),
        n=f"{n:,}",
    )


def _joined(talk: Talk, words: Sequence[str]) -> str:
    return ("、" if talk.language == "zh" else ", ").join(words)


# --- the dry run -----------------------------------------------------------------------------------


def tried_lines(talk: Talk, found: Evaluation) -> list[str]:
    """What the rule would have proposed for the month, and why not where it is close."""
    month = month_label(talk, found.month)
    lines = [
        _line(talk, "proposed", month, each, figure=month_line(talk, found.rule, each.now))
        for each in found.of(Outcome.PROPOSED)
    ]
    lines += [_line(talk, "counted", month, each) for each in found.of(Outcome.COUNTED)]
    untold = [each.label for each in found.of(Outcome.UNTOLD)]
    if untold:
        lines.append(talk.wording("part_tried_untold", month=month, units=_units(talk, untold)))
    if found.of(Outcome.FEW_UNITS) and not untold:
        lines.append(talk.wording("part_tried_too_few", month=month))
    needed = found.rule.months
    lines += [_line(talk, "close", month, each, needed=needed) for each in found.close]
    return lines


def _line(talk: Talk, what: str, month: str, verdict: Verdict, **more: Any) -> str:
    given = {"month": month, "unit": verdict.label, "reached": verdict.reached, **more}
    return talk.wording(f"part_tried_{what}", **given)


def _units(talk: Talk, labels: Sequence[str]) -> str:
    shown = _joined(talk, labels[:MOST_UNITS])
    if len(labels) <= MOST_UNITS:
        return shown
    return talk.wording("part_tried_others", units=shown, count=len(labels))
