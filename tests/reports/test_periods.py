"""Periods as supervisors say them. Now is Saturday 2026-11-21, 14:05 in Beijing, unless said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clock import BEIJING
from actions.reports.periods import Period, find_period, read_period

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=BEIJING).astimezone(UTC)


def beijing(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), BEIJING)


def days(found: Period | None) -> tuple[str, str] | None:
    """First and last day in Beijing, both included."""
    if found is None:
        return None
    last = found.end - timedelta(seconds=1)
    return (
        found.start.astimezone(BEIJING).date().isoformat(),
        last.astimezone(BEIJING).date().isoformat(),
    )


NAMED = [
    # what is said, first day, last day, label
    ("", "2026-11-21", "2026-11-21", "今天"),
    ("  ", "2026-11-21", "2026-11-21", "今天"),
    ("今天", "2026-11-21", "2026-11-21", "今天"),
    ("今日", "2026-11-21", "2026-11-21", "今天"),
    ("today", "2026-11-21", "2026-11-21", "今天"),
    ("Today ", "2026-11-21", "2026-11-21", "今天"),
    ("昨天", "2026-11-20", "2026-11-20", "昨天"),
    ("yesterday", "2026-11-20", "2026-11-20", "昨天"),
    ("前天", "2026-11-19", "2026-11-19", "11 月 19 日"),
    ("本周", "2026-11-16", "2026-11-22", "本周"),
    ("这周", "2026-11-16", "2026-11-22", "本周"),
    ("这个星期", "2026-11-16", "2026-11-22", "本周"),
    ("week", "2026-11-16", "2026-11-22", "本周"),
    ("this week", "2026-11-16", "2026-11-22", "本周"),
    ("上周", "2026-11-09", "2026-11-15", "上周"),
    ("上个礼拜", "2026-11-09", "2026-11-15", "上周"),
    ("last week", "2026-11-09", "2026-11-15", "上周"),
    ("上周五", "2026-11-13", "2026-11-13", "11 月 13 日"),
    ("这周一", "2026-11-16", "2026-11-16", "11 月 16 日"),
    ("上周日", "2026-11-15", "2026-11-15", "11 月 15 日"),
    ("本月", "2026-11-01", "2026-11-30", "11 月"),
    ("这个月", "2026-11-01", "2026-11-30", "11 月"),
    ("当月", "2026-11-01", "2026-11-30", "11 月"),
    ("本月份", "2026-11-01", "2026-11-30", "11 月"),
    ("month", "2026-11-01", "2026-11-30", "11 月"),
    ("上个月", "2026-10-01", "2026-10-31", "10 月"),
    ("上月", "2026-10-01", "2026-10-31", "10 月"),
    ("last month", "2026-10-01", "2026-10-31", "10 月"),
    ("今年", "2026-01-01", "2026-12-31", "2026 年"),
    ("今年以来", "2026-01-01", "2026-12-31", "2026 年"),
    ("year", "2026-01-01", "2026-12-31", "2026 年"),
    ("去年", "2025-01-01", "2025-12-31", "2025 年"),
    ("last year", "2025-01-01", "2025-12-31", "2025 年"),
    ("2024年", "2024-01-01", "2024-12-31", "2024 年"),
    ("二〇二五年", "2025-01-01", "2025-12-31", "2025 年"),
    ("最近7天", "2026-11-15", "2026-11-21", "近 7 天"),  # 15 16 17 18 19 20 21
    ("最近７天", "2026-11-15", "2026-11-21", "近 7 天"),
    ("近七天", "2026-11-15", "2026-11-21", "近 7 天"),
    ("过去一周", "2026-11-15", "2026-11-21", "近 7 天"),
    ("近三十天", "2026-10-23", "2026-11-21", "近 30 天"),  # 9 in October + 21
    ("last 30 days", "2026-10-23", "2026-11-21", "近 30 天"),
    ("近两周", "2026-11-08", "2026-11-21", "近 14 天"),
    ("近三个月", "2026-08-22", "2026-11-21", "近 3 个月"),
    ("最近半年", "2026-05-22", "2026-11-21", "近 6 个月"),
    ("近一年", "2025-11-22", "2026-11-21", "近 12 个月"),
    ("10月", "2026-10-01", "2026-10-31", "10 月"),
    ("十月", "2026-10-01", "2026-10-31", "10 月"),
    ("10月份", "2026-10-01", "2026-10-31", "10 月"),
    ("10 月", "2026-10-01", "2026-10-31", "10 月"),
    ("11月", "2026-11-01", "2026-11-30", "11 月"),
    ("12月", "2025-12-01", "2025-12-31", "2025 年 12 月"),  # the latest that has begun
    ("十二月", "2025-12-01", "2025-12-31", "2025 年 12 月"),
    ("2026年10月", "2026-10-01", "2026-10-31", "10 月"),
    ("2025 年 2 月", "2025-02-01", "2025-02-28", "2025 年 2 月"),
    ("去年10月", "2025-10-01", "2025-10-31", "2025 年 10 月"),
    ("去年的十月", "2025-10-01", "2025-10-31", "2025 年 10 月"),
    ("2026-10", "2026-10-01", "2026-10-31", "10 月"),
    ("10月25日", "2026-10-25", "2026-10-25", "10 月 25 日"),
    ("10月25号", "2026-10-25", "2026-10-25", "10 月 25 日"),
    ("十月二十五日", "2026-10-25", "2026-10-25", "10 月 25 日"),
    ("11月21日", "2026-11-21", "2026-11-21", "今天"),
    ("11月22日", "2025-11-22", "2025-11-22", "2025 年 11 月 22 日"),
    ("2月29日", "2024-02-29", "2024-02-29", "2024 年 2 月 29 日"),
    ("2026-10-25", "2026-10-25", "2026-10-25", "10 月 25 日"),
    ("2026/10/5", "2026-10-05", "2026-10-05", "10 月 5 日"),
    ("2025年1月1日", "2025-01-01", "2025-01-01", "2025 年 1 月 1 日"),
    ("二季度", "2026-04-01", "2026-06-30", "二季度"),
    ("第二季度", "2026-04-01", "2026-06-30", "二季度"),
    ("第4季度", "2026-10-01", "2026-12-31", "四季度"),
    ("本季度", "2026-10-01", "2026-12-31", "四季度"),
    ("上个季度", "2026-07-01", "2026-09-30", "三季度"),
    ("去年三季度", "2025-07-01", "2025-09-30", "2025 年三季度"),
    ("last quarter", "2026-07-01", "2026-09-30", "三季度"),
    ("上半年", "2026-01-01", "2026-06-30", "上半年"),
    ("下半年", "2026-07-01", "2026-12-31", "下半年"),
    ("去年下半年", "2025-07-01", "2025-12-31", "2025 年下半年"),
    ("10月1日到10月7日", "2026-10-01", "2026-10-07", "10 月 1 日–10 月 7 日"),
    ("10月1日至7日", "2026-10-01", "2026-10-07", "10 月 1 日–7 日"),
    ("9月到10月", "2026-09-01", "2026-10-31", "9 月–10 月"),
    ("2026-10-01~2026-10-07", "2026-10-01", "2026-10-07", "10 月 1 日–10 月 7 日"),
    ("上周到本周", "2026-11-09", "2026-11-22", "上周–本周"),
]


@pytest.mark.parametrize(("text", "first", "last", "label"), NAMED, ids=[row[0] for row in NAMED])
def test_named(text: str, first: str, last: str, label: str) -> None:
    found = read_period(text, NOW)
    assert days(found) == (first, last)
    assert found
    assert found.label == label
    assert found.label_en


@pytest.mark.parametrize(
    "text",
    [
        "满意率",
        "明天",
        "下周",
        "下个月",
        "明年",
        "明年10月",
        "今年12月",
        "2026年12月",
        "2027-01-01",
        "2月30日",
        "13月",
        "零月",
        "10月0日",
        "第五季度",
        "1999年",
        "weekend",
        "周",
        "月",
        "三个月",
        "近零天",
        "近99999999999999999999天",
        "99999999999999999999月",
        "10月7日到1日",
        "本周吗",
        "x本周",
    ],
)
def test_no_period(text: str) -> None:
    assert read_period(text, NOW) is None


# At the edges: Beijing is eight hours ahead of UTC.
@pytest.mark.parametrize(
    ("now", "text", "first", "last"),
    [
        # 15:59:59 UTC is 23:59:59 of the same day; a second later the next day begins
        ("2026-11-21T15:59:59+00:00", "今天", "2026-11-21", "2026-11-21"),
        ("2026-11-21T16:00:00+00:00", "今天", "2026-11-22", "2026-11-22"),
        ("2026-11-21T16:00:00+00:00", "昨天", "2026-11-21", "2026-11-21"),
        # Monday 2026-11-23 begins at 16:00 UTC of Sunday
        ("2026-11-22T15:59:59+00:00", "本周", "2026-11-16", "2026-11-22"),
        ("2026-11-22T16:00:00+00:00", "本周", "2026-11-23", "2026-11-29"),
        ("2026-11-22T16:00:00+00:00", "上周", "2026-11-16", "2026-11-22"),
        # the month
        ("2026-11-30T15:59:59+00:00", "本月", "2026-11-01", "2026-11-30"),
        ("2026-11-30T16:00:00+00:00", "本月", "2026-12-01", "2026-12-31"),
        ("2026-03-31T04:00:00+00:00", "上月", "2026-02-01", "2026-02-28"),
        ("2024-03-31T04:00:00+00:00", "上月", "2024-02-01", "2024-02-29"),
        ("2026-05-31T04:00:00+00:00", "近三个月", "2026-03-01", "2026-05-31"),
        # the year
        ("2026-12-31T15:59:59+00:00", "今年", "2026-01-01", "2026-12-31"),
        ("2026-12-31T16:00:00+00:00", "今年", "2027-01-01", "2027-12-31"),
        ("2027-01-01T04:00:00+00:00", "上月", "2026-12-01", "2026-12-31"),
        ("2027-01-01T04:00:00+00:00", "昨天", "2026-12-31", "2026-12-31"),
        ("2027-01-01T04:00:00+00:00", "本周", "2026-12-28", "2027-01-03"),
        ("2027-01-01T04:00:00+00:00", "12月", "2026-12-01", "2026-12-31"),
        ("2027-01-01T04:00:00+00:00", "上季度", "2026-10-01", "2026-12-31"),
        ("2027-01-01T04:00:00+00:00", "二季度", "2026-04-01", "2026-06-30"),
        ("2027-01-01T04:00:00+00:00", "下半年", "2026-07-01", "2026-12-31"),
    ],
)
def test_edges(now: str, text: str, first: str, last: str) -> None:
    assert days(read_period(text, datetime.fromisoformat(now))) == (first, last)


@pytest.mark.parametrize(
    ("sentence", "label", "rest"),
    [
        ("上个月桥西分局满意率多少", "10 月", "桥西分局满意率多少"),
        ("上个月桥西满意率", "10 月", "桥西满意率"),
        ("桥西上个月的满意率", "10 月", "桥西 满意率"),
        ("桥西今年以来的满意率？", "2026 年", "桥西 满意率"),
        ("明德里所10月份怎么样", "10 月", "明德里所 怎么样"),
        ("桥西 二季度", "二季度", "桥西"),
        ("二季度", "二季度", ""),
        ("今天", "今天", ""),
        ("本月 桥西", "11 月", "桥西"),
        ("week 桥西", "本周", "桥西"),
        ("桥西week", "本周", "桥西"),
        ("去年10月安平县", "2025 年 10 月", "安平县"),
        ("户籍2号窗口本周满意率", "本周", "户籍2号窗口 满意率"),
        ("八一路派出所近七天", "近 7 天", "八一路派出所"),
        ("9月到10月桥东", "9 月–10 月", "桥东"),
        ("最近三十天南站所有多少不满意的", "近 30 天", "南站所有多少不满意的"),
        ("１０月桥西", "10 月", "桥西"),
    ],
)
def test_found_in_a_sentence(sentence: str, label: str, rest: str) -> None:
    found, left = find_period(sentence, NOW)
    assert found
    assert (found.label, left) == (label, rest)


@pytest.mark.parametrize(
    "sentence",
    ["", "桥西满意率多少", "户籍 2 号窗口", "明年桥西", "2月30日桥西", "哪个所最差"],
)
def test_a_sentence_without_a_period_stays_as_it_is(sentence: str) -> None:
    assert find_period(sentence, NOW) == (None, sentence)


def test_english_labels() -> None:
    labels = {
        "昨天": "yesterday",
        "上周": "last week",
        "10月": "October",
        "12月": "December 2025",
        "二季度": "Q2",
        "去年上半年": "first half 2025",
        "近7天": "last 7 days",
        "10月25日": "25 October",
        "10月1日至7日": "1–7 October",
    }
    assert {text: read_period(text, NOW).label_en for text in labels} == labels  # type: ignore[union-attr]


moments = st.datetimes(  # the strategy wants naive bounds
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
names = st.sampled_from([row[0] for row in NAMED])


@given(names, moments)
def test_bounds_are_midnights_in_order(text: str, now: datetime) -> None:
    found = read_period(text, now)
    if found is None:
        return
    assert found.start < found.end
    assert found.start <= now
    for bound in (found.start, found.end):
        assert bound.utcoffset() == timedelta(0)
        assert bound.astimezone(BEIJING).time() == time()


@given(st.sampled_from(["今天", "本周", "本月", "本季度", "今年", "近7天", "近三个月"]), moments)
def test_the_present_is_in_the_present_period(text: str, now: datetime) -> None:
    found = read_period(text, now)
    assert found
    assert found.start <= now < found.end


@given(
    st.sampled_from(
        [
            ("昨天", "今天"),
            ("上周", "本周"),
            ("上月", "本月"),
            ("上季度", "本季度"),
            ("去年", "今年"),
        ]
    ),
    moments,
)
def test_the_last_ends_where_this_begins(pair: tuple[str, str], now: datetime) -> None:
    before, this = read_period(pair[0], now), read_period(pair[1], now)
    assert before
    assert this
    assert before.end == this.start


@given(st.integers(1, 365), moments)
def test_so_many_days_are_so_many(count: int, now: datetime) -> None:
    found = read_period(f"最近{count}天", now)
    assert found
    assert found.end - found.start == timedelta(days=count)


@given(st.integers(1, 12), moments)
def test_a_bare_month_is_the_latest_begun(month: int, now: datetime) -> None:
    found = read_period(f"{month}月", now)
    assert found
    assert found.start.astimezone(BEIJING).month == month
    assert now - timedelta(days=366) < found.start <= now


@given(st.text(max_size=60), moments)
def test_any_text_is_bearable(text: str, now: datetime) -> None:
    read_period(text, now)
    find_period(text, now)


@given(
    st.lists(st.sampled_from([*"年月日号周天季度近上下本到至-0123456789一二十半个 "]), max_size=12)
)
def test_any_scramble_is_bearable(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = read_period(text, NOW)
    assert found is None or found.start <= NOW
    find_period(text, NOW)
