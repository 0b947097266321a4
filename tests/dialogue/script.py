"""Conversations written down as they are read: who says or taps what, and what is answered.

    chen: 我要投诉            says
    chen [提交]               taps the choice of that name, offered in the last turn
    chen ~ mdl-hj2-cspc       scans a code
    chen + image              sends a photo (image), a place (location), …
    chen / my_cases           an entry of the fixed menu
    > words                   stands in the answer (texts and offered choices)
    ! words                   does not
    = 2                       so many messages

`{name}` in an expected line keeps what stands there; later lines may use it. A line that begins
with # is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.dialogue.chat import Chat

_SPEAKS = re.compile(r"(?P<who>\w+)\s*(?P<how>[:\[~+/])\s*(?P<what>.*?)\]?$", re.DOTALL)
_NAMED = re.compile(r"\\\{(\w+)\\\}")


async def play(chats: Callable[[str], Chat], script: str) -> dict[str, str]:
    """Plays the script; an AssertionError shows the line and what was answered instead."""
    kept: dict[str, str] = {}
    answer: list[str] = []
    for line in (raw.strip() for raw in script.strip().splitlines()):
        if not line or line.startswith("#"):
            continue
        if line[0] in ">!=":
            _check(line[0], line[1:].strip(), answer, kept)
        else:
            answer = await _act(chats, _filled(line, kept))
    return kept


async def _act(chats: Callable[[str], Chat], line: str) -> list[str]:
    said = _SPEAKS.fullmatch(line)
    assert said, f"not a line of a script: {line}"
    chat, what = chats(said["who"]), said["what"].strip()
    match said["how"]:
        case ":":
            await chat.says(what.replace("\\n", "\n"))
        case "[":
            await chat.taps(what)
        case "~":
            await chat.scans(what)
        case "/":
            await chat.event(what)
        case _ if what == "location":
            place = {"latitude": 38.04, "longitude": 114.51, "caption": "槐荫路 12 号"}
            await chat.event("attach", media_kind="location", **place)
        case _:
            await chat.sends_photo()
    return [*chat.heard, *(f"〔{label}〕" for label in chat.offered), f"= {len(chat.heard)}"]


def _check(sign: str, words: str, answer: list[str], kept: dict[str, str]) -> None:
    whole = "\n".join(answer)
    pattern = _NAMED.sub(r"(?P<\1>[A-Z0-9-]+)", re.escape(_filled(words, kept)))
    found = re.search(pattern, whole)
    shown = f"{sign} {words}\nanswered:\n{whole}"
    if sign == "=":
        assert answer[-1] == f"= {words}", shown
    elif sign == "!":
        assert not found, shown
    else:
        assert found, shown
        kept.update(found.groupdict())


def _filled(line: str, kept: dict[str, str]) -> str:
    for name, value in kept.items():
        line = line.replace(f"{{{name}}}", value)
    return line
