"""One spelling for texts that are compared: half-width, lower case, numerals as digits. Pure."""

from __future__ import annotations

import re
import unicodedata

from actions.numerals import to_digits

READ = 2000  # characters; what follows is not looked at
BREAK = "\0"

_SEPARATORS = re.compile(r"[\W_]+")
_LONG_NUMBER = re.compile(r"\d{5,}")  # phones, ID cards: whose it is, not what it is about


def fold(text: str) -> str:
    """The first 2,000 characters, with one BREAK for punctuation and space, long numbers as 0."""
    folded = unicodedata.normalize("NFKC", text[:READ]).lower()
    return _LONG_NUMBER.sub("0", to_digits(_SEPARATORS.sub(BREAK, folded)))
