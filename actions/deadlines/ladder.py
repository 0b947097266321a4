"""Who is told when about a deadline: a warning before, the urging at it, each level after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from actions.clock import BEIJING
from actions.deadlines.due import due
from actions.deadlines.hours import Hours
from actions.deadlines.pauses import utc
from actions.deadlines.spans import Span, SpanUnit
from actions.deadlines.workdays import Calendar

RESPONSIBLE = "responsible"
"""Who has the case in hand: is warned, and urged when it is overdue."""

LEVELS = ("lead", "sub_centre", "centre")
"""Head of the station, county, city."""

_DAY = timedelta(days=1)


class AlarmKind(StrEnum):
    """What an alarm is: before, at, and after the deadline."""

    WARN = "warn"
    SUPERVISE = "supervise"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Rule:
    """A clock of the policy: how long it runs, how long before its end there is a warning, and
    after how much more time which level is told.

    Raises ValueError, one English sentence, for a warning without a length or an unknown level.
    """

    within: Span
    warn: Span | None = None
    escalate: tuple[tuple[Span, str], ...] = ()

    def __post_init__(self) -> None:
        if self.warn is not None and self.warn.unit is SpanUnit.SAME_DAY:
            raise ValueError('a warning cannot be "same day"; write for example "4 hours"')
        for _, level in self.escalate:
            if level not in LEVELS:
                raise ValueError(f'"{level}" is no level; allowed are {", ".join(LEVELS)}')


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm. stage: 0 warning, 1 urging, 2 and on the escalations. at: UTC.

    to: RESPONSIBLE or one of LEVELS.
    """

    stage: int
    kind: AlarmKind
    at: datetime
    to: str


def alarms(
    rule: Rule, start: datetime, due_at: datetime, hours: Hours, calendar: Calendar
) -> tuple[Alarm, ...]:
    """All alarms of a clock that began at `start` and is over at `due_at` (aware), by stage.

    No alarm is earlier than that of the stage before. A warning that would come at the start or
    before it is left out. An escalation comes when its span, begun at `due_at`, is over.
    """
    start, due_at = utc(start), utc(due_at)
    found: list[Alarm] = []
    if rule.warn is not None:
        warned = _before(due_at, rule.warn, hours, calendar)
        if warned > start:
            found.append(Alarm(0, AlarmKind.WARN, warned, RESPONSIBLE))
    found.append(Alarm(1, AlarmKind.SUPERVISE, due_at, RESPONSIBLE))
    for stage, (after, level) in enumerate(rule.escalate, start=2):
        over = due(after, due_at, (), hours, calendar).at
        latest = max(found[-1].at, over or due_at)
        found.append(Alarm(stage, AlarmKind.ESCALATE, latest, level))
    return tuple(found)


def _before(moment: datetime, span: Span, hours: Hours, calendar: Calendar) -> datetime:
    """The moment (UTC) that much earlier; days keep the time of day."""
    if span.length is not None:
        if span.duty and not hours.always_on_duty:
            return _duty_before(moment, span.length, hours)
        return moment - span.length
    local = moment.astimezone(BEIJING)
    day = local.date()
    left = span.count
    while left:
        day -= _DAY
        left -= span.unit is SpanUnit.DAYS or calendar.is_working(day)
    return datetime.combine(day, local.time(), BEIJING).astimezone(UTC)


def _duty_before(moment: datetime, length: timedelta, hours: Hours) -> datetime:
    """The latest moment from which so much duty time runs up to `moment`."""
    day: date = moment.astimezone(BEIJING).date()
    while True:
        opens, closes = hours.duty_on(day)
        closes = min(closes, moment)
        if opens < closes:
            if length <= closes - opens:
                return closes - length
            length -= closes - opens
        day -= _DAY
