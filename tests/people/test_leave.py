"""The days of leave that somebody names."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.clock import BEIJING
from actions.people.leave import said_leave

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=BEIJING)  # a Friday


@pytest.mark.parametrize(
    ("text", "first", "until"),
    [
        ("休假 3天", None, "11-23"),  # 20, 21, 22
        ("请假两天", None, "11-22"),
        ("明天休假", "11-21", "11-22"),
        ("从明天起休五天", "11-21", "11-26"),
        ("后天请假一天", "11-22", "11-23"),
        ("休假 11-22 到 11-25", "11-22", "11-26"),
        ("11月22日到11月25日休假", "11-22", "11-26"),
        ("休到11月25日", None, "11-26"),
        ("11月22日起休3天", "11-22", "11-25"),
        ("休年假一周", None, "11-27"),
        ("leave for 3 days", None, "11-23"),
        ("leave 11/22 to 11/25", "11-22", "11-26"),
    ],
)
def test_leave(text: str, first: str | None, until: str) -> None:
    found = said_leave(text, NOW)
    assert found is not None
    assert found[0] == (NOW if first is None else day(first))
    assert found[1] == day(until)


def test_a_date_without_a_year_is_the_next_one() -> None:
    found = said_leave("休到1月3日", NOW)
    assert found is not None
    assert found[1] == datetime(2027, 1, 4, tzinfo=BEIJING)


@pytest.mark.parametrize("text", ["休假", "我要休假", "休假 0天", "休到2月30日", "休假 900天", ""])
def test_no_days(text: str) -> None:
    assert said_leave(text, NOW) is None


def day(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d").replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    "text",
    [
        "休假 99999999999999999999天",
        "休假 9999999周",
        "休到9999年12月31日",
        "9999-12-31 到 9999-12-31",
    ],
)
def test_no_calendar_reaches_that_far(text: str) -> None:
    assert said_leave(text, NOW) is None
