"""From groups of texts to what may be shown of them: citizens counted, small groups left out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.reports.periods import Period
from actions.topics.report import (
    EXAMPLES,
    FEWEST,
    SMALL,
    Example,
    Group,
    TopicReport,
    Trend,
)
from actions.topics.trends import Citizens, trends

KEPT_EXAMPLES = 2 * EXAMPLES  # some may have to be left out when they are read


@dataclass(frozen=True, slots=True)
class Written:
    """What one citizen wrote in one case; `citizen` tells people apart and nothing else."""

    text: str
    citizen: str
    number: str


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """Numbers of texts in the two lists they were found in; `typical`: number and sentence."""

    name: tuple[str, ...]
    now: list[int]
    before: list[int]
    typical: list[tuple[int, str]]


def build_report(
    unit: tuple[int, str],
    period: Period,
    earlier: Period,
    now: Sequence[Written],
    before: Sequence[Written],
    found: Sequence[FoundGroup],
    as_of: datetime,
) -> TopicReport:
    """The report of a unit (id, label). `now` and `before` are what was written in the period and
    in the one before, the latest first; `found` the groups of both.
    """
    large = [group for group in found if len(_citizens(now, group.now)) >= SMALL]
    compared = len({each.citizen for each in before}) >= FEWEST
    groups = [
        _group(group, trend, now, before, compared)
        for group, trend in zip(large, _trends(large, now, before, compared), strict=True)
    ]
    first = {Trend.NEW: 0, Trend.RISING: 1}
    groups.sort(key=lambda group: (first.get(group.trend, 2), -group.count, group.name))
    shown = {at for group in large for at in group.now}
    return TopicReport(
        unit_id=unit[0],
        unit_label=unit[1],
        period=period,
        before=earlier,
        texts=len(now),
        texts_before=len(before),
        groups=tuple(groups),
        ungrouped=len(now) - len(shown),
        compared=compared,
        as_of=as_of,
    )


def _trends(
    groups: Sequence[FoundGroup],
    now: Sequence[Written],
    before: Sequence[Written],
    compared: bool,
) -> list[Trend]:
    if not compared:
        return [Trend.STEADY] * len(groups)
    counted = [
        Citizens(len(_citizens(now, group.now)), len(_citizens(before, group.before)))
        for group in groups
    ]
    everybody = (len({each.citizen for each in texts}) for texts in (now, before))
    return trends(counted, *everybody)


def _group(
    found: FoundGroup,
    trend: Trend,
    now: Sequence[Written],
    before: Sequence[Written],
    compared: bool,
) -> Group:
    earlier = len(_citizens(before, found.before))
    return Group(
        name=found.name,
        count=len(found.now),
        citizens=len(_citizens(now, found.now)),
        before=len(found.before) if compared and (earlier >= SMALL or earlier == 0) else None,
        trend=trend,
        examples=_examples(found, now),
        cases=tuple(now[at].number for at in found.now),
    )


def _examples(found: FoundGroup, now: Sequence[Written]) -> tuple[Example, ...]:
    """The most typical sentences, each of another citizen."""
    of_citizen: dict[str, Example] = {}
    for at, text in found.typical:
        of_citizen.setdefault(now[at].citizen, Example(now[at].number, text))
    return tuple(of_citizen.values())[:KEPT_EXAMPLES]


def _citizens(texts: Sequence[Written], places: Sequence[int]) -> set[str]:
    return {texts[at].citizen for at in places}
