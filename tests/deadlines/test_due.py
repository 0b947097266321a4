"""When something is due; the arithmetic stands beside each row. All times are Beijing's."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from actions.deadlines.due import due
from actions.deadlines.hours import Hours
from actions.deadlines.spans import parse_span
from tests.deadlines.moments import (
    CALENDAR,
    HOURS,
    beijing,
    due_of,
    known_up_to,
    local,
)


@pytest.mark.parametrize(
    ("span", "start", "at"),
    [
        # minutes and hours
        ("0 minutes", "2026-11-20 23:00", "2026-11-20 23:00"),
        ("30 minutes", "2026-11-20 23:45", "2026-11-21 00:15"),  # over midnight
        ("48 hours", "2026-02-14 10:00", "2026-02-16 10:00"),  # holidays do not matter
        ("30 minutes in duty hours", "2026-11-20 14:05", "2026-11-20 14:35"),
        ("30 minutes in duty hours", "2026-11-20 19:30", "2026-11-20 20:00"),  # just fits
        ("30 minutes in duty hours", "2026-11-20 19:50", "2026-11-21 08:20"),  # 10 + 20
        ("30 minutes in duty hours", "2026-11-20 20:00", "2026-11-21 08:30"),  # all tomorrow
        ("30 minutes in duty hours", "2026-11-21 03:00", "2026-11-21 08:30"),
        ("0 minutes in duty hours", "2026-11-20 22:00", "2026-11-21 08:00"),  # when duty begins
        ("0 minutes in duty hours", "2026-11-20 20:00", "2026-11-21 08:00"),  # its end is over
        ("30 hours in duty hours", "2026-11-20 14:00", "2026-11-22 20:00"),  # 6 + 12 + 12
        # the same day: calls end at 22:00
        ("same day", "2026-11-20 00:00", "2026-11-20 22:00"),
        ("same day", "2026-11-20 21:59", "2026-11-20 22:00"),
        ("same day", "2026-11-20 22:00", "2026-11-21 10:00"),  # too late: next day at ten
        ("same day", "2026-11-20 23:59", "2026-11-21 10:00"),
        ("same day", "2026-12-31 22:30", "2027-01-01 10:00"),  # over the year
        ("same day", "2026-02-14 22:30", "2026-02-15 10:00"),  # in the holidays too
        # days: the office ends at 18:00
        ("1 day", "2026-11-20 00:00", "2026-11-21 18:00"),
        ("1 day", "2026-11-20 23:59", "2026-11-21 18:00"),
        ("3 days", "2026-02-27 09:00", "2026-03-02 18:00"),  # 28, 1, 2
        ("7 days", "2028-02-22 09:00", "2028-02-29 18:00"),  # a leap day
        # working days
        ("1 working day", "2026-11-19 14:05", "2026-11-20 18:00"),  # Thursday → Friday
        ("1 working day", "2026-11-20 17:59", "2026-11-23 18:00"),  # Friday's last minute
        ("1 working day", "2026-11-20 18:01", "2026-11-23 18:00"),  # after it: no difference
        ("1 working day", "2026-11-21 12:00", "2026-11-23 18:00"),  # Saturday → Monday
        ("3 working days", "2026-11-20 14:05", "2026-11-25 18:00"),  # Mon, Tue, Wed
        ("3 working days", "2026-11-22 23:59", "2026-11-25 18:00"),  # Sunday: the same
        # 2026: Spring Festival 15–23 February, worked on Saturdays 14 and 28
        ("1 working day", "2026-02-13 17:59", "2026-02-14 18:00"),  # the make-up Saturday
        ("1 working day", "2026-02-14 17:59", "2026-02-24 18:00"),  # its last minute: nine days off
        ("3 working days", "2026-02-13 10:00", "2026-02-25 18:00"),  # 14, 24, 25
        ("3 working days", "2026-02-18 10:00", "2026-02-26 18:00"),  # from within: 24, 25, 26
        ("4 working days", "2026-02-24 10:00", "2026-02-28 18:00"),  # 25, 26, 27, Saturday 28
        # 2025: Spring Festival 28 January – 4 February, worked on Sunday 26 and Saturday 8
        ("2 working days", "2025-01-24 10:00", "2025-01-27 18:00"),  # Sunday 26, Monday 27
        ("3 working days", "2025-01-27 17:00", "2025-02-07 18:00"),  # 5, 6, 7
        ("4 working days", "2025-01-27 17:00", "2025-02-08 18:00"),  # and Saturday 8
        # 2025: National Day and Mid-autumn 1–8 October, worked on Sunday 28 and Saturday 11
        ("1 working day", "2025-09-30 16:00", "2025-10-09 18:00"),
        ("3 working days", "2025-09-30 16:00", "2025-10-11 18:00"),  # 9, 10, Saturday 11
        ("3 working days", "2025-09-26 16:00", "2025-09-30 18:00"),  # Sunday 28, 29, 30
        # 2026: Labour Day 1–5 May, worked on Saturday 9
        ("4 working days", "2026-04-30 09:00", "2026-05-09 18:00"),  # 6, 7, 8, Saturday 9
    ],
)
def test_it_is_due(span: str, start: str, at: str) -> None:
    found = due_of(span, start)
    assert local(found.at) == at
    assert found.certain


@pytest.mark.parametrize(
    ("span", "start", "at"),
    [
        ("1 working day", "2026-12-31 10:00", "2027-01-01 18:00"),  # a Friday: counted
        ("2 working days", "2026-12-31 10:00", "2027-01-04 18:00"),  # Friday, Monday
        ("1 working day", "2027-01-01 10:00", "2027-01-04 18:00"),
    ],
)
def test_into_a_year_that_is_not_published(span: str, start: str, at: str) -> None:
    found = due_of(span, start)
    assert local(found.at) == at
    assert not found.certain


@pytest.mark.parametrize("span", ["2 days", "same day", "72 hours", "30 hours in duty hours"])
def test_only_working_days_need_the_calendar(span: str) -> None:
    assert due_of(span, "2026-12-31 21:59").certain


def test_the_last_day_of_a_known_year_is_certain() -> None:
    assert due_of("1 working day", "2026-12-30 10:00").certain


def test_when_the_year_is_published_it_is_reckoned_anew() -> None:
    """Two working days from Wednesday 30 September 2026: National Day is 1–7 October."""
    span, start = parse_span("2 working days"), beijing("2026-09-30 10:00")
    before = due(span, start, (), HOURS, known_up_to(2025))
    after = due(span, start, (), HOURS, known_up_to(2026))
    assert (local(before.at), before.certain) == ("2026-10-02 18:00", False)  # Thu, Fri
    assert (local(after.at), after.certain) == ("2026-10-09 18:00", True)  # 8, 9


@pytest.mark.parametrize(
    ("span", "start", "pauses", "at"),
    [
        # exact: the time that stood is added
        (
            "2 hours",
            "2026-11-20 09:00",
            ["2026-11-20 10:00 / 2026-11-20 10:20"],
            "2026-11-20 11:20",
        ),
        (
            "2 hours",
            "2026-11-20 09:00",
            ["2026-11-20 10:00 / 2026-11-20 10:30", "2026-11-20 10:10 / 2026-11-20 10:40"],
            "2026-11-20 11:40",  # 10:00–10:40 once, though it was paused twice
        ),
        (
            "2 hours",
            "2026-11-20 09:00",
            ["2026-11-20 08:00 / 2026-11-20 09:30"],
            "2026-11-20 11:30",
        ),
        (
            "2 hours",
            "2026-11-20 09:00",
            ["2026-11-20 11:00 / 2026-11-21 11:00"],
            "2026-11-20 11:00",
        ),
        (
            "2 hours",
            "2026-11-20 09:00",
            ["2026-11-20 10:00 / 2026-11-20 09:00"],
            "2026-11-20 11:00",
        ),
        (
            "0 minutes",
            "2026-11-20 09:00",
            ["2026-11-20 08:00 / 2026-11-20 09:30"],
            "2026-11-20 09:30",
        ),
        # in duty hours: what stood at night costs nothing
        (
            "60 minutes in duty hours",
            "2026-11-20 19:30",
            ["2026-11-20 20:30 / 2026-11-21 07:00"],
            "2026-11-21 08:30",
        ),
        (
            "60 minutes in duty hours",
            "2026-11-20 19:30",
            ["2026-11-20 19:40 / 2026-11-21 08:10"],
            "2026-11-21 09:00",  # 10 + 50 from 08:10
        ),
        # the same day: free unless the clock stands at 22:00
        (
            "same day",
            "2026-11-20 09:00",
            ["2026-11-20 10:00 / 2026-11-20 21:00"],
            "2026-11-20 22:00",
        ),
        (
            "same day",
            "2026-11-20 09:00",
            ["2026-11-20 21:00 / 2026-11-21 09:00"],
            "2026-11-21 22:00",
        ),
        (
            "same day",
            "2026-11-20 09:00",
            ["2026-11-20 21:00 / 2026-11-20 23:00"],
            "2026-11-21 10:00",
        ),
        (
            "same day",
            "2026-11-20 22:30",
            ["2026-11-21 09:00 / 2026-11-21 11:00"],
            "2026-11-21 22:00",
        ),
        (
            "same day",
            "2026-11-20 22:30",
            ["2026-11-20 23:00 / 2026-11-21 08:00"],
            "2026-11-21 10:00",
        ),
        # days: one for each closing at which the clock stood
        ("2 days", "2026-11-20 09:00", ["2026-11-21 08:00 / 2026-11-21 17:59"], "2026-11-22 18:00"),
        ("2 days", "2026-11-20 09:00", ["2026-11-21 17:59 / 2026-11-21 18:01"], "2026-11-23 18:00"),
        ("2 days", "2026-11-20 09:00", ["2026-11-21 18:01 / 2026-11-22 17:59"], "2026-11-22 18:00"),
        ("2 days", "2026-11-20 09:00", ["2026-11-20 10:00 / 2026-11-20 20:00"], "2026-11-22 18:00"),
        ("2 days", "2026-11-20 09:00", ["2026-11-21 10:00 / 2026-11-21 18:00"], "2026-11-23 18:00"),
        ("2 days", "2026-11-20 09:00", ["2026-11-22 18:00 / 2026-11-23 18:00"], "2026-11-22 18:00"),
        # working days: Friday's start, paused from Monday to Tuesday
        (
            "3 working days",
            "2026-11-20 14:05",
            ["2026-11-23 10:00 / 2026-11-24 09:00"],
            "2026-11-26 18:00",  # Monday's closing is lost: Tue, Wed, Thu
        ),
        (
            "3 working days",
            "2026-11-20 14:05",
            ["2026-11-20 19:00 / 2026-11-23 09:00"],
            "2026-11-25 18:00",  # over a weekend: nothing is lost
        ),
        (
            "2 working days",
            "2026-02-13 10:00",
            ["2026-02-14 12:00 / 2026-02-24 09:00"],
            "2026-02-25 18:00",  # the make-up Saturday is lost: 24, 25
        ),
    ],
)
def test_pauses(span: str, start: str, pauses: list[str], at: str) -> None:
    assert local(due_of(span, start, *pauses).at) == at


@pytest.mark.parametrize(
    ("span", "pause", "at"),
    [
        ("2 hours", "2026-11-20 10:00 /", None),
        ("2 hours", "2026-11-20 11:00 /", "2026-11-20 11:00"),  # was over when the clock stopped
        ("2 hours in duty hours", "2026-11-20 10:00 /", None),
        ("0 minutes", "2026-11-20 08:00 /", None),  # stood from before the start
        ("same day", "2026-11-20 12:00 /", None),
        ("same day", "2026-11-20 22:00 /", "2026-11-20 22:00"),
        ("1 day", "2026-11-21 17:59 /", None),
        ("1 day", "2026-11-21 18:00 /", "2026-11-21 18:00"),
        ("1 working day", "2026-11-21 12:00 /", None),
        ("366 working days", "2026-11-20 09:00 /", None),
    ],
)
def test_a_clock_that_stands_still(span: str, pause: str, at: str | None) -> None:
    """It began on Friday at nine."""
    assert local(due_of(span, "2026-11-20 09:00", pause).at) == at


def test_duty_round_the_clock_is_plain_time() -> None:
    always = Hours((time(0), time(0)), HOURS.office, HOURS.calls, HOURS.same_day_late)
    span, start = parse_span("50 hours in duty hours"), beijing("2026-11-20 23:30")
    found = due(span, start, (), always, CALENDAR)
    assert local(found.at) == "2026-11-23 01:30"
    assert [step.key for step in found.steps] == ["begin", "due"]


def test_duty_up_to_midnight() -> None:
    late = Hours((time(12), time(0)), HOURS.office, HOURS.calls, HOURS.same_day_late)
    found = due(
        parse_span("2 hours in duty hours"), beijing("2026-11-20 23:00"), (), late, CALENDAR
    )
    assert local(found.at) == "2026-11-21 13:00"  # one before midnight, one from noon


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive, aware = datetime(2026, 11, 20), datetime(2026, 11, 20, tzinfo=UTC)  # noqa: DTZ001
    with pytest.raises(ValueError, match="has no time zone"):
        due(parse_span("1 day"), naive, (), HOURS, CALENDAR)
    with pytest.raises(ValueError, match="has no time zone"):
        due(parse_span("1 day"), aware, [(naive, None)], HOURS, CALENDAR)
