"""Spans as a policy writes them."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.deadlines.spans import ALLOWED, Span, SpanUnit, parse_span
from tests.deadlines.moments import spans


@pytest.mark.parametrize(
    ("text", "span", "written"),
    [
        ("same day", Span(0, SpanUnit.SAME_DAY), "same day"),
        ("  Same   Day ", Span(0, SpanUnit.SAME_DAY), "same day"),
        ("30 minutes", Span(30, SpanUnit.MINUTES), "30 minutes"),
        ("0 minutes", Span(0, SpanUnit.MINUTES), "0 minutes"),
        ("1 minutes", Span(1, SpanUnit.MINUTES), "1 minute"),
        (
            "30 minutes in duty hours",
            Span(30, SpanUnit.MINUTES, duty=True),
            "30 minutes in duty hours",
        ),
        (
            "1 hour in  duty hours",
            Span(1, SpanUnit.HOURS, duty=True),
            "1 hour in duty hours",
        ),
        ("2 HOURS", Span(2, SpanUnit.HOURS), "2 hours"),
        ("3 days", Span(3, SpanUnit.DAYS), "3 days"),
        ("1 working day", Span(1, SpanUnit.WORKING_DAYS), "1 working day"),
        ("03 working days", Span(3, SpanUnit.WORKING_DAYS), "3 working days"),
    ],
)
def test_what_is_read_and_how_it_is_written(text: str, span: Span, written: str) -> None:
    assert parse_span(text) == span
    assert str(span) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "days",
        "3 workdays",
        "three days",
        "3 working days in duty hours ago",
        "-1 days",
        "1.5 hours",
        "٣ days",
        "same days",
        "2 weeks",
        "3working days",
        "99999999 minutes",
    ],
)
def test_what_is_no_span_is_told_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="is not a span of time") as raised:
        parse_span(text)
    assert str(raised.value) == f'"{text}" is not a span of time; {ALLOWED}'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0 days", "0 days is out of range; allowed are 1 to 366"),
        ("0 working days", "0 working days is out of range; allowed are 1 to 366"),
        ("367 days", "367 days is out of range; allowed are 1 to 366"),
        ("9000000 minutes", "9000000 minutes is out of range; allowed are 0 to 527040"),
        ("3 days in duty hours", "only minutes and hours can be counted in duty hours"),
        ("1 working day in duty hours", "only minutes and hours can be counted in duty hours"),
    ],
)
def test_what_does_not_go_together(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        parse_span(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90 minutes", timedelta(minutes=90)),
        ("2 hours in duty hours", timedelta(hours=2)),
        ("2 days", None),
        ("same day", None),
    ],
)
def test_minutes_and_hours_have_a_length(text: str, length: timedelta | None) -> None:
    assert parse_span(text).length == length


@given(spans)
def test_what_is_written_is_read_back(span: Span) -> None:
    assert parse_span(str(span)) == span


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,9} (minutes|working days)( in duty hours)?"))
def test_nothing_but_a_value_error_ever_comes_of_it(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_span(str(parse_span(text))) == parse_span(text)
