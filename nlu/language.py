"""In which language someone writes."""

from __future__ import annotations

import re
from typing import Optional

_HAN = re.compile(r"[\u3400-\u9fff]")
_CHINESE_WORD = re.compile(r"[我你他的了吗怎什没要是不有在说请]")
_ENGLISH_WORD = re.compile(r"(?<![A-Za-z0-9/])[A-Za-z]{2,}(?![A-Za-z0-9])")  # not /bind, not 7K3M


def spoken_language(text: str, known: Optional[str]) -> Optional[str]:
    """ "en" for a sentence of three English words or more, "zh" for Chinese; None if it cannot tell.

    A conversation in English stays so when a Chinese name is written in it: only a Chinese
    sentence brings it back.
    """
    words = _ENGLISH_WORD.findall(text)
    if not _HAN.search(text):
        return "en" if len(words) >= 3 else None
    if known == "en" and not words and _CHINESE_WORD.search(text):
        return "zh"
    return None
