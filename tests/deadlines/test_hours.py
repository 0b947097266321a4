"""Hours as a policy writes them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.deadlines.hours import Hours, Pair, format_hours, parse_hours
from tests.deadlines.moments import beijing

DUTY, OFFICE, CALLS = (time(8), time(20)), (time(9), time(18)), (time(8, 30), time(22))


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("08:00-20:00", (time(8), time(20))),
        (" 08:30-21:45 ", (time(8, 30), time(21, 45))),
        ("00:00-24:00", (time(0), time(0))),
        ("08:00-24:00", (time(8), time(0))),
    ],
)
def test_what_is_read(text: str, pair: Pair) -> None:
    assert parse_hours(text) == pair
    assert format_hours(pair) == text.strip()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("8:00-20:00", "is not a pair of times"),
        ("08:00", "is not a pair of times"),
        ("08:00-24:01", "is not a pair of times"),
        ("24:00-24:00", "is not a pair of times"),
        ("25:00-26:00", "is not a pair of times"),
        ("08:60-20:00", "is not a pair of times"),
        ("20:00-08:00", "ends before it begins"),
        ("08:00-08:00", "ends before it begins"),
        ("08:00-00:00", "ends before it begins"),
    ],
)
def test_what_is_no_pair_of_times(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f'"{text}" {why}; write for example "08:00-20:00"'):
        parse_hours(text)


def test_quiet_hours_may_go_over_midnight() -> None:
    assert parse_hours("22:00-07:00", over_midnight=True) == (time(22), time(7))
    with pytest.raises(ValueError, match="ends before it begins"):
        parse_hours("22:00-22:00", over_midnight=True)


@pytest.mark.parametrize(
    ("hours", "why"),
    [
        ((DUTY, (time(9), time(0)), CALLS, time(10)), "the office hours have to end before"),
        ((DUTY, OFFICE, (time(9), time(0)), time(10)), "the calls hours have to end before"),
        (((time(20), time(8)), OFFICE, CALLS, time(10)), "the duty hours end before they begin"),
        ((DUTY, (time(9), time(9)), CALLS, time(10)), "the office hours end before they begin"),
        ((DUTY, OFFICE, CALLS, time(8, 30)), "same_day_late has to lie within"),
        ((DUTY, OFFICE, CALLS, time(22, 1)), "same_day_late has to lie within"),
    ],
)
def test_hours_that_do_not_go_together(hours: tuple[Pair, Pair, Pair, time], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Hours(*hours)


def test_the_closings_of_a_day_are_beijing_time() -> None:
    hours = Hours((time(8), time(0)), OFFICE, CALLS, time(22))
    day = date(2026, 12, 31)
    assert hours.office_end(day) == beijing("2026-12-31 18:00")
    assert hours.calls_end(day) == beijing("2026-12-31 22:00")
    assert hours.duty_on(day) == (beijing("2026-12-31 08:00"), beijing("2027-01-01 00:00"))
    assert not hours.always_on_duty
    assert Hours((time(0), time(0)), OFFICE, CALLS, time(10)).always_on_duty


@given(st.times(), st.times())
def test_what_is_formatted_is_read_back(one: time, other: time) -> None:
    start, end = sorted(each.replace(second=0, microsecond=0) for each in (one, other))
    if start != end:
        assert parse_hours(format_hours((start, end))) == (start, end)
