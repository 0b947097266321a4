"""What staff are asked at the desk, question by question, and everything on one screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.bootstrap import services
from actions.conversation.buttons import Button, button
from actions.conversation.contact import CONTACT, in_escrow, seen_by
from actions.conversation.desk_entry import GRADE, KIND, MAY, NEWS, SOURCE, questions
from actions.conversation.talk import Talk
from actions.desk.entry import EntryKind
from actions.ratings.rating import Grade

_EDITED = (KIND, "unit", "what", "happened_at", CONTACT)  # by a button; the rest in words


def ask(talk: Talk, known: Mapping[str, Any], asking: str, lead_in: str) -> None:
    """Puts the question for this slot."""
    if asking == "confirmed":
        _summarise(talk, known, lead_in)
        return
    buttons = _choices(talk, known, asking)
    given = {"seen": _seen(talk, known)} if asking in (CONTACT, NEWS) else {}
    words = asking == "what" and known.get(KIND) == EntryKind.RATING
    key = "desk_ask_words" if words else f"desk_ask_{asking}"
    talk.say(key, buttons=buttons, lead_in=lead_in, **given)


def chosen(talk: Talk, field: str, value: str) -> Button:
    """A button that answers one of the desk's own questions."""
    return button(talk.wording(f"part_{field}_{value}"), "desk_answer", field=field, value=value)


def _choices(talk: Talk, known: Mapping[str, Any], asking: str) -> list[Button]:
    match asking:
        case "desk_source" | "desk_kind":
            return [chosen(talk, asking, each) for each in known[MAY][asking]]
        case "desk_grade":
            return [_grade(talk, grade) for grade in services().policy.scale]
        case "desk_news":
            return [chosen(talk, NEWS, each) for each in ("yes", "no")]
        case "contact":
            return [button(talk.wording("part_desk_no_phone"), "skip")]
        case "happened_at":
            return [button(talk.wording("part_desk_skip"), "skip")]
        case "unit" | "what":
            needed = (known.get(KIND) == EntryKind.RATING) == (asking == "unit")
            return [] if needed else [button(talk.wording("part_desk_skip"), "skip")]
    return []


def _grade(talk: Talk, grade: Grade) -> Button:
    return button(talk.term(f"grade_{grade}"), "desk_answer", field=GRADE, value=str(grade))


def _seen(talk: Talk, known: Mapping[str, Any]) -> str:
    """Who will see the number: to be said before it is taken."""
    policy = services().policy
    kind = EntryKind(known.get(KIND) or EntryKind.COMPLAINT).case_kind
    calls = policy.callback is not None and kind in policy.callback.kinds
    hidden = in_escrow(policy, (known.get("unit") or {}).get("officer_id"))
    return seen_by(talk, policy, calls=calls, hidden=hidden)


def _summarise(talk: Talk, known: Mapping[str, Any], lead_in: str) -> None:
    """Every line, with a button for those that are changed most."""
    asked = [slot for slot in questions(known) if slot not in (SOURCE, KIND, "confirmed")]
    lines = [talk.wording(f"part_desk_line_{s}", value=_shown(talk, s, known)) for s in asked]
    if known.get("attachments"):
        count = len(known["attachments"])
        lines.append(talk.wording("part_desk_line_photos", count=count))
    edits = [
        button(talk.wording(f"part_desk_edit_{slot}"), "edit_field", field=slot)
        for slot in _EDITED
        if slot == KIND or slot in asked
    ]
    talk.say(
        "desk_summary",
        buttons=[
            button(talk.wording("part_submit"), "confirm"),
            *edits,
            button(talk.wording("part_cancel"), "cancel"),
        ],
        lead_in=lead_in,
        source=talk.wording(f"part_desk_source_{known[SOURCE]}"),
        kind=talk.wording(f"part_desk_kind_{known[KIND]}"),
        lines="\n".join(lines),
    )


def _shown(talk: Talk, slot: str, known: Mapping[str, Any]) -> str:
    value = known.get(slot)
    match slot:
        case "contact":
            return str((value or {}).get("phone") or talk.wording("part_desk_no_phone"))
        case "unit":
            return str((value or {}).get("label") or talk.wording("part_unit_by_us"))
        case "desk_grade":
            return talk.term(f"grade_{value}")
        case "desk_news":
            return talk.wording(f"part_desk_news_{value}")
    return str(value or "—")
