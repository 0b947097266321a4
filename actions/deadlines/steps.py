"""What `due` answers: the moment, and how it came about, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from actions.deadlines.spans import Span
from actions.deadlines.workdays import Holiday


class StepKey(StrEnum):
    """The kinds of steps; each has its sentence `why_<key>`, and its params named there.

    Params: at, first, last, until, since are moments in UTC; days is a run of days.
    """

    START = "start"  # at, span: days are counted, this one not
    BEGIN = "begin"  # at, span: time runs, or the same day
    DAY = "day"  # days (one), n
    DAYS = "days"  # days, n, last_n
    MAKE_UP = "make_up"  # days (one), n
    WEEKEND = "weekend"  # days
    HOLIDAY = "holiday"  # days, holidays
    PAUSED = "paused"  # days: the clock stood when they ended
    PAUSED_TIME = "paused_time"  # first, last
    DUTY = "duty"  # hours: only this time of each day runs
    RAN = "ran"  # until, used, left
    LATE = "late"  # closes, late: too late for the same day
    UNKNOWN_YEAR = "unknown_year"  # year
    DUE = "due"  # at
    STANDING = "standing"  # since
    WANTED = "wanted"  # at: due here then, but another system wants it earlier


@dataclass(frozen=True, slots=True)
class Days:
    """A run of days, both ends included; Beijing dates."""

    first: date
    last: date


type Param = int | str | datetime | time | timedelta | Days | Span | tuple[Holiday, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reckoning; what stands in `params` is said at its key."""

    key: StepKey
    params: Mapping[str, Param]


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due.

    at: UTC; None while the clock stands still.
    certain: False where a day was counted in a year whose holidays are not published yet.
    steps: in the order of time; the last is DUE with the same `at`, or STANDING.
    """

    at: datetime | None
    certain: bool
    steps: tuple[Step, ...]


def earlier(due: Due, wanted: datetime) -> Due:
    """The earlier of the two; `wanted` (UTC) is by when somebody else wants it."""
    if due.at is None or due.at <= wanted:
        return due
    last = Step(StepKey.DUE, {"at": wanted})
    return Due(wanted, True, (*due.steps[:-1], Step(StepKey.WANTED, {"at": due.at}), last))
