"""A phone number to call back, or the wish to leave none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.conversation.talk import Talk
from actions.phones import find_phones

CONTACT = "contact"
_ANONYMOUS = ("匿名", "不想留名", "不留名", "anonym")
_NONE = ("不留", "不用", "不要", "没有", "不想留", "不方便", "跳过", "算了不留", "skip", "no")


@dataclass(frozen=True, slots=True)
class Contact:
    """`value` None: it was meant as a number and is none; `lead_in` says so."""

    value: dict[str, Any] | None
    lead_in: str = ""


def take_contact(talk: Talk) -> Contact | None:
    """What the message says about being called back; None when it speaks of something else."""
    if talk.intent == "anonymous":
        return Contact({"anonymous": True})
    if talk.intent in {"skip", "deny"}:
        return Contact({})
    words = talk.text.casefold()
    phones = find_phones(words)
    if phones:
        return Contact({"phone": phones[0].number})
    if any(word in words for word in _ANONYMOUS):
        return Contact({"anonymous": True})
    if sum(char.isdecimal() for char in words) >= 5 and talk.intent != "case_progress":
        return Contact(None, talk.wording("part_phone_wrong"))
    if words and len(words) <= 12 and any(words.startswith(word) for word in _NONE):
        return Contact({})
    return None


def wishes_anonymity(text: str) -> bool:
    """Whether these few words ask for nothing but to stay anonymous."""
    words = text.casefold().strip(" 。.!！")
    return len(words) <= 10 and any(word in words for word in _ANONYMOUS)
