"""When a span that began at a moment is over.

Minutes and hours run exactly; with `duty` only inside the duty hours of each day. A pause costs
exactly the time that would have run. "0 minutes" is over at the first moment at which time runs.

Days and working days are counted by the closing of the office: the day of the start is never
counted, and each later day (of these kinds) counts whose closing the clock reached running. A pause
that covers k such closings costs k days; one that begins and ends between two closings is free.

"Same day" is over when the calls of the day end; begun then or later, at `same_day_late` of the
next day. Where the clock stands at that moment it begins anew when the clock runs again: with that
day, or late with the next. A pause that does not cover that moment is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from actions.clock import BEIJING
from actions.deadlines.day_runs import DayRuns
from actions.deadlines.hours import Hours, at, format_hours
from actions.deadlines.pauses import Pause, Pauses, Stretch, utc
from actions.deadlines.spans import Span, SpanUnit
from actions.deadlines.steps import Due, Param, Step, StepKey
from actions.deadlines.workdays import Calendar

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def due(
    span: Span, start: datetime, pauses: Iterable[Pause], hours: Hours, calendar: Calendar
) -> Due:
    """When `span` is over that began at `start`, with the steps that lead there.

    start and pauses: aware, any zone. The answer is UTC; `at` is None where the clock stands still
    before the span is over. Raises ValueError for a moment without a time zone.
    """
    start, stood = utc(start), Pauses(pauses)
    if span.length is not None:
        return _exact(span, span.length, start, stood, hours)
    if span.unit is SpanUnit.SAME_DAY:
        return _same_day(span, start, stood, hours)
    return _counted(span, start, stood, hours, calendar)


def _step(key: StepKey, **params: Param) -> Step:
    return Step(key, params)


def _ended(at: datetime | None, since: datetime, steps: list[Step], *, certain: bool = True) -> Due:
    """The answer with its last step; `since` is when the clock began to stand, if it does."""
    last = _step(StepKey.STANDING, since=since) if at is None else _step(StepKey.DUE, at=at)
    return Due(at, certain, (*steps, last))


# --- minutes and hours ----------------------------------------------------------------------------


def _exact(span: Span, length: timedelta, start: datetime, stood: Pauses, hours: Hours) -> Due:
    in_duty = span.duty and not hours.always_on_duty
    steps = [_step(StepKey.BEGIN, at=start, span=span)]
    if in_duty:
        steps.append(_step(StepKey.DUTY, hours=format_hours(hours.duty)))
    left, told, until = length, length, start
    for first, last in stood.running(start):
        if first > until:
            steps += _ran(until, length, told, left)
            steps.append(_step(StepKey.PAUSED_TIME, first=until, last=first))
            told = left
        for opens, closes in _on_duty(first, last, hours) if in_duty else [(first, last)]:
            if closes is None or left <= closes - opens:
                steps += _ran(until, length, told, left)
                return _ended(opens + left, until, steps)
            left -= closes - opens
            until = closes
        until = until if last is None else last
    return _ended(None, until, steps + _ran(until, length, told, left))


def _ran(until: datetime, length: timedelta, told: timedelta, left: timedelta) -> list[Step]:
    """How much has run up to `until`, if that is a minute more than was told before."""
    used = (length - left) // _MINUTE * _MINUTE
    if told - left < _MINUTE:
        return []
    return [_step(StepKey.RAN, until=until, used=used, left=length - used)]


def _on_duty(first: datetime, last: datetime | None, hours: Hours) -> Iterator[Stretch]:
    """The duty hours between two moments (UTC), day by day; without an end, for ever."""
    day = first.astimezone(BEIJING).date()
    while True:
        opens, closes = hours.duty_on(day)
        if last is not None and opens >= last:
            return
        opens, closes = max(opens, first), closes if last is None else min(closes, last)
        if opens < closes:
            yield opens, closes
        day += _DAY


# --- the same day ---------------------------------------------------------------------------------


def _same_day(span: Span, start: datetime, stood: Pauses, hours: Hours) -> Due:
    steps = [_step(StepKey.BEGIN, at=start, span=span)]
    over, since = start, start
    for first, last in stood.running(start):
        if over <= first:  # not begun yet, or the clock stood when the day was over
            if first > since:
                steps.append(_step(StepKey.PAUSED_TIME, first=since, last=first))
            over = _day_over(first, hours, steps)
        if last is None or over <= last:
            return _ended(over, since, steps)
        since = last
    return _ended(None, since, steps)


def _day_over(start: datetime, hours: Hours, steps: list[Step]) -> datetime:
    """When the day that began at `start` is over; adds a step where that is on the next day."""
    day = start.astimezone(BEIJING).date()
    over = hours.calls_end(day)
    if start < over:
        return over
    steps.append(_step(StepKey.LATE, closes=hours.calls[1], late=hours.same_day_late))
    return at(day + _DAY, hours.same_day_late)


# --- days -----------------------------------------------------------------------------------------


def _counted(span: Span, start: datetime, stood: Pauses, hours: Hours, calendar: Calendar) -> Due:
    runs = DayRuns(calendar, working_days=span.unit is SpanUnit.WORKING_DAYS)
    day = start.astimezone(BEIJING).date()
    steps = [_step(StepKey.START, at=start, span=span)]
    since: datetime | None = None
    while runs.counted < span.count:
        day += _DAY
        pause = stood.covering(hours.office_end(day)) if stood else None
        if pause and pause[1] is None:
            since = max(pause[0], start)
            break
        runs.add(day, paused=pause is not None)
    steps += runs.steps()
    if runs.unknown_year is not None:
        steps.append(_step(StepKey.UNKNOWN_YEAR, year=runs.unknown_year))
    over = hours.office_end(day) if since is None else None
    return _ended(over, since or start, steps, certain=runs.unknown_year is None)
