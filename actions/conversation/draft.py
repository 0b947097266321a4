"""What is being written: which questions each kind asks, and the case that the answers make."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind, Reason
from actions.conversation.contact import CONTACT

QUESTIONS = {
    CaseKind.COMPLAINT: ("what", "happened_at", "place", "unit", CONTACT, "photos", "confirmed"),
    CaseKind.HELP: ("what", "unit", CONTACT, "confirmed"),
    CaseKind.SUGGESTION: ("what", "unit", CONTACT, "confirmed"),
    CaseKind.PRAISE: ("what", "unit", CONTACT, "confirmed"),
}
DRAFT = (
    *("kind", "what", "happened_at", "place", "unit", "contact", "photos", "attachments"),
    *("confirmed", "reason", "detail", "rating", "comment", "grade", "tries"),
)


def draft_from(slots: Mapping[str, Any]) -> CaseDraft | None:
    """The case that the slots describe; None when there is no matter in them."""
    kind = CaseKind(slots.get("kind") or CaseKind.COMPLAINT)
    contact, unit = slots.get(CONTACT) or {}, slots.get("unit") or {}
    reason = Reason(slots["reason"]) if slots.get("reason") else None
    what = slots.get("what") or ""
    if kind is CaseKind.UNSATISFIED:
        unit = slots.get("rating") or {}
        what = slots.get("detail") or ""
    if not what and reason is None:
        return None
    return CaseDraft(
        kind=kind,
        what=what,
        when=slots.get("happened_at") or "",
        where=slots.get("place") or "",
        who=unit.get("words") or unit.get("label") or "",
        unit_id=unit.get("unit_id"),
        officer_id=unit.get("officer_id"),
        phone=contact.get("phone", ""),
        anonymous=bool(contact.get("anonymous")),
        rating_id=uuid.UUID(unit["id"]) if "id" in unit else None,
        reason=reason,
        attachments=list(slots.get("attachments") or []),
    )
