"""The slots of an entry at the desk: which questions it needs, and the entry that they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.conversation.contact import CONTACT
from actions.conversation.draft import DRAFT
from actions.desk.entry import Entry, EntryKind, Source
from actions.phones import text_number
from actions.ratings.rating import Grade

SOURCE, KIND, GRADE, NEWS = "desk_source", "desk_kind", "desk_grade", "desk_news"
CHOSEN = (SOURCE, KIND, GRADE, NEWS)  # what is tapped or said in a word
MAY = "desk_may"  # which sources and kinds this officer may choose
FIELDS = (*CHOSEN, MAY, *DRAFT)
_WHEN = frozenset({EntryKind.COMPLAINT, EntryKind.HELP})


def questions(known: Mapping[str, Any]) -> list[str]:
    """What is to be asked, in order, given what is known: a contented rating needs no number."""
    kind = EntryKind(known[KIND]) if known.get(KIND) else None
    rating = kind is EntryKind.RATING
    asked = [SOURCE, KIND, *([GRADE, "unit", "what"] if rating else ["what", "unit"])]
    if kind in _WHEN:
        asked.append("happened_at")
    if not rating or known.get(GRADE) == Grade.UNSATISFIED:
        asked.append(CONTACT)
        phone = (known.get(CONTACT) or {}).get("phone", "")
        asked += [NEWS] if text_number(phone) else []
    return [*asked, "confirmed"]


def entry_from(slots: Mapping[str, Any]) -> Entry | None:
    """The entry that the slots describe; None when there is none in them."""
    if not slots.get(SOURCE) or not slots.get(KIND):
        return None
    unit, contact = slots.get("unit") or {}, slots.get(CONTACT) or {}
    phone = contact.get("phone", "")
    return Entry(
        source=Source(slots[SOURCE]),
        kind=EntryKind(slots[KIND]),
        what=slots.get("what") or "",
        unit_id=unit.get("unit_id"),
        unit_words=unit.get("words") or unit.get("label") or "",
        officer_id=unit.get("officer_id"),
        when=slots.get("happened_at") or "",
        phone=phone,
        news=slots.get(NEWS) == "yes" and bool(text_number(phone)),
        grade=Grade(slots[GRADE]) if slots.get(GRADE) else None,
        attachments=tuple(slots.get("attachments") or ()),
    )
