"""Words made to fit a width."""

from __future__ import annotations

import pytest

from bot.print.fitting import Fitted, fit, wrap


def measure(text: str, size: float) -> float:
    """Half an em for what is ASCII, one for the rest."""
    return sum(size / 2 if c.isascii() else size for c in text)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("户籍窗口", ["户籍窗口"]),
        ("桥西分局明德里派出所", ["桥西分局明德", "里派出所"]),
        ("出入境管理大队（南站）", ["出入境管理大", "队（南站）"]),
        ("一二三四五六，七八", ["一二三四五", "六，七八"]),
        ("Second floor", ["Second floor"]),
        ("Second floor, left", ["Second", "floor, left"]),
        ("", []),
    ],
)
def test_lines_end_where_they_may(text: str, lines: list[str]) -> None:
    assert wrap(text, 60, 10, measure) == lines


def test_a_word_is_never_broken() -> None:
    assert wrap("https://huiyin.example/s/K7M3", 60, 10, measure) is None


def test_one_line_is_preferred_when_it_is_nearly_as_large() -> None:
    assert fit("一二三四五六七", 60, measure, largest=10, smallest=4) == Fitted(
        ("一二三四五六七",), 8.5
    )
    assert fit("一" * 12, 60, measure, largest=10, smallest=4) == Fitted(("一" * 6,) * 2, 10)


def test_what_does_not_fit_is_none() -> None:
    assert fit("一" * 40, 60, measure, largest=10, smallest=4) is None
