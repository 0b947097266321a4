"""One line as staff type it while listening: what it tells, and what is left of it."""

from __future__ import annotations

import pytest

from actions.desk.entry import EntryKind, Source
from actions.desk.reading import Line, read_grade, read_kind, read_line, read_source
from actions.ratings.rating import Grade

H, W, D = Source.HOTLINE, Source.WALK_IN, Source.DOOR_VISIT
C, S, P = EntryKind.COMPLAINT, EntryKind.SUGGESTION, EntryKind.PRAISE
R = EntryKind.RATING

LINES = {
    "/record": Line(),
    "代录": Line(),
    "登记来电": Line(source=H),
    "上门登记：家里漏水": Line(source=D, rest="家里漏水"),
    "/record 热线 桥西明德里派出所 等了两小时没人办 13900000000": Line(
        H, C, None, "13900000000", "桥西明德里派出所 等了两小时没人办"
    ),
    "／ＲＥＣＯＲＤ　热线，投诉：窗口没人": Line(H, C, None, None, "窗口没人"),
    "代录 上门 建议 路灯太暗 不留": Line(D, S, None, "", "路灯太暗"),
    "代录 来访 希望周末能办证": Line(W, S, None, None, "希望周末能办证"),
    "代录 热线 表扬李警官": Line(H, P, None, None, "表扬李警官"),
    "代录 热线 不满意 明德里 太慢": Line(H, R, Grade.UNSATISFIED, None, "明德里 太慢"),
    "代录 热线 评价 基本满意": Line(H, R, Grade.BASICALLY, None, ""),
    "代录 投诉 热线 没人接电话": Line(H, C, None, None, "没人接电话"),
    "record hotline complaint waited, phone 139 0000 0000": Line(
        H, C, None, "13900000000", "waited, phone"
    ),
    "代录 热线 身份证丢了怎么办": Line(H, None, None, None, "身份证丢了怎么办"),
    "代录 热线电话打不通": Line(None, None, None, None, "热线电话打不通"),
}


@pytest.mark.parametrize("text", LINES)
def test_a_line(text: str) -> None:
    assert read_line(text) == LINES[text]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("热线", H),
        ("打电话来的", None),
        ("上门的", D),
        ("in person", W),
        ("Hotline", H),
        ("我", None),
    ],
)
def test_how_they_came(text: str, source: Source | None) -> None:
    assert read_source(text) == source


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("投诉", C),
        ("是建议", S),
        ("rating", R),
        ("投诉民警态度差", None),
        ("咨询。", EntryKind.QUESTION),
    ],
)
def test_of_what_kind(text: str, kind: EntryKind | None) -> None:
    assert read_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("不满意", Grade.UNSATISFIED),
        ("满意", Grade.SATISFIED),
        ("一般", Grade.BASICALLY),
        ("嗯", None),
    ],
)
def test_a_grade(text: str, grade: Grade | None) -> None:
    assert read_grade(text) == grade
