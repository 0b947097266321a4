"""Chinese numerals as people write them: 三十 → 30. Pure; years digit by digit (二〇二六) too."""

from __future__ import annotations

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
NUMERAL = re.compile("[" + "".join(DIGITS) + "".join(_UNITS) + "]+")


def number(text: str) -> int | None:
    """The whole number that `text` writes in digits or Chinese numerals below 1,000; else None."""
    if text.isdecimal():
        return int(text)
    if not NUMERAL.fullmatch(text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total, digit = 0, None
    for char in text:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += _UNITS[char] * (1 if digit is None else digit)
            digit = None
    return total + (digit or 0)


def to_digits(text: str) -> str:
    """`text` with every run of Chinese numerals written in digits: 户籍二号窗口 → 户籍2号窗口."""
    return NUMERAL.sub(lambda run: str(number(run.group())), text)
