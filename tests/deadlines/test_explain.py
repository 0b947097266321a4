"""Why it is due then, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given

from actions.deadlines.due import due
from actions.deadlines.explain import explain, say_span
from actions.deadlines.spans import Span, SpanUnit, parse_span
from actions.deadlines.steps import StepKey
from actions.notices.notices import Wording
from tests.deadlines.moments import (
    CALENDAR,
    HOURS,
    Started,
    due_of,
    local,
    local_day,
    spans,
    starts_and_pauses,
)

WORDING = Wording()
TOPIC = Path(__file__).parents[2] / "actions/notices/wording/zh/deadlines.yml"


@pytest.mark.parametrize(
    ("span", "start", "pauses", "zh"),
    [
        (
            "3 working days",
            "2026-11-20 14:05",
            [],
            "11 月 20 日（周五）14:05 开始，时限：3 个工作日，当天不算\n"
            "21—22 日周末，不算\n"
            "23—25 日第 1—3 天\n"
            "25 日（周三）18:00 到期",
        ),
        (
            "2 working days",
            "2026-02-13 17:59",
            [],
            "2 月 13 日（周五）17:59 开始，时限：2 个工作日，当天不算\n"
            "14 日（周六）调休上班，第 1 天\n"
            "15—23 日春节，不算\n"
            "24 日（周二）第 2 天\n"
            "24 日（周二）18:00 到期",
        ),
        (
            "1 working day",
            "2025-09-30 16:00",
            [],
            "9 月 30 日（周二）16:00 开始，时限：1 个工作日，当天不算\n"
            "10 月 1—8 日国庆节、中秋，不算\n"
            "9 日（周四）第 1 天\n"
            "9 日（周四）18:00 到期",
        ),
        (
            "1 working day",
            "2026-12-31 10:00",
            [],
            "12 月 31 日（周四）10:00 开始，时限：1 个工作日，当天不算\n"
            "2027 年 1 月 1 日（周五）第 1 天\n"
            "2027 年放假安排还没公布，先按周一到周五算，公布后自动改\n"
            "1 日（周五）18:00 到期",
        ),
        (
            "3 days",
            "2026-12-30 10:00",
            [],
            "12 月 30 日（周三）10:00 开始，时限：3 天，当天不算\n"
            "12 月 31 日—2027 年 1 月 2 日第 1—3 天\n"
            "2 日（周六）18:00 到期",
        ),
        (
            "3 days",
            "2026-11-28 10:00",
            [],
            "11 月 28 日（周六）10:00 开始，时限：3 天，当天不算\n"
            "11 月 29 日—12 月 1 日第 1—3 天\n"
            "1 日（周二）18:00 到期",
        ),
        (
            "2 working days",
            "2026-11-19 10:00",
            ["2026-11-20 12:00 / 2026-11-23 19:00"],
            "11 月 19 日（周四）10:00 开始，时限：2 个工作日，当天不算\n"
            "20—23 日暂停，不算\n"  # the weekend within is not told apart
            "24—25 日第 1—2 天\n"
            "25 日（周三）18:00 到期",
        ),
        (
            "2 working days",
            "2026-11-19 10:00",
            ["2026-11-23 12:00 /"],
            "11 月 19 日（周四）10:00 开始，时限：2 个工作日，当天不算\n"
            "20 日（周五）第 1 天\n"
            "21—22 日周末，不算\n"
            "23 日（周一）12:00 起暂停，恢复后再定到期时间",
        ),
        (
            "same day",
            "2026-11-20 22:30",
            [],
            "11 月 20 日（周五）22:30 开始，时限：当天\n"
            "已过 22:00，不再打扰，顺延到第二天 10:00\n"
            "21 日（周六）10:00 到期",
        ),
        (
            "30 minutes in duty hours",
            "2026-11-20 19:50",
            [],
            "11 月 20 日（周五）19:50 开始，时限：30 分钟（值守时间内）\n"
            "只算每天 08:00-20:00 的值守时间\n"
            "到 20:00 用了 10 分钟，还剩 20 分钟\n"
            "21 日（周六）08:20 到期",
        ),
        (
            "2 hours",
            "2026-11-20 19:50",
            ["2026-11-20 20:30 / 2026-11-20 21:00"],
            "11 月 20 日（周五）19:50 开始，时限：2 小时\n"
            "到 20:30 用了 40 分钟，还剩 1 小时 20 分钟\n"
            "20:30 到 21:00 暂停，不算\n"
            "20 日（周五）22:20 到期",
        ),
        (
            "60 minutes in duty hours",
            "2026-11-20 19:30",
            ["2026-11-20 20:30 / 2026-11-21 07:00"],
            "11 月 20 日（周五）19:30 开始，时限：60 分钟（值守时间内）\n"
            "只算每天 08:00-20:00 的值守时间\n"
            "到 20:30 用了 30 分钟，还剩 30 分钟\n"
            "20:30 到 21 日（周六）07:00 暂停，不算\n"
            "21 日（周六）08:30 到期",
        ),
        (
            "1 day",
            "2026-11-20 19:30",
            ["2026-11-19 10:00 /"],  # stood from before the start
            "11 月 20 日（周五）19:30 开始，时限：1 天，当天不算\n19:30 起暂停，恢复后再定到期时间",
        ),
        (
            "3 working days",
            "2008-09-25 10:00",
            [],
            "9 月 25 日（周四）10:00 开始，时限：3 个工作日，当天不算\n"
            "26 日（周五）第 1 天\n"
            "27 日（周六）调休上班，第 2 天\n"  # a whole weekend worked
            "28 日（周日）调休上班，第 3 天\n"
            "28 日（周日）18:00 到期",
        ),
    ],
)
def test_in_chinese(span: str, start: str, pauses: list[str], zh: str) -> None:
    assert explain(due_of(span, start, *pauses), WORDING.say, "zh") == zh


def test_in_english() -> None:
    found = due_of("3 working days", "2025-09-29 16:00", "2025-10-09 10:00 / 2025-10-09 20:00")
    assert explain(found, WORDING.say, "en") == (
        "Mon 29/9, 16:00: started; allowed: 3 working days; this day does not count\n"
        "Tue 30: day 1\n"
        "1–8/10: National Day and Mid-autumn Festival, does not count\n"
        "Thu 9: paused, does not count\n"
        "Fri 10: day 2\n"
        "Sat 11: worked to make up for a holiday, day 3\n"
        "Sat 11, 18:00: due"
    )


def test_what_is_not_certain_is_marked() -> None:
    assert "18:00" + WORDING.say("uncertain_mark", "zh") == "18:00（暂按周一至周五算）"
    assert "18:00" + WORDING.say("uncertain_mark", "en") == "18:00, counted Monday–Friday for now"


@pytest.mark.parametrize(
    ("span", "zh"),
    [
        ("same day", "当天"),
        ("1 hour", "1 小时"),
        ("30 minutes in duty hours", "30 分钟（值守时间内）"),
        ("3 working days", "3 个工作日"),
        ("7 days", "7 天"),
    ],
)
def test_a_span_in_words(span: str, zh: str) -> None:
    assert say_span(parse_span(span), WORDING.say, "zh") == zh


@given(spans)
def test_a_span_in_english_is_as_a_policy_writes_it(span: Span) -> None:
    assert say_span(span, WORDING.say, "en") == str(span)


@given(spans, starts_and_pauses())
def test_the_last_line_is_the_due_time(span: Span, started: Started) -> None:
    start, pauses = started
    found = due(span, start, pauses, HOURS, CALENDAR)
    last = explain(found, WORDING.say, "zh").splitlines()[-1]
    assert found.at is not None
    assert f"{local_day(found.at).day} 日（" in last
    assert (local(found.at) or "").endswith(last.removesuffix(" 到期")[-5:])
    assert "{" not in explain(found, WORDING.say, "en")


def test_every_step_has_its_sentence_and_every_sentence_its_use() -> None:
    keys = set(yaml.safe_load(TOPIC.read_text("utf-8")))
    steps = {f"why_{key}" for key in StepKey}
    dates = {"why_moment", "why_in_year", "why_and"} | {
        f"why_{date}"
        for date in ("date", "date_month", "dates", "dates_month", "dates_months", "dates_years")
    }
    units = {f"span_{unit}" for unit in SpanUnit}
    ones = {f"span_{unit}_one" for unit in SpanUnit if unit is not SpanUnit.SAME_DAY}
    assert keys == steps | dates | units | ones | {"span_in_duty_hours", "uncertain_mark"}
