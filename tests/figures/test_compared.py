"""What a period is set beside, and when two rates differ. The arithmetic stands beside each row."""

from __future__ import annotations

from datetime import date

import pytest

from actions.figures.compared import beyond_error, days_in, other_period, period_of
from actions.figures.question import Against
from actions.reports.intervals import SATISFIED_ONLY, Counts


@pytest.mark.parametrize(
    ("first", "end", "against", "expected", "label"),
    [
        ("2026-10-01", "2026-11-01", "before", ("2026-09-01", "2026-10-01"), "2026 年 9 月"),
        ("2026-01-01", "2026-02-01", "before", ("2025-12-01", "2026-01-01"), "2025 年 12 月"),
        ("2026-04-01", "2026-07-01", "before", ("2026-01-01", "2026-04-01"), "2026 年一季度"),
        ("2026-01-01", "2027-01-01", "before", ("2025-01-01", "2026-01-01"), "2025 年"),
        ("2026-11-16", "2026-11-23", "before", ("2026-11-09", "2026-11-16"), "2026-11-09 至 2026-11-15"),
        ("2026-11-20", "2026-11-21", "before", ("2026-11-19", "2026-11-20"), "2026-11-19"),
        ("2026-10-01", "2026-11-01", "year_ago", ("2025-10-01", "2025-11-01"), "2025 年 10 月"),
        ("2024-02-29", "2024-03-01", "year_ago", ("2023-02-28", "2023-03-01"), "2023-02-28"),
    ],
)  # fmt: skip
def test_the_other_period(
    first: str, end: str, against: str, expected: tuple[str, str], label: str
) -> None:
    asked = period_of(date.fromisoformat(first), date.fromisoformat(end))
    other = other_period(asked, Against(against))
    assert tuple(map(str, days_in(other))) == expected
    assert other.label == label
    assert other.label_en


@pytest.mark.parametrize(
    ("one", "other", "beyond"),
    [
        # 95.0 % (93.5–96.2) and 90.0 % (88.0–91.7): the difference is 5.0, within 2.7 and 7.3
        ((950, 1000), (900, 1000), True),
        # 95.0 % and 94.0 %: 1.0, within −1.0 and 3.0
        ((950, 1000), (940, 1000), False),
        ((10, 10), (9, 10), False),
        ((0, 0), (9, 10), None),
    ],
)
def test_what_chance_explains(
    one: tuple[int, int], other: tuple[int, int], beyond: bool | None
) -> None:
    first, second = (Counts(good, 0, total - good) for good, total in (one, other))
    assert beyond_error(first, second, SATISFIED_ONLY) is beyond
    assert beyond_error(second, first, SATISFIED_ONLY) is beyond
