"""What citizens wrote about in a period, as others read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from actions.reports.periods import Period

FEWEST = 20  # texts; with fewer there is nothing to group
SMALL = 5  # citizens; a group of fewer is not shown
EXAMPLES = 3


class Trend(StrEnum):
    NEW = "new"  # nobody wrote of it in the period before
    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of a case, masked."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Cases about one thing, of five citizens at least.

    `name`: words that stand in the texts. `count`: cases of the period; `before`: of the period
    before, None when one to four citizens wrote them or there is nothing to compare with.
    `cases`: the numbers of the period's cases, the latest first.
    """

    name: tuple[str, ...]
    count: int
    citizens: int
    before: int | None
    trend: Trend
    examples: tuple[Example, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicReport:
    """New and rising groups first, then by size. `compared` is False when the period before had too
    few texts: then every trend is steady. `ungrouped` counts the texts that are in no group shown.
    """

    unit_id: int
    unit_label: str
    period: Period
    before: Period
    texts: int
    texts_before: int
    groups: tuple[Group, ...]
    ungrouped: int
    compared: bool
    as_of: datetime

    @property
    def too_few(self) -> bool:
        return self.texts < FEWEST

    def plain(self) -> dict[str, Any]:
        """As JSON has it; `from_plain` reads it."""
        return {
            "unit_id": self.unit_id,
            "unit_label": self.unit_label,
            "period": _plain_period(self.period),
            "before": _plain_period(self.before),
            "texts": self.texts,
            "texts_before": self.texts_before,
            "groups": [_plain_group(group) for group in self.groups],
            "ungrouped": self.ungrouped,
            "compared": self.compared,
            "as_of": self.as_of.isoformat(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> TopicReport:
        return cls(
            unit_id=plain["unit_id"],
            unit_label=plain["unit_label"],
            period=_period(plain["period"]),
            before=_period(plain["before"]),
            texts=plain["texts"],
            texts_before=plain["texts_before"],
            groups=tuple(_group(group) for group in plain["groups"]),
            ungrouped=plain["ungrouped"],
            compared=plain["compared"],
            as_of=datetime.fromisoformat(plain["as_of"]),
        )


def _plain_group(group: Group) -> dict[str, Any]:
    return {
        "name": list(group.name),
        "count": group.count,
        "citizens": group.citizens,
        "before": group.before,
        "trend": group.trend,
        "examples": [[each.number, each.text] for each in group.examples],
        "cases": list(group.cases),
    }


def _group(plain: Mapping[str, Any]) -> Group:
    return Group(
        name=tuple(plain["name"]),
        count=plain["count"],
        citizens=plain["citizens"],
        before=plain["before"],
        trend=Trend(plain["trend"]),
        examples=tuple(Example(*each) for each in plain["examples"]),
        cases=tuple(plain["cases"]),
    )


def _plain_period(period: Period) -> list[str]:
    return [period.label, period.start.isoformat(), period.end.isoformat(), period.label_en]


def _period(plain: list[str]) -> Period:
    label, start, end, label_en = plain
    return Period(label, datetime.fromisoformat(start), datetime.fromisoformat(end), label_en)
