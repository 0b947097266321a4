"""Every figure, defined once: what is counted, of what. docs/figures.md is written from here. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from actions.figures.question import Figure


@dataclass(frozen=True, slots=True)
class Definition:
    """`of` is the denominator; None: a count alone. A change of what is counted is a new version."""

    name: str
    name_en: str
    counted: str
    of: str | None
    computed_in: str
    version: int = 1


DEFINITIONS: dict[Figure, Definition] = {
    Figure.SATISFACTION: Definition(
        "满意率",
        "satisfaction",
        "ratings by their grades, weighted by the policy's formula (below)",
        "all valid ratings given in the period; silence is in neither",
        "actions/reports/intervals.py",
    ),
    Figure.RESPONSE: Definition(
        "回复率",
        "response",
        "invitations that were answered",
        "invitations that were delivered; those sent stand beside it with a rate of their own, for "
        "events finished in the period",
        "actions/invitations/funnel.py",
    ),
    Figure.CLOSURE: Definition(
        "办结率",
        "closure",
        "of the cases submitted in the period, those that are closed by now",
        "cases submitted in the period",
        "actions/figures/service.py",
    ),
    Figure.ON_TIME: Definition(
        "按时率",
        "on time",
        "cases whose answer kept its promised time, each time it was promised",
        "cases closed in the period that had such a promise, withdrawn ones left out",
        "actions/reports/work.py",
    ),
    Figure.CALLBACKS: Definition(
        "回访完成率",
        "callbacks made",
        "call tasks opened in the period whose call was made",
        "call tasks opened in the period, those left out that nobody needed any more",
        "actions/reports/work.py",
    ),
    Figure.TURNED_ROUND: Definition(
        "扭转率",
        "turned round",
        "cases that began as “not satisfied” and ended with a content citizen, as they said "
        "themselves or at the re-visit",
        "cases closed in the period that began so and did not end in silence",
        "actions/reports/work.py",
    ),
    Figure.SENT_BACK: Definition(
        "退回件",
        "sent back",
        "cases whose work was sent back in the period, open ones too",
        None,
        "actions/reports/work.py",
    ),
    Figure.REOPENED: Definition(
        "重开件",
        "reopened",
        "cases reopened in the period",
        None,
        "actions/reports/work.py",
    ),
    Figure.DISPUTED: Definition(
        "说解决、群众说没有",
        "unit says solved, citizen says not",
        "cases handed in as solved which the citizen said were not",
        "cases closed in the period whose result the citizen graded or disputed",
        "actions/reports/work.py",
    ),
    Figure.ASPECTS: Definition(
        "五项得分",
        "aspects",
        "the mean of the scores (1 to 5) of each aspect asked in calls",
        "scores given in calls made in the period",
        "actions/reports/work.py",
    ),
}
