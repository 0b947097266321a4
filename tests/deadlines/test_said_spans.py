"""Lengths of time as officers say them."""

from __future__ import annotations

import pytest

from actions.deadlines.said_spans import said_span, span_in
from actions.deadlines.spans import parse_span

SAID = [
    ("两天", "2 working days"),  # 2 days, which officers count as working days
    ("申请延期两天，需要等街道回复", "2 working days"),
    ("延 2 天", "2 working days"),
    ("1天", "1 working day"),
    ("三个工作日", "3 working days"),
    ("五个 工作日", "5 working days"),
    ("十个工作日", "10 working days"),
    ("十五天", "15 working days"),
    ("半天", "4 hours"),  # half of a day of eight hours
    ("给我半天", "4 hours"),
    ("一周", "5 working days"),  # a week has five
    ("两个星期", "10 working days"),
    ("一个礼拜", "5 working days"),
    ("一个月", "22 working days"),
    ("48小时", "48 hours"),
    ("两个小时", "2 hours"),
    ("三个钟头", "3 hours"),
    ("30分钟", "30 minutes"),
    ("3个自然日", "3 days"),
    ("两个自然日", "2 days"),
    ("2 days waiting for the street office", "2 working days"),
    ("three working days", "3 working days"),
    ("a week", "5 working days"),
    ("two more days", "2 working days"),
    ("half a day please", "4 hours"),
    ("24 hours", "24 hours"),
    ("2 working days", "2 working days"),
    ("3 calendar days", "3 days"),
    ("０天", None),
    ("零天", None),
    ("需要等街道回复", None),
    ("", None),
    ("明天给答复", None),
    ("日期写错了", None),
]


@pytest.mark.parametrize(("text", "span"), SAID)
def test_said_span(text: str, span: str | None) -> None:
    assert said_span(text) == span


@pytest.mark.parametrize("span", sorted({span for _, span in SAID if span}))
def test_every_span_is_one_that_a_policy_can_write(span: str) -> None:
    assert str(parse_span(span)) == span


def test_where_it_was_said() -> None:
    text = "延期 2天 等街道回复"
    found = span_in(text)
    assert found is not None
    assert text[found.start : found.end] == "2天"


def test_the_first_of_several() -> None:
    assert said_span("先延两天，最多一周") == "2 working days"
