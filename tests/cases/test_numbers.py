"""Case numbers and short codes as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.cases.numbers import next_number, read_number, read_short_code
from actions.clock import CODE_ALPHABET, new_code
from actions.spelling import spell_code, tidy
from actions.store.engine import create_engine
from nlu.codes import is_short_code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Q26-0017", "Q26-0017"),
        ("q26-0017", "Q26-0017"),
        (" Q26 - 0017 ", "Q26-0017"),
        ("Q260017", "Q26-0017"),
        ("Ｑ２６－００１７", "Q26-0017"),
        ("Q26—0017", "Q26-0017"),
        ("Q26–0017", "Q26-0017"),
        ("Q26‑0017", "Q26-0017"),
        ("Q26−0017", "Q26-0017"),
        ("Q26-00017", "Q26-0017"),
        ("Q26-12345", "Q26-12345"),
        ("Q26-123456789", "Q26-123456789"),
        ("Q26-017", None),
        ("Q26-1234567890", None),
        ("Q6-0017", None),
        ("26-0017", None),
        ("Q26-00l7", None),
        ("Q٢٦-٠٠١٧", None),
        ("我的Q26-0017", None),
        ("", None),
    ],
)
def test_a_number_has_one_spelling(typed: str, number: str | None) -> None:
    assert read_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7K3M9X", "7K3M9X"),
        ("7k3m9x", "7K3M9X"),
        ("７Ｋ３Ｍ９Ｘ", "7K3M9X"),
        ("7K3-M9X", "7K3M9X"),
        ("7K3 M9X", "7K3M9X"),
        ("OIL123", "011123"),
        ("oilOIL", "011011"),
        ("7K3M9U", None),  # no U in the alphabet
        ("7K3M9", None),
        ("7K3M9XX", None),
        ("怎么还没办好", None),
        ("", None),
    ],
)
def test_a_short_code_is_read_as_it_was_made(typed: str, code: str | None) -> None:
    assert read_short_code(typed) == code


numbers = st.builds(
    lambda year, last: f"Q{year:02d}-{last:04d}", st.integers(0, 99), st.integers(0, 999_999_999)
)
codes = st.text(alphabet=CODE_ALPHABET, min_size=6, max_size=6)


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(numbers)
def test_however_it_is_typed_it_is_the_same_number(number: str) -> None:
    for typed in (number, number.lower(), number.replace("-", ""), full_width(number)):
        assert read_number(typed) == number
        assert read_short_code(typed) is None  # never taken for the other


@given(codes)
def test_however_it_is_typed_it_is_the_same_code(code: str) -> None:
    spaced = " ".join(code)
    confused = code.replace("0", "O").replace("1", "l")
    for typed in (code, code.lower(), full_width(code), spaced, confused, f"{code[:3]}-{code[3:]}"):
        assert read_short_code(typed) == code
        assert read_number(typed) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_nothing_breaks_and_reading_twice_is_reading_once(text: str) -> None:
    number, code = read_number(text), read_short_code(text)
    assert number is None or read_number(number) == number
    assert code is None or read_short_code(code) == code
    assert not (number and code)
    assert spell_code(spell_code(text)) == spell_code(text)
    assert not any(character.isspace() for character in tidy(text))


def test_new_codes_are_codes() -> None:
    made = [new_code() for _ in range(200)]
    assert all(read_short_code(code) == code for code in made)
    assert len(set(made)) > 190


def test_a_new_code_typed_alone_is_told_from_words_and_numbers() -> None:
    """One in ten has no digit, if nobody looks."""
    assert all(is_short_code(new_code()) for _ in range(500))


async def test_each_year_counts_from_one(environ: dict[str, str]) -> None:
    engine = create_engine(environ["DATABASE_URL"], 2)
    async with engine.begin() as connection:
        given = [await next_number(connection, year) for year in (2026, 2026, 2027, 2026)]
    async with engine.connect() as connection:  # rolled back: the number is given again
        lost = await next_number(connection, 2026)
    async with engine.begin() as connection:
        again = await next_number(connection, 2026)
    await engine.dispose()
    assert given == ["Q26-0001", "Q26-0002", "Q27-0001", "Q26-0003"]
    assert lost == again == "Q26-0004"
