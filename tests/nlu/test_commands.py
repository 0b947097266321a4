"""Commands, numbers and codes: recognised with certainty, however they are typed."""

from __future__ import annotations

import pytest

from nlu.codes import is_short_code, number_in
from nlu.commands import command_in

COMMANDS = [
    ("stats", "stats", {}),
    ("stats week", "stats", {}),
    ("统计 本月 桥西", "stats", {}),
    ("统计今天", "stats", {}),
    ("bind 7K3M9X2D", "bind", {"code": "7K3M9X2D"}),
    ("绑定 7k3m-9x2d", "bind", {"code": "7K3M9X2D"}),
    ("绑定", "bind", {}),
    ("accept Q26-0017", "accept_case", {"case": "Q26-0017"}),
    ("接单 q26 0017", "accept_case", {"case": "Q26-0017"}),
    ("Q26-0017 我接了", "accept_case", {"case": "Q26-0017"}),
    ("接了", "accept_case", {}),
    ("answer Q26-0017 it is done", "answer_case", {"case": "Q26-0017", "words": "it is done"}),
    ("回复 Q260017：已经修好", "answer_case", {"case": "Q26-0017", "words": "已经修好"}),
    ("回复 Q26-0017", "answer_case", {"case": "Q26-0017"}),
    ("case Q26-0017", "show_case", {"case": "Q26-0017"}),
    ("详情 Q26-0017", "show_case", {"case": "Q26-0017"}),
    ("cases", "officer_cases", {}),
    ("进度 Q26-0017", "case_progress", {"case": "Q26-0017"}),
    ("Q26-0017", "case_progress", {"case": "Q26-0017"}),
    ("Q26-0017怎么样了", "case_progress", {"case": "Q26-0017"}),
    ("7K3M9X", "case_progress", {"code": "7K3M9X"}),
    ("7k3-m9x", "case_progress", {"code": "7K3M9X"}),
    ("查询码 123456", "case_progress", {"code": "123456"}),
    ("进度", "case_progress", {}),
    ("催一下 Q26-0017", "urge", {"case": "Q26-0017"}),
    ("撤回 Q26-0017", "withdraw", {"case": "Q26-0017"}),
    ("补充 Q26-0017 有人证", "add_facts", {"case": "Q26-0017", "words": "有人证"}),
    ("help", "help", {}),
    ("帮助", "help", {}),
    ("english", "switch_language", {"language": "en"}),
    ("中文", "switch_language", {"language": "zh"}),
    ("算了", "cancel", {}),
    ("不投诉了", "cancel", {}),
    ("never mind", "cancel", {}),
    ("跳过", "skip", {}),
    ("不满意", "grade", {"grade": "unsatisfied"}),
    ("基本满意", "grade", {"grade": "basically"}),
    ("很满意！", "grade", {"grade": "satisfied"}),
    ("转人工", "hand_over", {}),
]
NO_COMMANDS = [
    "回复太慢了",
    "我要投诉你们派出所不接电话",
    "thanks for nothing",
    "123456",
    "13800000000",
    "接电话的人很凶",
    "统计局怎么走我想问下路 帮忙",
    "restart",
    "满意什么呀一点都不满意",
    "",
]


@pytest.mark.parametrize(("text", "intent", "entities"), COMMANDS)
def test_a_command(text: str, intent: str, entities: dict[str, str]) -> None:
    found = command_in(text)
    assert found is not None
    assert (found.intent, found.entities) == (intent, entities)


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_no_command(text: str) -> None:
    assert command_in(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("催一下Q26-0017吧", "Q26-0017"),
        ("q26 0017", "Q26-0017"),
        ("Q2600171", "Q26-00171"),
        ("Q26-00", None),
        ("AQ26-0017", None),
        ("没有编号", None),
    ],
)
def test_a_number_in_a_sentence(text: str, number: str | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("word", "expected"),
    [("7K3M9X", True), ("7k3 m9x", True), ("thanks", False), ("123456", False), ("7K3M9", False)],
)
def test_a_short_code(word: str, expected: bool) -> None:
    assert is_short_code(word) is expected
