"""A line through readings: how steep, and how far to trust it."""

from __future__ import annotations

import math

import pytest

from bench.slopes import SURE, slope


def test_a_straight_line_is_found_exactly() -> None:
    fitted = slope([0, 10, 20, 30], [100, 101, 102, 103])  # 0.1 a second
    assert fitted.each_second == pytest.approx(0.1)
    assert fitted.error == pytest.approx(0, abs=1e-9)
    assert fitted.an_hour == pytest.approx((360, 0), abs=1e-6)


def test_noise_is_in_the_error_not_in_the_slope() -> None:
    """Residuals −1, 1, 1, −1 at −15, −5, 5, 15: no slope; √(4 / 2 / 500) = 0.0632."""
    fitted = slope([0, 10, 20, 30], [4, 6, 6, 4])
    assert fitted.each_second == pytest.approx(0)
    assert fitted.error == pytest.approx(math.sqrt(4 / 2 / 500))
    assert fitted.an_hour[1] == pytest.approx(fitted.error * 3600 * SURE)


@pytest.mark.parametrize("times", [[], [0], [0, 1], [5, 5, 5]])
def test_too_few_readings_are_no_line(times: list[float]) -> None:
    assert math.isnan(slope(times, times).each_second)
