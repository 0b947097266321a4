"""Everything that was written, on one screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.cases.kinds import CaseKind
from actions.conversation.buttons import Button, button
from actions.conversation.contact import CONTACT
from actions.conversation.draft import QUESTIONS
from actions.conversation.talk import Talk

SUMMARY_LINES = ("what", "happened_at", "place", "unit", CONTACT, "attachments")


def summarise(talk: Talk, known: Mapping[str, Any], lead_in: str) -> None:
    """Everything on one screen, each line with a button to change it."""
    questions = QUESTIONS[CaseKind(known["kind"])]
    slots = [
        s for s in SUMMARY_LINES if s in questions or (s == "attachments" and "photos" in questions)
    ]
    lines = [talk.wording(f"part_line_{slot}", value=_shown(talk, slot, known)) for slot in slots]
    edits = [button(talk.wording(f"part_edit_{slot}"), "edit_field", field=slot) for slot in slots]
    buttons: list[Button] = [
        button(talk.wording("part_submit"), "confirm"),
        *edits,
        button(talk.wording("part_cancel"), "cancel"),
    ]
    kind = talk.term(f"kind_{known['kind']}")
    talk.say("summary", buttons=buttons, lead_in=lead_in, kind=kind, lines="\n".join(lines))


def _shown(talk: Talk, slot: str, known: Mapping[str, Any]) -> str:
    value = known.get(slot)
    if slot == CONTACT:
        if (value or {}).get("anonymous"):
            return talk.wording("part_anonymous")
        return str((value or {}).get("phone") or talk.wording("part_none"))
    if slot == "unit":
        return str((value or {}).get("label") or talk.wording("part_unit_by_us"))
    if slot == "attachments":
        return talk.wording("part_photos", count=len(value)) if value else talk.wording("part_none")
    return str(value or talk.wording("part_none"))
