"""No two figures of a unit, however asked for, differ by one to four ratings."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actions.figures import disclosure
from actions.figures.disclosure import (
    FEW,
    Span,
    cuts,
    drawn_in,
    last_cut,
    month_of,
    months_between,
    open_days,
    rest_of_month,
    shown_of_today,
    ways_shown,
)

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
DAY = timedelta(days=1)


def days(first: date, *counts: int) -> dict[date, int]:
    return {first + number * DAY: count for number, count in enumerate(counts)}


def november(*on: int) -> set[date]:
    return {date(2026, 11, day) for day in on}


@pytest.mark.parametrize(
    ("counts", "today", "expected"),
    [
        # 6 on each of ten days; on the 10th, with 6 so far, a span may end with the 9th's evening
        ((6,) * 10, 10, november(*range(2, 11))),
        # 2 a day: after the 3rd there are 6, after the 6th 6 more; after the 9th only 2 follow by now
        # and 2 × 21 days are expected: certain enough
        ((2,) * 10, 10, november(4, 7, 10)),
        # 5 at once and nothing until the 4th: 5/3 × 27 days are expected; no rating lies between
        ((5,), 4, november(2, 3, 4)),
        # 5 in the first twenty days: 5/20 × 10 = 2 more are expected: not enough behind them
        ((5,), 21, set()),
        ((0, 0, 6, 1), 4, november(2, 3, 4)),  # nothing since the month began; then 6, and 7/3 × 27
        ((0,) * 25 + (5, 4), 27, november(*range(2, 27))),  # 5 on the 26th: four behind it so far
        ((0,) * 25 + (5, 5), 27, november(*range(2, 28))),
    ],
)
def test_where_a_span_may_begin_or_end(
    counts: tuple[int, ...], today: int, expected: set[date]
) -> None:
    assert cuts(days(NOVEMBER, *counts), NOVEMBER, date(2026, 11, today)) == expected


@given(
    st.lists(st.sampled_from([0, 0, 1, 4, 5, 6, 12]), min_size=1, max_size=30),
    st.integers(1, 40),
    st.integers(1, 30),
)
def test_the_last_cut_is_the_last_of_the_cuts(counts: list[int], gone: int, latest: int) -> None:
    """However it is found; `gone` days since the month began, some of them after its end."""
    by_day, today = days(NOVEMBER, *counts[:gone]), NOVEMBER + (gone - 1) * DAY
    until = date(2026, 11, latest)
    among = [day for day in cuts(by_day, NOVEMBER, today) if day <= until]
    assert last_cut(by_day, NOVEMBER, today, until) == max(among, default=None)


def test_a_month_that_is_over_ends_for_everybody() -> None:
    after = date(2026, 12, 3)
    by_day = days(NOVEMBER, *(0,) * 27, 6, 2, 2)
    # 4 behind the 28th: no cut there
    assert cuts(by_day, NOVEMBER, after) == november(*range(2, 29))
    whole = Span(NOVEMBER, date(2026, 12, 1))
    assert drawn_in(whole, {}, {NOVEMBER: 10}, after) == whole
    assert drawn_in(whole, {}, {NOVEMBER: 4}, after) is None


def test_months_of_one_to_four_are_no_edge() -> None:
    months = {SEPTEMBER: 3, OCTOBER: 9, NOVEMBER: 0}
    asked = Span(SEPTEMBER, date(2026, 12, 1))
    assert drawn_in(asked, {}, months, date(2027, 1, 1)) == Span(OCTOBER, date(2026, 12, 1))


def test_a_span_in_the_running_month_ends_before_today() -> None:
    today = date(2026, 11, 10)
    by_day = days(NOVEMBER, *(8,) * 10)
    assert drawn_in(Span(NOVEMBER, date(2026, 12, 1)), by_day, {}, today) == Span(NOVEMBER, today)
    yesterday = Span(today - DAY, today)
    assert drawn_in(yesterday, by_day, {}, today) == yesterday
    assert drawn_in(Span(today, today + DAY), by_day, {}, today) is None


_COUNTS = st.lists(st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5, 8]), min_size=40, max_size=90)


@given(_COUNTS, st.lists(st.tuples(st.integers(0, 91), st.integers(1, 92)), max_size=8))
@example([3] * 90, [(0, 30), (0, 29), (10, 70)])
@settings(deadline=None, max_examples=150)
def test_no_two_spans_tell_of_one_to_four(counts: list[int], asked: list[tuple[int, int]]) -> None:
    """Asked on each day from September to November, whatever is shown can be subtracted."""
    by_day = days(SEPTEMBER, *counts)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(disclosure, "CERTAIN", 10**9)  # what is only likely is another matter
        shown = {span for day in range(0, 92, 3) for span in _shown(by_day, asked, day)}
    for span in shown:
        assert _within(by_day, span) >= FEW or _within(by_day, span) == 0
    for one, other in combinations(shown, 2):
        if one.first <= other.first and other.end <= one.end:
            assert not 0 < _within(by_day, one) - _within(by_day, other) < FEW
        elif other.first <= one.first and one.end <= other.end:
            assert not 0 < _within(by_day, other) - _within(by_day, one) < FEW


def _shown(by_day: dict[date, int], asked: list[tuple[int, int]], on: int) -> list[Span]:
    today = SEPTEMBER + on * DAY
    so_far = {day: n for day, n in by_day.items() if day <= today}
    spans = [Span(SEPTEMBER + a * DAY, SEPTEMBER + (a + n) * DAY) for a, n in asked]
    spans += [month_of(month) for month in (SEPTEMBER, OCTOBER, NOVEMBER) if month <= today]
    found = []
    for span in spans:
        if span.first > today:
            continue
        months = {m: _within(so_far, month_of(m)) for m in months_between(span.first, span.end)}
        within = drawn_in(span, so_far, months, today)
        if within is not None and _within(so_far, within) >= FEW:
            assert span.first <= within.first < within.end <= span.end
            found.append(within)
    return found


def _within(by_day: dict[date, int], span: Span) -> int:
    return sum(n for day, n in by_day.items() if span.first <= day < span.end)


@pytest.mark.parametrize(
    ("inside", "beside", "shown"),
    [
        ({"scan": 40, "sms": 12}, {}, {"scan", "sms"}),
        ({"scan": 40, "sms": 4}, {}, set()),  # 44 − 40 would tell of the four
        ({"scan": 40, "sms": 4, "web": 6}, {}, {"scan"}),  # web hides what sms gave
        ({"scan": 40, "sms": 4, "web": 1}, {}, {"scan"}),  # five together
        ({"scan": 40, "sms": 12}, {"sms": (0, 3)}, {"scan"}),  # the whole month less this: three
        ({"scan": 40, "sms": 12}, {"sms": (7, 0), "scan": (5, 9)}, {"scan", "sms"}),
        ({}, {}, set()),
    ],
)
def test_ways(inside: dict[str, int], beside: dict[str, tuple[int, ...]], shown: set[str]) -> None:
    assert ways_shown(inside, beside) == shown


@pytest.mark.parametrize(
    ("n", "shown"), [(0, 0), (4, 0), (9, 0), (10, 5), (14, 5), (15, 10), (203, 195)]
)
def test_of_a_day_that_lasts(n: int, shown: int) -> None:
    assert shown_of_today(n) == shown
    assert shown == 0 or n - shown >= FEW


@pytest.mark.parametrize(
    ("after", "before", "today", "expected"),
    [
        (2, 60, 11, 5),  # 60/10 × 19 days: sure to come
        (2, 4, 11, 2),  # 4/10 × 19 = 8
        (7, 0, 11, 7),
    ],
)
def test_the_rest_of_a_month(after: int, before: int, today: int, expected: int) -> None:
    day = date(2026, 11, 11)
    assert rest_of_month(after, before, day, date(2026, 11, today)) == expected


def test_the_open_days_of_months() -> None:
    today = date(2026, 11, 6)
    by_day = days(NOVEMBER, 6, 3, 3, 7, 9, 5)
    open_ = open_days([NOVEMBER], by_day, today)
    # the 2nd and the 3rd have three each, and no day between them
    assert open_ == {NOVEMBER, *november(2, 4, 5, 6)}
