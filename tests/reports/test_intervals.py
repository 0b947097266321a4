"""Shares are printed as they are. The arithmetic stands beside each row."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.reports.intervals import (
    BASICALLY_HALF,
    FORMULAS,
    SATISFIED_ONLY,
    SATISFIED_OR_BASICALLY,
    Counts,
    Formula,
    percent,
    percent_range,
    wilson,
)


@pytest.mark.parametrize(
    ("part", "whole", "printed"),
    [
        (938_339, 939_199, "99.91%"),  # 0.999084…: two decimals above 99.9 %
        (33_563, 139_976, "24.0%"),  # 0.239776…
        (32_491, 33_563, "96.8%"),  # 0.968060…
        (1_072, 33_563, "3.2%"),  # 0.031940…
        (0, 10, "0%"),
        (10, 10, "100%"),
        (1, 2, "50.0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 8, "12.5%"),
        (1, 16, "6.3%"),  # 6.25: half up
        (999, 1000, "99.9%"),  # exactly 99.9: one decimal says all
        (9_991, 10_000, "99.91%"),
        (9_999, 10_000, "99.99%"),
        (99_999, 100_000, ">99.99%"),  # never rounded to 100
        (1, 100_000, "<0.01%"),  # never rounded to 0
        (1, 10_000, "0.01%"),
        (1, 1_000, "0.1%"),
        (1, 1_001, "0.10%"),  # 0.0999…
        (0.98123, 1, "98.1%"),
        (Fraction(1, 4), 1, "25.0%"),
    ],
)
def test_percent(part: Fraction | float, whole: int, printed: str) -> None:
    assert percent(part, whole) == printed


@pytest.mark.parametrize(("part", "whole"), [(2, 1), (-1, 3), (1.01, 1)])
def test_percent_refuses_what_is_no_share(part: float, whole: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        percent(part, whole)


@given(st.integers(1, 10**7), st.data())
def test_only_all_and_none_are_printed_so(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    printed = percent(part, whole)
    assert (printed == "100%") == (part == whole)
    assert (printed == "0%") == (part == 0)
    if printed[0] not in "<>":
        assert abs(Fraction(printed[:-1]) / 100 - Fraction(part, whole)) <= Fraction(1, 2000)


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        # p = 0.5, n = 10, z² = 3.8415: centre 0.5, half 0.2634
        (5, 10, 0.2366, 0.7634),
        # p = 0: high = z² / (n + z²) = 3.8415 / 13.8415
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        # the textbook cases of Newcombe 1998, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(successes: int, total: int, low: float, high: float) -> None:
    found = wilson(successes, total)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_without_ratings() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "total"), [(2, 1), (-1, 5), (1, 0)])
def test_wilson_refuses_what_is_no_share(successes: int, total: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, total)


@given(st.integers(1, 10**7), st.data())
def test_the_share_lies_in_its_interval(total: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, total))
    found = wilson(successes, total)
    assert found
    low, high = found
    assert 0 <= low <= successes / total <= high <= 1
    assert (low == 0) == (successes == 0)
    assert (high == 1) == (successes == total)


@given(st.integers(1, 1000), st.data())
def test_more_ratings_make_it_narrower(total: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, total))
    few, many = wilson(successes, total), wilson(successes * 10, total * 10)
    assert few
    assert many
    assert many[1] - many[0] < few[1] - few[0]


@pytest.mark.parametrize(
    ("low", "high", "printed"),
    [
        (0.976, 0.985, "97.6–98.5%"),  # as they are written
        (0.97649, 0.98449, "97.6–98.5%"),  # 97.649 down, 98.449 up
        (0.91, 0.9488, "91.0–94.9%"),
        (0.0, 1.0, "0.0–100.0%"),
    ],
)
def test_percent_range(low: float, high: float, printed: str) -> None:
    assert percent_range(low, high) == printed


def test_formulas_differ_in_what_basically_counts() -> None:
    counts = Counts(satisfied=6, basically=2, unsatisfied=2)
    assert SATISFIED_ONLY.satisfaction(counts) == Fraction(6, 10)
    assert SATISFIED_OR_BASICALLY.satisfaction(counts) == Fraction(8, 10)
    assert BASICALLY_HALF.satisfaction(counts) == Fraction(7, 10)


@pytest.mark.parametrize("formula", FORMULAS.values(), ids=list(FORMULAS))
def test_formulas_are_named_and_versioned(formula: object) -> None:
    assert formula in FORMULAS.values()
    named = FORMULAS[formula.name]  # type: ignore[attr-defined]
    assert named.version == 1
    assert named.label
    assert named.label_en
    assert named.satisfaction(Counts(0, 0, 0)) is None
    assert named.interval(Counts(0, 0, 0)) is None
    assert named.satisfaction(Counts(3, 0, 0)) == 1


@given(st.sampled_from(list(FORMULAS.values())), st.tuples(*[st.integers(0, 10**8)] * 3))
def test_the_share_is_the_satisfaction_as_a_float(
    formula: Formula, grades: tuple[int, int, int]
) -> None:
    exact = formula.satisfaction(Counts(*grades))
    assert formula.share(Counts(*grades)) == (None if exact is None else float(exact))


def test_the_interval_of_a_half_counted_grade() -> None:
    assert BASICALLY_HALF.interval(Counts(4, 2, 4)) == wilson(5, 10)
