"""What is counted of the work in a period; how it is read stands in actions/reports/work.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from actions import clock
from actions.callbacks.tasks import CallKind
from actions.reports.periods import Period


@dataclass(frozen=True, slots=True)
class Part:
    """`count` of `n`; without any `n` there is no share."""

    count: int
    n: int

    @property
    def share(self) -> float | None:
        return self.count / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Calls:
    """Of the calls opened in the period: all, made, and tried as often as asked in vain."""

    due: int = 0
    done: int = 0
    unreachable: int = 0


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of an aspect's scores, 1 to 5, and of how many."""

    value: float
    n: int


@dataclass(frozen=True, slots=True)
class WorkFigures:
    """Cases closed in the period, except withdrawn ones, unless it says otherwise.

    silent: closed because the citizen said nothing. on_time: the answer kept its promise each time;
    of those that had one. turned_round: began as not satisfied, and at the end the citizen was
    content, as they said themselves or at the re-visit; of those that did not end in silence.
    disputed: the unit said solved, the citizen said not; of those whose result was graded.
    sent_back, reopened: cases to which that happened in the period, open ones too. stayed_*: asked
    in the period whether it stayed solved.
    """

    period: Period
    unit_label: str
    closed: int
    silent: int
    on_time: Part
    turned_round: Part
    disputed: Part
    sent_back: int
    reopened: int
    calls: dict[CallKind, Calls]
    stayed_yes: int
    stayed_no: int
    stayed_unanswered: int
    aspects: dict[str, Mean] = field(default_factory=dict)
    as_of: datetime = field(default_factory=clock.now)
