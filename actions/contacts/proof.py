"""The number that proves a telephone: how it is made, how it is read back. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

DIGITS = 6
VALID = timedelta(minutes=10)
TRIES = 5
LASTS = timedelta(days=365)  # then the number may be somebody else's: text messages again

_MOBILE = re.compile(r"1[3-9]\d{9}")


def takes_proof(phone: str | None) -> bool:
    """Whether a number in its kept form gets invitations by text: a mainland mobile does."""
    return phone is not None and _MOBILE.fullmatch(phone) is not None


def digits_in(text: str) -> str:
    """The six digits that the text is, however they are spaced or wide; else ''."""
    plain = re.sub(r"[\s·-]", "", unicodedata.normalize("NFKC", text))
    found = re.fullmatch(
        rf"(?:验证码|code)?[:：是]?(\d{{{DIGITS}}})[。.!！]?", plain, re.IGNORECASE
    )
    return found[1] if found else ""
