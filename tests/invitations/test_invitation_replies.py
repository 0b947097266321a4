"""What people send back, one line each; read by the three grades unless it says two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.invitations.replies import (
    Meaning,
    is_afterword,
    is_alarming,
    read_marks,
    read_reply,
)
from actions.ratings.rating import Grade

THREE = (Grade.SATISFIED, Grade.BASICALLY, Grade.UNSATISFIED)
TWO = (Grade.SATISFIED, Grade.UNSATISFIED)
S, B, U = THREE

GRADES = [
    ("1", S, ""),
    ("2", B, ""),
    ("3", U, ""),
    ("１", S, ""),
    (" 3。", U, ""),
    ("①", S, ""),
    ("回1", S, ""),
    ("回复3", U, ""),
    ("“1”", S, ""),
    ("选2", B, ""),
    ("3等了两个小时", U, "等了两个小时"),
    ("3，等了两个小时，没人理", U, "等了两个小时，没人理"),
    ("3 不满意 等了两个小时", U, " 等了两个小时"),
    ("1满意", S, ""),
    ("满意", S, ""),
    ("满意！", S, ""),
    ("非常满意，民警很热情", S, "民警很热情"),
    ("基本满意", B, ""),
    ("比较满意 就是慢了点", B, "就是慢了点"),
    ("不满意", U, ""),
    ("不满意 等了两个小时", U, "等了两个小时"),
    ("很不满意！！！", U, ""),
    ("不太满意，没讲清楚", U, "没讲清楚"),
    ("我不满意", U, ""),
    ("好评", S, ""),
    ("差评", U, ""),
    ("很好", S, ""),
    ("还行", B, ""),
    ("不好", U, ""),
    ("👍", S, ""),
    ("👎", U, ""),
    ("satisfied", S, ""),
    ("Not satisfied, waited two hours", U, "waited two hours"),
]


@pytest.mark.parametrize(("text", "grade", "comment"), GRADES)
def test_a_grade(text: str, grade: Grade, comment: str) -> None:
    reply = read_reply(text, THREE)
    assert reply is not None
    assert (reply.meaning, reply.grade) == (Meaning.GRADE, grade)
    assert reply.comment.strip() == comment.strip()


@pytest.mark.parametrize(("text", "grade"), [("1", S), ("2", U), ("2 太慢", U), ("不满意", U)])
def test_a_grade_of_two(text: str, grade: Grade) -> None:
    reply = read_reply(text, TWO)
    assert reply is not None
    assert reply.grade is grade


@pytest.mark.parametrize(
    ("text", "meaning", "grade", "code"),
    [
        ("1 7K3M9XQ", Meaning.GRADE, S, "7K3M9XQ"),
        ("7k3m9xq 不满意 没人理", Meaning.GRADE, U, "7K3M9XQ"),
        ("3码7K3M9XQ", Meaning.GRADE, U, "7K3M9XQ"),
        ("7K3M9XQ", Meaning.CODE, None, "7K3M9XQ"),
        ("７Ｋ３Ｍ９ＸＱ", Meaning.CODE, None, "7K3M9XQ"),
        ("1 7K3M9XO", Meaning.GRADE, S, "7K3M9X0"),
        ("T 7K3M9XQ", Meaning.STOP, None, "7K3M9XQ"),
    ],
)
def test_a_code_beside_it(text: str, meaning: Meaning, grade: Grade | None, code: str) -> None:
    reply = read_reply(text, THREE)
    assert reply is not None
    assert (reply.meaning, reply.grade, reply.code) == (meaning, grade, code)


@pytest.mark.parametrize(
    "text", ["T", "t", "Ｔ", "TD", "退订", "回T", "T。", "N", "不要再发了", "别发短信了", "STOP"]
)
def test_stop(text: str) -> None:
    reply = read_reply(text, THREE)
    assert reply is not None
    assert reply.meaning is Meaning.STOP


@pytest.mark.parametrize(
    "text",
    [
        "4", "0", "9", "88", "？", "。。。", "!", "1 不满意", "3 满意", "满意才怪", "满意个鬼", "满意吗",
        "满意还是不满意", "满意？不满意！", "12", "嗯？", "啊", "什么意思？", "啥?",
    ],
)  # fmt: skip
def test_unclear(text: str) -> None:
    reply = read_reply(text, THREE)
    assert reply is not None
    assert reply.meaning is Meaning.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        "13900000000",
        "139 0000 0000",
        "110",
        "进度",
        "Q26-0017",
        "7K3M9X",
        "2个小时了还没人来",
        "1号窗口没人",
        "3天了",
        "1:30来的",
        "等了两个小时没人理",
        "我的上次投诉怎么样了",
        "没有不满意的地方",
        "有人在砸我家门",
        "你们是谁",
        "thanks",
        "T恤丢了",
        "50%",
        "",
    ],
)
def test_something_else(text: str) -> None:
    reply = read_reply(text, THREE)
    assert reply is None or (reply.meaning is Meaning.UNCLEAR and text in ("110", ""))


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    reply = read_reply(text, THREE)
    if reply is not None:
        assert (reply.grade is not None) == (reply.meaning is Meaning.GRADE)
    read_marks(text, 5)
    is_afterword(text)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("54455", [5, 4, 4, 5, 5]),
        ("5 4 4 5 5", [5, 4, 4, 5, 5]),
        ("5，4，4，5，5", [5, 4, 4, 5, 5]),
        ("５４４５５", [5, 4, 4, 5, 5]),
        ("5445", None),
        ("54456", None),
        ("544555", None),
        ("五四四五五", None),
    ],
)
def test_marks(text: str, marks: list[int] | None) -> None:
    assert read_marks(text, 5) == marks


@pytest.mark.parametrize("text", ["救命", "有人砸门", "不想活了", "他拿刀", "快报警"])
def test_what_may_be_danger_is_no_remark(text: str) -> None:
    assert is_alarming(text)
    assert not is_afterword(f"刚才那件事，{text}")


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("等了两个小时没人理", True),
        ("民警很热情，谢谢", True),
        ("进度", False),
        ("我的件到哪了？", False),
        ("查询我的投诉", False),
        ("你好，我想问个事", False),
        ("嗯嗯", False),
        ("/help", False),
    ],
)
def test_a_remark(text: str, remark: bool) -> None:
    assert is_afterword(text) is remark
