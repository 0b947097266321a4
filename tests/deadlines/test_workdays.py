"""The days on which people work, as the government published them for 2025 and 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.deadlines.workdays import Calendar, Holiday, Published, Reason
from tests.deadlines.moments import CALENDAR, DAY, known_up_to

SPRING = Holiday("春节", "Spring Festival")
NATIONAL = Holiday("国庆节", "National Day")


@pytest.mark.parametrize(
    ("day", "working", "reason", "holiday"),
    [
        ("2025-01-26", True, Reason.MAKE_UP, SPRING),  # a Sunday, worked for Spring Festival
        ("2025-01-28", False, Reason.HOLIDAY, SPRING),  # a Tuesday, the eve
        ("2025-02-01", False, Reason.HOLIDAY, SPRING),  # a Saturday within it
        ("2025-02-08", True, Reason.MAKE_UP, SPRING),  # a Saturday, worked after it
        ("2025-10-06", False, Reason.HOLIDAY, Holiday("中秋", "Mid-autumn Festival")),
        ("2025-10-11", True, Reason.MAKE_UP, NATIONAL),  # a Saturday
        ("2026-02-13", True, Reason.WEEKDAY, None),  # the Friday before Spring Festival
        ("2026-02-14", True, Reason.MAKE_UP, SPRING),  # a Saturday
        ("2026-02-23", False, Reason.HOLIDAY, SPRING),  # its last day, a Monday
        ("2026-09-20", True, Reason.MAKE_UP, NATIONAL),  # a Sunday
        ("2026-11-21", False, Reason.WEEKEND, None),
        ("2026-11-23", True, Reason.WEEKDAY, None),
        ("2027-01-01", True, Reason.UNKNOWN, None),  # not published: a Friday counts
        ("2027-01-02", False, Reason.UNKNOWN, None),  # a Saturday
    ],
)
def test_a_day(day: str, working: bool, reason: Reason, holiday: Holiday | None) -> None:
    asked = date.fromisoformat(day)
    assert CALENDAR.is_working(asked) is working
    assert CALENDAR.reason(asked) is reason
    assert CALENDAR.holiday(asked) == holiday


def test_it_knows_the_years_that_are_published() -> None:
    assert [year for year in range(2000, 2030) if CALENDAR.knows(year)] == [*range(2004, 2027)]
    assert Calendar().knows(2026)


def test_a_year_that_becomes_known_changes_what_was_counted() -> None:
    """Friday 2 October 2026 is a holiday as soon as 2026 is published."""
    day = date(2026, 10, 2)
    before, after = known_up_to(2025), known_up_to(2026)
    assert (before.is_working(day), before.reason(day)) == (True, Reason.UNKNOWN)
    assert (after.is_working(day), after.reason(day)) == (False, Reason.HOLIDAY)


def test_a_table_of_ones_own() -> None:
    day, name = date(2030, 5, 8), Holiday("建市日", "City Day")
    own = Calendar(Published(frozenset({2030}), {day: name}, {date(2030, 5, 11): name}))
    assert (own.is_working(day), own.holiday(day)) == (False, name)
    assert own.reason(date(2030, 5, 11)) is Reason.MAKE_UP
    assert not own.knows(2026)


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_reason_and_answer_agree(day: date) -> None:
    works = CALENDAR.reason(day) in (Reason.WEEKDAY, Reason.MAKE_UP)
    assert CALENDAR.is_working(day) is works
    named = CALENDAR.reason(day) in (Reason.HOLIDAY, Reason.MAKE_UP)
    assert (CALENDAR.holiday(day) is not None) is named


@given(st.dates(date(2004, 1, 1), date(2030, 12, 1)))
def test_within_two_weeks_somebody_works(day: date) -> None:
    assert any(CALENDAR.is_working(day + n * DAY) for n in range(14))
