"""When to call again: at another part of the day, within the calling hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.callbacks.attempts import PARTS, first_attempt, next_attempt, part_of
from actions.clock import BEIJING

CALLS = (time(9), time(21))


def beijing(words: str) -> datetime:
    return datetime.strptime(words, "%m-%d %H:%M").replace(year=2026, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("tried", "now", "again"),
    [
        (["11-20 14:05"], "11-20 14:05", "11-20 18:30"),  # afternoon → this evening
        (["11-20 09:30"], "11-20 09:30", "11-20 14:00"),  # morning → this afternoon
        (["11-20 19:00"], "11-20 19:00", "11-21 09:00"),  # evening → tomorrow morning
        (["11-20 14:05", "11-20 18:40"], "11-20 18:40", "11-21 09:00"),  # the morning is left
        (["11-20 09:30", "11-20 14:05"], "11-20 14:05", "11-20 18:30"),  # the evening is left
        (["11-19 09:30", "11-19 15:00", "11-19 19:00"], "11-20 10:00", "11-20 14:00"),  # all tried
        ([], "11-20 07:00", "11-20 09:00"),
    ],
)
def test_the_next_attempt(tried: list[str], now: str, again: str) -> None:
    found = next_attempt([beijing(each) for each in tried], beijing(now), CALLS)
    assert found == beijing(again)
    assert found.tzinfo is UTC


def test_calling_hours_that_hold_no_beginning_of_a_part() -> None:
    """From 10 to 12 only: the next beginning of the hours."""
    short = (time(10), time(12))
    assert next_attempt([], beijing("11-20 10:30"), short) == beijing("11-21 10:00")
    assert next_attempt([], beijing("11-20 08:00"), short) == beijing("11-20 10:00")


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("11-20 14:05", "11-20 14:05"),
        ("11-20 09:00", "11-20 09:00"),
        ("11-20 20:59", "11-20 20:59"),
        ("11-20 21:00", "11-21 09:00"),  # the hours end: tomorrow
        ("11-20 03:00", "11-20 09:00"),
    ],
)
def test_the_first_call(now: str, first: str) -> None:
    assert first_attempt(beijing(now), CALLS) == beijing(first)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda naive: naive.replace(tzinfo=BEIJING)
)


@given(now=moments, tried=st.lists(moments, max_size=4))
def test_again_is_soon_within_the_hours_and_at_another_part_while_one_is_left(
    now: datetime, tried: list[datetime]
) -> None:
    again = next_attempt(tried, now, CALLS)
    assert now < again <= now + timedelta(days=2)
    assert CALLS[0] <= again.astimezone(BEIJING).time() < CALLS[1]
    known = {part_of(each) for each in tried}
    if len(known) < len(PARTS):
        assert part_of(again) not in known


@given(now=moments)
def test_three_tries_in_a_row_are_at_three_parts_of_the_day(now: datetime) -> None:
    """Each is made the moment it may be."""
    tried = [first_attempt(now, CALLS)]
    for _ in range(2):
        tried.append(next_attempt(tried, tried[-1], CALLS))
    assert len({part_of(each) for each in tried}) == len(PARTS)
