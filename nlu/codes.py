"""Case numbers and short codes as people type them. Pure; expects plain text (nlu/plain.py)."""

from __future__ import annotations

import re
from typing import Optional

NUMBER = r"[Qq]\s*\d{2}\s*[-—–_ ]?\s*\d{4,9}"
CODE = r"[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{3}[- ]?[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{3}"
_NUMBER = re.compile(rf"(?<![0-9A-Za-z]){NUMBER}(?![0-9A-Za-z])")


def number_in(text: str) -> Optional[str]:
    """The first case number of the text in its one spelling: `q26 0017` → `Q26-0017`."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = re.sub(r"\D", "", found.group())
    return f"Q{digits[:2]}-{digits[2:]}"


def is_short_code(word: str) -> bool:
    """Six characters of the code alphabet with a digit and a letter among them: `7k3-m9x`.

    A word (thanks) or a plain number (123456) is not taken for one.
    """
    letters = re.sub(r"[- ]", "", word)
    return (
        re.fullmatch(CODE, word) is not None
        and any(c.isdigit() for c in letters)
        and any(c.isalpha() for c in letters)
    )


def tidy_code(word: str) -> str:
    return re.sub(r"[- ]", "", word).upper()
