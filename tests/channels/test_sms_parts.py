"""How long a message is, where it is cut, what a template catches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms import parts, render
from bot.channels.sms.templates import fill, read_templates
from bot.message import Choice, Outgoing
from bot.text import utf16_size

MORE = "…全文请在公众号回“进度”查看"


@pytest.mark.parametrize(
    ("text", "gsm", "expected"),
    [
        ("", True, 0),
        ("a" * 160, True, 1),
        ("a" * 161, True, 2),  # 153 + 8
        ("a" * 306, True, 2),  # 2 × 153
        ("a" * 307, True, 3),
        ("€" * 80, True, 1),  # each takes two: 160
        ("€" * 81, True, 2),
        ("a" * 160, False, 3),  # a cloud in China counts 67 each: 67 + 67 + 26
        ("满" * 70, True, 1),
        ("满" * 71, True, 2),  # 67 + 4
        ("满" * 134, True, 2),
        ("满" * 135, True, 3),
        ("😀" * 35, True, 1),  # two units each: 70
        ("😀" * 36, True, 2),
        ("a" * 69 + "满", True, 1),  # one Chinese character makes all of them 16 bits wide
        ("a" * 70 + "满", True, 2),
    ],
)
def test_parts_are_counted(text: str, gsm: bool, expected: int) -> None:
    assert parts.count(text, gsm=gsm) == expected


def test_no_part_ends_within_a_character() -> None:
    text = "a" + "😀" * 40  # 81 units; 67 are 1 + 66: the 34th does not fit a half
    assert [utf16_size(part) for part in parts.cut(text)] == [67, 14]
    escaped = "a" * 152 + "€" + "a" * 10  # the two octets of € stay together
    assert [len(part) for part in parts.cut(escaped, gsm=True)] == [152, 11]


@given(st.text(max_size=400), st.booleans())
def test_parts_give_the_text_again(text: str, gsm: bool) -> None:
    pieces = parts.cut(text, gsm=gsm)
    assert "".join(pieces) == text
    letters = parts.alphabet(text, gsm=gsm)
    limit = letters.alone if len(pieces) == 1 else letters.joined
    assert all(letters.size(piece) <= limit for piece in pieces)


@given(st.text(alphabet="abcXYZ 019€[]{}@£Ωñ", max_size=200))
def test_the_gsm_alphabet_goes_there_and_back(text: str) -> None:
    assert parts.gsm_text(parts.gsm_octets(text)) == text


@given(st.text(max_size=900), st.integers(1, 5))
def test_what_is_cut_fits_and_says_where_the_rest_is(text: str, most: int) -> None:
    fitted = parts.fit(text, most, MORE, tail="\n回1满意")
    assert parts.count(fitted) <= most
    assert fitted.endswith("\n回1满意")
    assert fitted == text + "\n回1满意" or fitted.endswith(MORE + "\n回1满意")


def test_a_cut_spares_numbers_and_dates() -> None:
    text = (
        "您反映的窗口排队时间过长一事已经核实确实如此"
        "现在答复如下请您看一看编号Q26-0017请保存好以后查询"
    )
    for most in range(30, 46):
        cut = parts._at_a_border(text, most)
        assert "Q26-0017" in cut or not cut.endswith(("Q", "Q2", "Q26", "Q26-", "Q26-0", "Q26-00"))


def test_choices_are_digits_to_write_back() -> None:
    message = Outgoing("办得怎么样？", (Choice("满意", "a"), Choice("不满意", "b")))
    assert render.words(message, "云州公安", 4, MORE, gsm=False) == (
        "办得怎么样？\n回1满意 回2不满意"
    )
    english = Outgoing("How was it?", (Choice("Good", "a"), Choice("Bad", "b")))
    assert render.words(english, "Police", 4, MORE, gsm=True).endswith("Reply 1 Good, 2 Bad")


def test_a_picture_alone_says_nothing() -> None:
    assert render.words(Outgoing(image=b"png"), "云州公安", 4, MORE, gsm=False) == ""


def test_the_more_precise_template_wins() -> None:
    templates = read_templates("ANY={text}\nNEWS=编号{number}有新消息。\n")
    news = fill(templates, "编号Q26-0017有新消息。")
    assert news is not None
    assert (news.id, news.values) == ("NEWS", {"number": "Q26-0017"})
    other = fill(templates, "您好\n请回复")
    assert other is not None
    assert (other.id, other.values) == ("ANY", {"text": "您好 请回复"})
    assert fill(templates[:1], "您好") is None


@pytest.mark.parametrize("lines", ["no equals sign", "=text", "ID=", "ID={a} and {a}"])
def test_a_wrong_template_is_named(lines: str) -> None:
    with pytest.raises(ValueError, match="SMS template 1"):
        read_templates(lines)
