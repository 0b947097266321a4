"""Records of a CSV text: where each begins, what is trimmed, and where reading ends."""

from __future__ import annotations

import io

import pytest

from actions.csv_records import QuotesError, records


def read(text: str) -> list[tuple[int, list[str]]]:
    return list(records(io.StringIO(text, newline="")))


def test_each_record_has_the_line_it_begins_on() -> None:
    text = 'a,b\r\n\r\n"one\r\ntwo",2\r\nc,d\r\n'
    assert read(text) == [(1, ["a", "b"]), (3, ["one two", "2"]), (5, ["c", "d"])]


def test_white_space_and_what_nobody_sees_are_left_out() -> None:
    assert read("\ufeff 桥西\u200b ,  明德里　派出所 \n , \n") == [(1, ["桥西", "明德里 派出所"])]


@pytest.mark.parametrize("broken", ['"c,d\n', '"c"d,e\n'])
def test_reading_ends_where_quotes_stand_wrong(broken: str) -> None:
    found = records(io.StringIO(f"a,b\n{broken}e,f\n", newline=""))
    assert next(found) == (1, ["a", "b"])
    with pytest.raises(QuotesError) as error:
        next(found)
    assert error.value.line == 2


def test_nothing_has_no_records() -> None:
    assert read("") == []
