"""Questions for figures, as supervisors write them."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clock import BEIJING
from actions.errors import Refusal
from actions.figures.question import Against, Figure, Question, View
from actions.figures.vocabulary import KINDS
from actions.figures.words import read_question, without_asking
from actions.reports.periods import Period
from tests.figures.questions_said import ROWS

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=BEIJING)


def shown(question: Question) -> str:
    """A question on one line; see tests/figures/questions_said.py."""
    against = question.against
    parts = [
        question.view or "",
        question.figure or "",
        f"[{question.period.label}]" if question.period else "",
        f"@{question.unit}" if question.unit else "",
        f"vs {against.label if isinstance(against, Period) else against}" if against else "",
        f"of {question.kind}" if question.kind else "",
        "worst" if question.worst_first else "",
        "own" if question.own else "",
    ]
    return " ".join(part for part in parts if part)


def read(text: str, before: Question | None = None) -> str:
    try:
        return shown(read_question(text, NOW, before))
    except Refusal as refusal:
        return " ".join(["!", refusal.key, *refusal.params.values()])


def test_enough_is_tried() -> None:
    assert len(ROWS) == len({text for text, _ in ROWS})
    assert len(ROWS) > 250
    said = " ".join(meaning for _, meaning in ROWS)
    assert all(view in said for view in View)
    assert all(figure in said for figure in Figure)
    assert all(kind in said for kind, _ in KINDS)


@pytest.mark.parametrize(("text", "meaning"), ROWS, ids=[text for text, _ in ROWS])
def test_what_is_asked(text: str, meaning: str) -> None:
    assert read(text) == meaning


ASKED = read_question("上个月桥西分局满意率多少", NOW)
RANKED = read_question("本月桥西各所按时率排名", NOW)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        # what is not said is kept
        ("跟去年同期比呢", "stats satisfaction [10 月] @桥西分局 vs year_ago"),
        ("环比呢", "stats satisfaction [10 月] @桥西分局 vs before"),
        ("比9月呢", "stats satisfaction [10 月] @桥西分局 vs 9 月"),
        ("那南站所呢", "stats satisfaction [10 月] @南站所"),
        ("明德里", "stats satisfaction [10 月] @明德里"),
        ("上上个月呢", "stats satisfaction [9 月] @桥西分局"),
        ("二季度", "stats satisfaction [二季度] @桥西分局"),
        ("办结率呢", "stats closure [10 月] @桥西分局"),
        ("按时率多少", "stats on_time [10 月] @桥西分局"),
        ("哪个所最差", "rank satisfaction [10 月] @桥西分局 of station worst"),
        ("看各所", "rank satisfaction [10 月] @桥西分局 of station"),
        ("趋势", "trend satisfaction [10 月] @桥西分局"),
        ("把那三件超期的列出来", "overdue satisfaction [10 月] @桥西分局"),
        ("我们局呢", "stats satisfaction [10 月] own"),
        ("那那个所上周呢", "stats satisfaction [上周] @桥西分局"),
        ("what about last week", "stats satisfaction [上周] @桥西分局"),
        # what stands by itself does not
        ("今天南站所怎么样", "[今天] @南站所"),
        ("/stats", "stats"),
        ("/trend", "trend"),
        ("统计 本月", "stats [11 月]"),
        ("本月满意率多少", "stats satisfaction [11 月]"),
    ],
)
def test_further_questions(text: str, meaning: str) -> None:
    assert read(text, ASKED) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("那南站所呢", "stats on_time [11 月] @南站所"),  # one of them
        ("那桥东呢", "rank on_time [11 月] @桥东 of station"),  # theirs beside each other
        ("上个月呢", "rank on_time [10 月] @桥西 of station"),
        ("窗口呢", "rank on_time [11 月] @桥西 of desk"),
        ("哪个最差", "rank on_time [11 月] @桥西 of station worst"),
        ("近半年趋势呢", "trend on_time [近 6 个月] @桥西"),
    ],
)
def test_further_questions_after_a_ranking(text: str, meaning: str) -> None:
    assert read(text, RANKED) == meaning


def test_a_comparison_stays_until_a_period_is_named() -> None:
    compared = read_question("跟去年同期比呢", NOW, ASKED)
    assert read_question("那南站所呢", NOW, compared).against is Against.YEAR_AGO
    assert read_question("上周呢", NOW, compared).against is None


def test_a_holiday_that_is_not_published_yet_is_said_to_be() -> None:
    later = datetime(2027, 12, 1, tzinfo=BEIJING)
    with pytest.raises(Refusal) as caught:
        read_question("国庆期间满意率", later)
    assert caught.value.key == "period_unpublished"


@pytest.mark.parametrize("text", [text for text, _ in ROWS])
def test_however_it_is_typed(text: str) -> None:
    """Full width, upper case, wide spaces around and marks behind change nothing."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    meaning = read(text)
    for typed in (wide, text.upper(), f"　{text}  ", f"{text}？！", f"“{text}”。"):
        assert read(typed) == meaning


@given(st.sampled_from([text for text, _ in ROWS]))
def test_a_question_is_kept_as_json(text: str) -> None:
    try:
        question = read_question(text, NOW)
    except Refusal:
        return
    assert Question.from_plain(json.loads(json.dumps(question.plain()))) == question


pieces = st.sampled_from(
    [
        *(
            "桥西",
            "南站所",
            "满意率",
            "办结率",
            "上个月",
            "本月",
            "跟",
            "和",
            "比",
            "呢",
            "那",
            "的",
            "哪个",
        ),
        *(
            "所",
            "窗口",
            "最差",
            "排名",
            "趋势",
            "超期",
            "几点",
            "去年同期",
            "环比",
            "国庆",
            "三",
            "/",
            " ",
            "、",
        ),
        *(
            "\n",
            "?",
            "rank",
            "last",
            "week",
            "of",
            "最多",
            "我们",
            "全局",
            "热点",
            "简报",
            "民警",
            "2月30日",
        ),
    ]
)


@given(st.text(max_size=80), st.sampled_from([None, ASKED, RANKED]))
def test_any_text_is_bearable(text: str, before: Question | None) -> None:
    read(text, before)
    without_asking(text)


@given(st.lists(pieces, max_size=12).map("".join), st.sampled_from([None, ASKED, RANKED]))
def test_any_scramble_is_bearable(text: str, before: Question | None) -> None:
    read(text, before)
    without_asking(text)


def test_a_very_long_text_is_read_at_once() -> None:
    for part in ("桥西", "上个月", "满意率 ", "的", "我们", "那么", "三件", "a b "):
        read(part * 250)
