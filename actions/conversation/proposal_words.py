"""What a proposal rests on, and what the rules say of a month, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.accountability.evaluation import Evaluation, Outcome
from actions.accountability.evidence import Evidence
from actions.accountability.rule import Rule, RuledBy, Standing, UnitMonth
from actions.conversation.talk import Talk
from actions.reports.intervals import FORMULAS, percent, percent_range

MOST_UNITS = 4
MOST_UNTOLD = 2  # months that are told with their units


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
    """What the month says of the unit: its figure, its place, and how certain that is."""
    label, figure = month_label(talk, month.month), unit_figure(talk, rule, month)
    if rule.figure is RuledBy.SUBSTANTIATED:
        return talk.wording("part_month_cases", month=label, figure=figure)
    if not figure:
        few_units = month.standing is Standing.FEW_UNITS
        key = "part_month_few_units" if few_units else "part_month_too_few"
        return talk.wording(key, month=label)
    return talk.wording(
        "part_month_ranked",
        month=label,
        figure=figure,
        of=month.of,
        place=f"{month.rank}" if month.rank == month.to else f"{month.rank}–{month.to}",
        standing=_standing(talk, rule, month.standing),
    )


def unit_figure(talk: Talk, rule: Rule, month: UnitMonth) -> str:
    """The one place where a unit's share becomes visible; a share has the rule's minimum of ratings
    behind it, five at least. "" where nothing may be compared.
    """
    if rule.figure is RuledBy.SUBSTANTIATED:
        return talk.wording("part_figure_cases", n=month.n)
    if month.share is None or month.interval is None:
        return ""
    return talk.wording(
        "part_figure_share",
        share=percent(month.share),
        range=percent_range(*month.interval),
        n=f"{month.n:,}",
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


def tried_lines(talk: Talk, rule: Rule, by_month: Sequence[Evaluation]) -> list[str]:
    """What the rule would have proposed month by month, and where one month was missing; then the
    months in which it could not be told or compared, and how many others there were.
    """
    lines = [line for found in by_month for line in _proposed(talk, rule, found)]
    untold = [found for found in by_month if found.of(Outcome.UNTOLD)]
    few = [found for found in by_month if _not_compared(found)]
    silent = [found for found in by_month if not _proposed(talk, rule, found)]
    others = len([found for found in silent if found not in untold and found not in few])
    if len(untold) > MOST_UNTOLD:
        lines.append(talk.wording("part_tried_untold_months", months=_months(talk, untold)))
    else:
        lines += [_untold(talk, found) for found in untold]
    if few:
        lines.append(talk.wording("part_tried_too_few", months=_months(talk, few)))
    if others:
        lines.append(talk.wording("part_tried_nothing", count=others))
    return lines


def _proposed(talk: Talk, rule: Rule, found: Evaluation) -> list[str]:
    """A line each for whoever would have been proposed, has counted before, or is one month short."""
    told = {
        "proposed": [
            f"{each.label} {unit_figure(talk, rule, each.now)}"
            for each in found.of(Outcome.PROPOSED)
        ],
        "counted": [each.label for each in found.of(Outcome.COUNTED)],
        "close": [each.label for each in found.close],
    }
    month = month_label(talk, found.month)
    return [
        talk.wording(
            f"part_tried_{what}", month=month, units=_joined(talk, units), needed=rule.months
        )
        for what, units in told.items()
        if units
    ]


def _untold(talk: Talk, found: Evaluation) -> str:
    labels = [each.label for each in found.of(Outcome.UNTOLD)]
    units = _joined(talk, labels[:MOST_UNITS])
    if len(labels) > MOST_UNITS:
        units = talk.wording("part_tried_others", units=units, count=len(labels))
    return talk.wording("part_tried_untold", month=month_label(talk, found.month), units=units)


def _not_compared(found: Evaluation) -> bool:
    """Whether so few had enough ratings that nobody was compared."""
    few = (Outcome.TOO_FEW, Outcome.FEW_UNITS)
    return bool(found.verdicts) and all(each.outcome in few for each in found.verdicts)


def _months(talk: Talk, found: Sequence[Evaluation]) -> str:
    return _joined(talk, [f"{each.month:%Y-%m}" for each in found])
