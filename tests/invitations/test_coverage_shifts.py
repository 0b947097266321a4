"""To which shift a moment belongs, over midnight and by the roster."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from actions.deadlines.hours import Pair
from actions.invitations.shifts import Shift, shift_of, undivided

TWO: tuple[Pair, ...] = ((time(8), time(20)), (time(20), time(8)))
THREE: tuple[Pair, ...] = ((time(0), time(8)), (time(8), time(16)), (time(16), time(0)))
WHOLE: tuple[Pair, ...] = ((time(0), time(0)),)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """That time of a day of November in Beijing, in UTC."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 8, minutes=minute)


def shift(day: int, begins: datetime, ends: datetime) -> Shift:
    return Shift(date(2026, 11, day), begins, ends)


CASES = [
    # the plan, the moment, its shift
    (TWO, at(20, 8), shift(20, at(20, 8), at(20, 20))),
    (TWO, at(20, 19, 59), shift(20, at(20, 8), at(20, 20))),
    (TWO, at(20, 20), shift(20, at(20, 20), at(21, 8))),
    (TWO, at(20, 23, 59), shift(20, at(20, 20), at(21, 8))),
    (TWO, at(21, 0), shift(20, at(20, 20), at(21, 8))),  # the night belongs to the day it began
    (TWO, at(21, 7, 59), shift(20, at(20, 20), at(21, 8))),
    (THREE, at(21, 0), shift(21, at(21, 0), at(21, 8))),
    (THREE, at(20, 23, 59), shift(20, at(20, 16), at(21, 0))),
    (WHOLE, at(20, 0), shift(20, at(20, 0), at(21, 0))),
    (WHOLE, at(20, 23, 59), shift(20, at(20, 0), at(21, 0))),
]


@pytest.mark.parametrize(("plan", "moment", "expected"), CASES)
def test_by_the_policys_hours(plan: tuple[Pair, ...], moment: datetime, expected: Shift) -> None:
    assert shift_of(moment, (), plan) == expected


def test_the_roster_comes_first_where_it_has_the_moment() -> None:
    night = (at(20, 18), at(21, 9))
    own = shift(20, *night)
    assert shift_of(at(20, 18), [night], TWO) == own
    assert shift_of(at(21, 8, 59), [night], TWO) == own
    assert shift_of(at(21, 9), [night], TWO) == shift(21, at(21, 8), at(21, 20))


def test_of_two_lines_the_later_one_counts() -> None:
    long, short = (at(20, 8), at(21, 8)), (at(20, 12), at(20, 18))
    assert shift_of(at(20, 13), [short, long], TWO) == shift(20, *short)
    assert shift_of(at(20, 19), [short, long], TWO) == shift(20, *long)


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("plan", [TWO, THREE, WHOLE])
def test_every_moment_lies_in_its_shift(plan: tuple[Pair, ...], hour: int) -> None:
    found = shift_of(at(20, hour, 30), (), plan)
    assert found.begins <= at(20, hour, 30) < found.ends


@pytest.mark.parametrize(
    ("plan", "roster", "minutes"),
    [
        (TWO, [], 60),
        (((time(8, 30), time(20)), (time(20), time(8, 30))), [], 30),
        (TWO, [(at(20, 7, 45), at(20, 18))], 15),
        (TWO, [(at(20, 7, 47), at(20, 18))], 1),
    ],
)
def test_the_longest_span_that_no_shift_divides(
    plan: tuple[Pair, ...], roster: list[tuple[datetime, datetime]], minutes: int
) -> None:
    assert undivided(plan, roster) == timedelta(minutes=minutes)


def test_a_plan_with_a_gap_is_a_fault() -> None:
    with pytest.raises(ValueError, match="do not fill the day"):
        shift_of(at(20, 21), (), TWO[:1])
