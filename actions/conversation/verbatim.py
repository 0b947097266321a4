"""The words behind a command as they were written: understanding reads them changed. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[QqＱｑ]\s*[0-9０-９]{2}\s*[-—–－]?\s*[0-9０-９]{4,9}")
_BETWEEN = re.compile(
    r"^[\s　]*(?:号|这件|件)?[\s　]*(?:回复|答复|补充|(?:回答|重开|重办)(?=[\s　:：,，]|$))?"
    r"[\s　]*[:：,，。]?[\s　]*"
)
_COMMAND = re.compile(
    r"^[\s　/／]*(?:补充说明|补充|追加|回答|重开|重办|add facts|add|reopen)[\s　:：,，]+",
    re.IGNORECASE,
)
_TO_OFFICER = re.compile(
    r"^(?:麻烦你?们?|请|帮我|帮忙|你们?)*(?:跟|和|给|告诉|转告|回复|回答|答复)(?:一下)?(?:那个|那位|问我的)*"
    r"(?:民警|警官|警察|办案的|他们|他|她)(?:同志)?(?:说|讲|一声|回[一个句]*+话?+)?+(?:一下|一声)?+[\s　，,：:]*(?P<words>.{2,})$"
    r"|^(?:please )?tell (?:the |that )?(?:officer|police|policeman|him|her|them)(?: that)?[ ,:]+"
    r"(?P<said>.{2,})$",
    re.IGNORECASE | re.DOTALL,
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


def told_officer(text: str) -> str:
    """The message in "tell the officer …"; empty when the sentence holds none.

    `跟民警说我上午十点到` → `我上午十点到`.
    """
    found = _TO_OFFICER.match(text.strip())
    return (found["words"] or found["said"]).strip() if found else ""
