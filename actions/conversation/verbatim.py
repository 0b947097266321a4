"""The words behind a command as they were written: understanding reads them changed. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[QqＱｑ]\s*[0-9０-９]{2}\s*[-—–－]?\s*[0-9０-９]{4,9}")
_BETWEEN = re.compile(r"^[\s　]*(?:号|这件|件)?[\s　]*(?:回复|答复|补充)?[\s　]*[:：,，。]?[\s　]*")
_COMMAND = re.compile(
    r"^[\s　/／]*(?:补充说明|补充|追加|add facts|add)[\s　:：,，]+", re.IGNORECASE
)


def words_behind(text: str) -> str:
    """What follows the case number, or the command where there is none; empty if nothing does.

    `/answer Q26-0001 已办好。` → `已办好。`; `补充：邻居可以作证` → `邻居可以作证`.
    """
    found = _NUMBER.search(text)
    if found:
        return _BETWEEN.sub("", text[found.end() :], count=1).strip()
    command = _COMMAND.match(text)
    return text[command.end() :].strip() if command else ""
