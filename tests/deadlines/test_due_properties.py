"""What holds for every deadline, whenever it begins and however often it pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from actions.clock import BEIJING
from actions.deadlines.due import due
from actions.deadlines.pauses import Pause, Pauses
from actions.deadlines.spans import Span, SpanUnit
from actions.deadlines.steps import StepKey
from tests.deadlines.moments import (
    CALENDAR,
    DAY,
    HOURS,
    Started,
    day_spans,
    due_at,
    exact_spans,
    local_day,
    moments,
    same_day,
    spans,
    starts_and_pauses,
    whole_minutes,
    working_spans,
)

MINUTE = timedelta(minutes=1)


def stands(moment: datetime, pauses: list[Pause]) -> bool:
    """Whether the clock stood up to that moment."""
    return any(first < moment <= last for first, last in pauses if last is not None)


@given(spans, moments, st.timedeltas(timedelta(0), 40 * DAY))
def test_who_begins_later_is_due_later(span: Span, start: datetime, later: timedelta) -> None:
    assert due_at(span, start) <= due_at(span, start + later)


@given(spans, starts_and_pauses(), st.timedeltas(timedelta(0), 10 * DAY))
def test_and_so_with_pauses(span: Span, started: Started, later: timedelta) -> None:
    start, pauses = started
    assert due_at(span, start, *pauses) <= due_at(span, start + later, *pauses)


@given(exact_spans | day_spans, starts_and_pauses(), st.integers(0, 20))
def test_more_is_due_later(span: Span, started: Started, more: int) -> None:
    start, pauses = started
    longer = Span(span.count + more, span.unit, span.duty)
    assert due_at(span, start, *pauses) <= due_at(longer, start, *pauses)


@given(spans, starts_and_pauses(), whole_minutes, st.integers(0, 5000))
def test_a_pause_never_brings_it_forward(
    span: Span, started: Started, first: datetime, minutes: int
) -> None:
    start, pauses = started
    first = start + (first - start) % (20 * DAY)
    one_more = (first, first + minutes * MINUTE)
    assert due_at(span, start, *pauses) <= due_at(span, start, *pauses, one_more)


@given(spans, moments)
def test_it_is_never_due_before_it_began(span: Span, start: datetime) -> None:
    assert due_at(span, start) >= start


@given(spans, starts_and_pauses(), st.randoms())
def test_the_order_of_the_pauses_does_not_matter(
    span: Span, started: Started, random: Random
) -> None:
    start, pauses = started
    mixed = [*pauses, *pauses]
    random.shuffle(mixed)
    assert due_at(span, start, *pauses) == due_at(span, start, *mixed)


@given(spans, starts_and_pauses(), st.integers(-12 * 60, 14 * 60))
def test_any_time_zone_will_do(span: Span, started: Started, offset: int) -> None:
    start, pauses = started
    zone = timezone(timedelta(minutes=offset))
    moved = [(a.astimezone(zone), b.astimezone(BEIJING) if b else None) for a, b in pauses]
    found = due_at(span, start.astimezone(zone), *moved)
    assert found == due_at(span, start, *pauses)
    assert found.tzinfo is UTC


# --- minutes and hours ----------------------------------------------------------------------------


@given(
    st.integers(0, 1500).map(lambda n: Span(n, SpanUnit.MINUTES, duty=True)), starts_and_pauses()
)
def test_duty_minutes_add_up_to_the_span(span: Span, started: Started) -> None:
    """Counted again, minute by minute."""
    start, pauses = started
    end = due_at(span, start, *pauses)
    ran, minute = 0, start
    while minute < end:
        in_duty = 8 <= minute.astimezone(BEIJING).hour < 20
        ran += in_duty and not stands(minute + MINUTE, pauses)
        minute += MINUTE
    assert ran == span.count


@given(exact_spans.filter(lambda span: not span.duty), starts_and_pauses())
def test_plain_time_is_the_span_and_what_stood_within(span: Span, started: Started) -> None:
    start, pauses = started
    end = due_at(span, start, *pauses)
    stood = sum(stands(start + n * MINUTE, pauses) for n in range(1, (end - start) // MINUTE + 1))
    assert span.length is not None
    assert end - start == span.length + stood * MINUTE


# --- the same day ---------------------------------------------------------------------------------


@given(same_day, moments)
def test_the_same_day_is_over_by_ten_the_next(span: Span, start: datetime) -> None:
    end = due_at(span, start)
    late = (local_day(start) + DAY, 10 * 60)
    reads = end.astimezone(BEIJING)
    assert end > start
    assert (reads.date(), reads.hour * 60 + reads.minute) <= late


@given(same_day, starts_and_pauses())
def test_the_same_day_ends_while_the_clock_runs(span: Span, started: Started) -> None:
    start, pauses = started
    assert not stands(due_at(span, start, *pauses), pauses)


# --- days -----------------------------------------------------------------------------------------


@given(working_spans, starts_and_pauses())
def test_a_working_day_is_due_at_the_end_of_one(span: Span, started: Started) -> None:
    start, pauses = started
    end = due_at(span, start, *pauses)
    assert CALENDAR.is_working(local_day(end))
    assert end == HOURS.office_end(local_day(end))
    assert not stands(end, pauses)


@given(day_spans, starts_and_pauses())
def test_the_days_that_counted_are_as_many_as_the_span(span: Span, started: Started) -> None:
    """Counted again: closings after the day of the start at which the clock ran."""
    start, pauses = started
    end = due_at(span, start, *pauses)
    counted, day = 0, local_day(start)
    while day < local_day(end):
        day += DAY
        working = span.unit is SpanUnit.DAYS or CALENDAR.is_working(day)
        counted += working and not stands(HOURS.office_end(day), pauses)
    assert counted == span.count


@given(st.integers(1, 10), moments, st.integers(0, 9), st.integers(1, 5))
def test_a_pause_over_k_closings_costs_k_days(
    count: int, start: datetime, after: int, closings: int
) -> None:
    first = HOURS.office_end(local_day(start) + (after % count) * DAY) + MINUTE
    over = (first, first + closings * DAY)
    span = Span(count, SpanUnit.DAYS)
    assert due_at(span, start, over) == due_at(span, start) + closings * DAY


@given(day_spans, moments, st.integers(0, 20), st.integers(0, 1439), st.integers(0, 1439))
def test_a_pause_between_two_closings_is_free(
    span: Span, start: datetime, after: int, one: int, other: int
) -> None:
    closing = HOURS.office_end(local_day(start) + after * DAY)
    between = (closing + min(one, other) * MINUTE, closing + max(one, other) * MINUTE)
    assert due_at(span, start, between) == due_at(span, start)


@given(working_spans, moments)
def test_it_is_certain_exactly_when_every_year_is_known(span: Span, start: datetime) -> None:
    found = due(span, start, (), HOURS, CALENDAR)
    assert found.at is not None
    assert found.certain == all(
        CALENDAR.knows(year)
        for year in range((local_day(start) + DAY).year, local_day(found.at).year + 1)
    )


# --- standing still, and the steps ----------------------------------------------------------------


@given(spans, starts_and_pauses(), st.integers(0, 10_000))
def test_an_open_pause_stops_it_exactly_when_it_comes_first(
    span: Span, started: Started, minutes: int
) -> None:
    start, pauses = started
    since = start + minutes * MINUTE
    without = due(span, start, pauses, HOURS, CALENDAR)
    found = due(span, start, [*pauses, (since, None)], HOURS, CALENDAR)
    assert without.at is not None
    if without.at < since:
        assert found == without
    elif without.at > since:
        assert found.at is None
        assert found.steps[-1].key is StepKey.STANDING


@given(spans, starts_and_pauses())
def test_the_last_step_is_the_due_time(span: Span, started: Started) -> None:
    start, pauses = started
    found = due(span, start, pauses, HOURS, CALENDAR)
    assert found.steps[-1].key is StepKey.DUE
    assert found.steps[-1].params["at"] == found.at
    assert found.steps[0].params["at"] == start


@given(starts_and_pauses())
def test_running_and_standing_fill_the_time(started: Started) -> None:
    start, pauses = started
    at = start
    for first, last in Pauses(pauses).running(start):
        assert at <= first
        assert first == start or stands(first, pauses)
        if last is None:
            return
        assert first < last
        at = last
