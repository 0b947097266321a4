"""The words behind a command as they were written: understanding reads them changed. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[QqＱｑ]\s*[0-9０-９]{2}\s*[-—–－]?\s*[0-9０-９]{4,9}")
_BETWEEN = re.compile(r"^[\s　]*(?:号|这件|件)?[\s　]*(?:回复|答复|补充)?[\s　]*[:：,，。]?[\s　]*")


def words_after_number(text: str) -> str:
    """What follows the case number: `/answer Q26-0001 已办好。` → `已办好。`; empty without one."""
    found = _NUMBER.search(text)
    return _BETWEEN.sub("", text[found.end() :], count=1).strip() if found else ""
