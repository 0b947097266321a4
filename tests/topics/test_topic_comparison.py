"""With which time a period is compared. Now is Friday, 20 November 2026, 14:05 in Beijing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.clock import beijing
from actions.reports.periods import read_period
from actions.topics.comparison import period_before

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "start", "end", "label"),
    [
        ("昨天", "11-18 00:00", "11-19 00:00", "11 月 18 日"),
        ("今天", "11-19 00:00", "11-19 14:05", "11 月 19 日"),  # until the same hour
        ("上周", "11-02 00:00", "11-09 00:00", "11 月 2 日–11 月 8 日"),
        ("本周", "11-09 00:00", "11-13 14:05", "11 月 9 日–11 月 13 日"),
        ("上个月", "09-01 00:00", "10-01 00:00", "9 月 1 日–9 月 30 日"),  # 31 days, and 30
        ("本月", "10-01 00:00", "10-20 14:05", "10 月 1 日–10 月 20 日"),
        ("三季度", "04-01 00:00", "07-01 00:00", "4 月 1 日–6 月 30 日"),
        ("本季度", "07-01 00:00", "08-20 14:05", "7 月 1 日–8 月 20 日"),
    ],
)
def test_the_period_before(said: str, start: str, end: str, label: str) -> None:
    period = read_period(said, NOW)
    assert period is not None
    before = period_before(period, NOW)
    assert [f"{beijing(at):%m-%d %H:%M}" for at in (before.start, before.end)] == [start, end]
    assert before.label == label


def test_the_last_days_of_a_longer_month_have_nothing_to_be_compared_with() -> None:
    """On 31 March all of February is compared, and no day of March itself."""
    now = datetime(2026, 3, 31, 6, 5, tzinfo=UTC)
    march = read_period("本月", now)
    assert march is not None
    before = period_before(march, now)
    assert (before.end, before.label_en) == (march.start, "1 February–28 February")
