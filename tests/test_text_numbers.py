"""Which numbers get text messages."""

from __future__ import annotations

import pytest

from actions.phones import normalise, text_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("139 0000 0001", "+8613900000001"),
        ("+86-139-0000-0001", "+8613900000001"),
        ("＋８５２ ９１２３ ４５６７", "+85291234567"),
        ("+852 2123 4567", None),  # a landline of Hong Kong
        ("+853 6612 3456", "+85366123456"),
        ("+853 2872 3456", None),
        ("0310-123 4567", None),
        ("010-62345678", None),
        ("010-62345678转8", None),
    ],
)
def test_mobiles_do(written: str, number: str | None) -> None:
    assert text_number(normalise(written) or "") == number
