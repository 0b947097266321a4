"""What a period is set beside, and when two rates differ. The arithmetic stands beside each row."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from actions.clock import beijing
from actions.figures.compared import beyond_error, counted_until, days_in, other_period, period_of
from actions.figures.question import Against
from actions.reports.intervals import SATISFIED_ONLY, Counts
from actions.reports.periods import read_period

NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)  # Friday, 14:05 in Beijing
JUNE_AND_JULY = "2026 年 6 月 1 日–2026 年 7 月 19 日"


@pytest.mark.parametrize(
    ("first", "end", "against", "expected", "label"),
    [
        # whole months beside as many, however long they are
        ("2026-10-01", "2026-11-01", "before", ("2026-09-01", "2026-10-01"), "2026 年 9 月"),
        ("2026-03-01", "2026-04-01", "before", ("2026-02-01", "2026-03-01"), "2026 年 2 月"),
        ("2026-01-01", "2026-02-01", "before", ("2025-12-01", "2026-01-01"), "2025 年 12 月"),
        ("2026-04-01", "2026-07-01", "before", ("2026-01-01", "2026-04-01"), "2026 年一季度"),
        ("2025-01-01", "2026-01-01", "before", ("2024-01-01", "2025-01-01"), "2024 年"),
        # from a first on: the same days so many months before
        ("2026-11-01", "2026-11-16", "before", ("2026-10-01", "2026-10-16"), "2026 年 10 月 1 日–15 日"),
        ("2026-03-01", "2026-03-31", "before", ("2026-02-01", "2026-03-01"), "2026 年 2 月"),
        ("2026-08-01", "2026-09-20", "before", ("2026-06-01", "2026-07-20"), JUNE_AND_JULY),
        # a week that begins on a first is a week; all else as many days
        ("2026-06-01", "2026-06-08", "before", ("2026-05-25", "2026-06-01"), "2026 年 5 月 25 日–31 日"),
        ("2026-11-09", "2026-11-16", "before", ("2026-11-02", "2026-11-09"), "2026 年 11 月 2 日–8 日"),
        ("2026-11-11", "2026-11-18", "before", ("2026-11-04", "2026-11-11"), "2026 年 11 月 4 日–10 日"),
        ("2026-11-01", "2026-11-02", "before", ("2026-10-31", "2026-11-01"), "2026 年 10 月 31 日"),
        ("2026-10-01", "2026-11-01", "year_ago", ("2025-10-01", "2025-11-01"), "2025 年 10 月"),
        ("2024-02-29", "2024-03-01", "year_ago", ("2023-02-28", "2023-03-01"), "2023 年 2 月 28 日"),
        ("2024-02-01", "2024-03-01", "year_ago", ("2023-02-01", "2023-03-01"), "2023 年 2 月"),
        ("2025-02-28", "2025-03-01", "year_ago", ("2024-02-28", "2024-02-29"), "2024 年 2 月 28 日"),
    ],
)  # fmt: skip
def test_what_is_over_is_set_beside(
    first: str, end: str, against: str, expected: tuple[str, str], label: str
) -> None:
    asked = period_of(date.fromisoformat(first), date.fromisoformat(end))
    other = other_period(asked, Against(against), counted_until(asked, NOW))
    assert tuple(map(str, days_in(other))) == expected
    assert other.label == label
    assert other.label_en


@pytest.mark.parametrize(
    ("said", "against", "expected", "label"),
    [
        # on 20 November, counted up to the 19th
        ("本月", "before", ("2026-10-01", "2026-10-20"), "10 月 1 日–19 日"),
        ("本月", "year_ago", ("2025-11-01", "2025-11-20"), "2025 年 11 月 1 日–19 日"),
        ("本季度", "before", ("2026-07-01", "2026-08-20"), "7 月 1 日–8 月 19 日"),
        ("今年", "before", ("2025-01-01", "2025-11-20"), "2025 年 1 月 1 日–2025 年 11 月 19 日"),
        ("本周", "before", ("2026-11-09", "2026-11-13"), "11 月 9 日–12 日"),  # Monday to Thursday
        ("近30天", "before", ("2026-09-22", "2026-10-21"), "9 月 22 日–10 月 20 日"),  # 29 of 30
        ("今天", "before", ("2026-11-19", "2026-11-20"), "11 月 19 日"),
    ],
)  # fmt: skip
def test_of_what_runs_as_much_as_has_gone_by(
    said: str, against: str, expected: tuple[str, str], label: str
) -> None:
    asked = read_period(said, NOW)
    assert asked is not None
    other = other_period(asked, Against(against), counted_until(asked, NOW), 2026)
    assert tuple(map(str, days_in(other))) == expected
    assert other.label == label


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-01", ("2026-02-01", "2026-02-02")),  # nothing has gone by: the day itself
        ("2026-03-02", ("2026-02-01", "2026-02-02")),
        ("2026-03-29", ("2026-02-01", "2026-03-01")),  # 1 to 28 March
        ("2026-03-31", ("2026-02-01", "2026-03-01")),  # 1 to 30 March: February has no more
        ("2026-04-30", ("2026-03-01", "2026-03-30")),
    ],
)
def test_a_running_month_is_cut_at_the_end_of_a_shorter_one(
    now: str, expected: tuple[str, str]
) -> None:
    moment = datetime.fromisoformat(f"{now}T06:05:00+00:00")
    asked = read_period("本月", moment)
    assert asked is not None
    other = other_period(asked, Against.BEFORE, counted_until(asked, moment))
    assert tuple(map(str, days_in(other))) == expected


@pytest.mark.parametrize(
    ("said", "start", "end", "label"),
    [
        ("昨天", "11-18 00:00", "11-19 00:00", "11 月 18 日"),
        ("今天", "11-19 00:00", "11-19 14:05", "11 月 19 日"),  # until the same hour
        ("上周", "11-02 00:00", "11-09 00:00", "11 月 2 日–8 日"),
        ("本周", "11-09 00:00", "11-13 14:05", "11 月 9 日–13 日"),
        ("上个月", "09-01 00:00", "10-01 00:00", "9 月"),
        ("本月", "10-01 00:00", "10-20 14:05", "10 月 1 日–20 日"),
        ("三季度", "04-01 00:00", "07-01 00:00", "二季度"),
        ("本季度", "07-01 00:00", "08-20 14:05", "7 月 1 日–8 月 20 日"),
    ],
)
def test_what_is_counted_up_to_this_moment(said: str, start: str, end: str, label: str) -> None:
    """As topics are: their cases come in at once."""
    period = read_period(said, NOW)
    assert period is not None
    before = other_period(period, Against.BEFORE, NOW, 2026)
    assert [f"{beijing(at):%m-%d %H:%M}" for at in (before.start, before.end)] == [start, end]
    assert before.label == label


def test_the_last_days_of_a_longer_month_are_set_beside_all_of_a_shorter_one() -> None:
    """On 31 March all of February is compared, and no day of March itself."""
    now = datetime(2026, 3, 31, 6, 5, tzinfo=UTC)
    march = read_period("本月", now)
    assert march is not None
    before = other_period(march, Against.BEFORE, now, 2026)
    assert (before.end, before.label_en) == (march.start, "February")


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
