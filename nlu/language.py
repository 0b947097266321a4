"""In which language someone writes."""

from __future__ import annotations

import re
from typing import Optional

_HAN = re.compile(r"[\u3400-\u9fff]")
_ENGLISH_WORD = re.compile(r"(?<![A-Za-z0-9/])[A-Za-z]{2,}(?![A-Za-z0-9])")  # not /bind, not 7K3M


def spoken_language(text: str, known: Optional[str]) -> Optional[str]:
    """"en" for a sentence of three English words or more, "zh" for Chinese; None if it cannot tell.

    A conversation in English stays so when a Chinese name stands in it: only a sentence without
    English words brings it back.
    """
    words = _ENGLISH_WORD.findall(text)
    if not _HAN.search(text):
        return "en" if len(words) >= 3 else None
    if known == "en" and not words and len(_HAN.findall(text)) >= 4:
        return "zh"
    return None
