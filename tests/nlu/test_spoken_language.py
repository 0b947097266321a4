"""Which language someone writes."""

from __future__ import annotations

import pytest

from nlu.language import spoken_language


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("I want to complain", None, "en"),
        ("hello", None, None),
        ("ok", "zh", None),
        ("我要投诉", None, None),
        ("明德里派出所", "en", None),
        ("我要投诉你们", "en", "zh"),
        ("the officer at 明德里", "en", None),
        ("138 0000 0000", None, None),
        ("", None, None),
    ],
)
def test_spoken_language(text: str, known: str | None, expected: str | None) -> None:
    assert spoken_language(text, known) == expected
