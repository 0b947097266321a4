"""Answers to the desk's own questions: a tap or a word, read into the slots that it fills."""

from __future__ import annotations

import re
from typing import Any

from actions.conversation.desk_entry import CHOSEN, KIND
from actions.conversation.forms import tapped
from actions.conversation.talk import Talk
from actions.desk.entry import EntryKind
from actions.desk.reading import read_grade, read_kind, read_source

_YES = re.compile(r"(?:要|需要|想要|发|可以|好|是|yes|y|ok)", re.IGNORECASE)
_NO = re.compile(r"(?:不|别|no)", re.IGNORECASE)
_CHANGES = re.compile(
    r"^(?:把)?(?:(?P<desk_source>来源|途径|source)|(?P<desk_kind>类别|类型|kind)"
    r"|(?P<desk_grade>评价|等级|grade)|(?P<desk_news>短信|text))\s*(?:改成|改为|改|换成|是|to)\s*(?P<value>.+)$",
    re.IGNORECASE,
)


def answer_in(talk: Talk, asked: str) -> tuple[str, str] | None:
    """A tap, or a word, for one of the desk's own questions."""
    if talk.intent == "desk_answer" and talk.entity("field") in CHOSEN:
        return str(talk.entity("field")), str(talk.entity("value"))
    if tapped(talk):
        return None
    change = _CHANGES.match(talk.text) if asked == "confirmed" else None
    if change:
        field = next(name for name in CHOSEN if change[name])
        value = _read(field, change["value"])
        return (field, value) if value else None
    value = _read(asked, talk.text) if asked in CHOSEN else None
    return (asked, value) if value else None


def slots_of(field: str, value: str) -> dict[str, Any]:
    """The slots that an answer to one of the desk's own questions fills."""
    return kind_slots(EntryKind(value)) if field == KIND else {field: value}


def kind_slots(kind: EntryKind | None) -> dict[str, Any]:
    """Both names of the kind: the desk's, and the case's, which the replies know."""
    return {KIND: kind and str(kind), "kind": kind and str(kind.case_kind)}


def _read(field: str, text: str) -> str | None:
    """The value that the words name for this question; None: they do not."""
    match field:
        case "desk_source":
            return read_source(text)
        case "desk_kind":
            return read_kind(text)
        case "desk_grade":
            return read_grade(text)
        case "desk_news":
            said = text.strip()
            return "no" if _NO.match(said) else "yes" if _YES.match(said) else None
    return None
