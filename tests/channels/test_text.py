"""Splitting and cleaning: nothing is lost, nothing is too long, nothing uncarriable stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text import clean, shorten, split, utf8_size, utf16_size

ANY_TEXT = st.text(st.characters(), max_size=400)
CHINESE = st.text("我要投诉。！？，、\n ”🙂é\u0301👨\u200d👩\u200d👧", max_size=400)


@settings(deadline=None)
@given(ANY_TEXT | CHINESE, st.integers(4, 200), st.sampled_from([utf8_size, utf16_size]))
def test_split_loses_nothing_and_respects_the_limit(text, limit, size):
    pieces = split(text, limit, size)
    assert "".join(pieces) == text
    assert all(piece and size(piece) <= limit for piece in pieces)


@settings(deadline=None)
@given(ANY_TEXT)
def test_cleaning_leaves_only_what_xml_and_utf8_carry_and_is_final(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")
    assert not any(ord(c) < 32 and c not in "\n\t" for c in cleaned)


@settings(deadline=None)
@given(ANY_TEXT, st.integers(1, 40))
def test_shortened_text_is_one_line_within_its_length(text, length):
    short = shorten(text, length)
    assert len(short) <= length
    assert "\n" not in short


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 10, []),
        ("短", 4, ["短"]),
        ("第一句。第二句。", 16, ["第一句。", "第二句。"]),  # 12 bytes a sentence
        ("他说：“好。”走了走了", 24, ["他说：“好。”", "走了走了"]),  # the quote stays
        ("一段话\n\n二段。话", 20, ["一段话\n\n", "二段。话"]),  # a paragraph before a sentence
        ("没有标点的长句子", 13, ["没有标点", "的长句子"]),
        ("3.5 分 yes", 7, ["3.5 ", "分 yes"]),  # the point of a number is no border
        ("好👨‍👩‍👧", 8, ["好", "👨‍", "👩‍", "👧"]),  # no room: torn at last
        ("好好👨‍👩‍👧", 22, ["好好", "👨‍👩‍👧"]),
    ],
)
def test_cut_where_a_reader_pauses(text, limit, pieces):
    assert split(text, limit) == pieces


def test_a_limit_that_cannot_hold_a_character_is_refused():
    with pytest.raises(ValueError, match="at most 3"):
        split("好", 3)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00\x0b\x1f\x7f\x85b", "ab"),
        ("\ud800好\uffff", "好"),
        ("\t好\n", "\t好\n"),
    ],
)
def test_clean(text, cleaned):
    assert clean(text) == cleaned
