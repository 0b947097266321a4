"""New, rising and falling only where chance does not explain it."""

from __future__ import annotations

import pytest

from actions.topics.report import Trend
from actions.topics.trends import Citizens, trends


@pytest.mark.parametrize(
    ("now", "before", "everybody", "trend"),
    [
        (3, 2, (100, 100), Trend.STEADY),  # tail of 3 or more of 5: 0.5
        (12, 5, (200, 200), Trend.STEADY),  # 0.066: it may well be chance
        (25, 8, (200, 200), Trend.RISING),
        (8, 25, (200, 200), Trend.FALLING),
        (6, 0, (200, 200), Trend.STEADY),  # about 0.5 ** 6 = 0.016, more than 0.01
        (20, 9, (391, 474), Trend.RISING),  # 0.0075
        (8, 0, (200, 200), Trend.NEW),
        (50, 25, (400, 200), Trend.STEADY),  # twice as many wrote of everything
        (30, 30, (100, 400), Trend.RISING),  # as many, of far fewer who wrote at all
        (0, 0, (100, 100), Trend.STEADY),
    ],
)
def test_one_group(now: int, before: int, everybody: tuple[int, int], trend: Trend) -> None:
    assert trends([Citizens(now, before)], *everybody) == [trend]


def test_each_keeps_its_place() -> None:
    groups = [Citizens(10, 10), Citizens(30, 2), Citizens(2, 30)]
    assert trends(groups, 300, 300) == [Trend.STEADY, Trend.RISING, Trend.FALLING]


def test_no_group() -> None:
    assert trends([], 10, 10) == []


def test_more_than_everybody() -> None:
    with pytest.raises(ValueError, match="more citizens"):
        trends([Citizens(11, 0)], 10, 10)
