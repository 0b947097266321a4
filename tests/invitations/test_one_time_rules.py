"""One-time codes: what an officer's words ask for, how long a code holds, how many there are."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from actions.codes.sheets import Sheet, drawn, sheet_in
from actions.invitations.kinds import EventKind
from actions.invitations.one_time_rules import (
    Terms,
    Wish,
    left_today,
    next_in_hour,
    said_wish,
    until,
)

MINUTE = timedelta(minutes=1)
TERMS = Terms(30 * MINUTE, 10 * MINUTE, 3, 8, 20, ((time(8), time(20)), (time(20), time(8))))

WISHES = [
    ("", Wish()),
    ("上门", Wish(EventKind.VISIT)),
    ("入户走访", Wish(EventKind.VISIT)),
    ("窗口", Wish(EventKind.COUNTER)),
    ("visit", Wish(EventKind.VISIT)),
    ("警情 20261120-0017", Wish(EventKind.POLICE_CALL, "20261120-0017")),
    ("警情20261120-0017", Wish(EventKind.POLICE_CALL, "20261120-0017")),
    ("警情 17", Wish(EventKind.POLICE_CALL, "17")),
    ("案件 A5301/2026", Wish(EventKind.CASE, "A5301/2026")),
    ("call J-88", Wish(EventKind.POLICE_CALL, "J-88")),
    ("20261120-0017", Wish(None, "20261120-0017")),
    ("10", Wish(count=10)),
    ("１０", Wish(count=10)),
    ("十张", Wish(count=10)),
    ("两个", Wish(count=2)),
    ("上门 12 张", Wish(EventKind.VISIT, count=12)),
    ("10 codes", Wish(count=10)),
    ("0", Wish()),
    ("一个", Wish()),
    ("谢谢", Wish()),
    (f"警情 {'9' * 200}", Wish(EventKind.POLICE_CALL, "9" * 64)),
]


@pytest.mark.parametrize(("words", "wish"), WISHES)
def test_the_words_behind_the_command(words: str, wish: Wish) -> None:
    assert said_wish(words) == wish


def at(hour: int, minute: int = 0) -> datetime:
    """That time of 20 November in Beijing."""
    return datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=hour - 8, minutes=minute)


@pytest.mark.parametrize(
    ("made", "ahead", "expires"),
    [
        (at(14), False, at(14, 30)),
        (at(14), True, at(24)),  # a pack holds to the end of the day in Beijing
        (at(23, 50), False, at(24, 20)),
        (at(23, 50), True, at(24, 20)),  # and never shorter than a single one
    ],
)
def test_how_long_a_code_holds(made: datetime, ahead: bool, expires: datetime) -> None:
    assert until(TERMS, made, ahead=ahead) == (expires, expires + 10 * MINUTE)


def test_so_many_an_hour() -> None:
    asked = [at(14), at(14, 10), at(14, 20)]
    assert next_in_hour(TERMS, asked[:2], at(14, 30)) is None
    assert next_in_hour(TERMS, asked, at(14, 30)) == at(15)  # when the first of them is an hour old
    assert next_in_hour(TERMS, asked, at(15, 1)) is None
    assert next_in_hour(TERMS, [at(13, 59), *asked], at(14, 30)) == at(15)


@pytest.mark.parametrize(("asked", "left"), [(0, 8), (7, 1), (8, 0), (9, 0)])
def test_so_many_a_day(asked: int, left: int) -> None:
    assert left_today(TERMS, asked) == left


def test_what_a_picture_shows() -> None:
    assert drawn(["K7M3-X9PD"]) == ["codes:0:K7M3-X9PD"]
    scenes = [f"K7M{n}-X9PD" for n in range(2, 9)]
    sheets = [sheet_in(each) for each in drawn(scenes)]
    assert sheets == [Sheet(1, tuple(scenes[:6])), Sheet(7, tuple(scenes[6:]))]
    assert sheet_in("https://example.org/picture.png") is None
