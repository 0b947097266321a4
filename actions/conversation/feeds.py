"""Where a case came from, as officers are shown it."""

from __future__ import annotations

from actions.cases.case import CaseView
from actions.conversation.talk import Talk


def source_lines(talk: Talk, case: CaseView) -> dict[str, str]:
    """Source and the other side's number, its category, what it asks to mind; empty for others."""
    fed = case.fed
    if fed is None:
        return {}
    category = fed.category
    if category and not fed.known:
        category = talk.wording("part_fed_unmapped", category=category)
    asked = [
        talk.wording(key)
        for key, holds in (
            ("part_fed_urgent", fed.urgent),
            ("part_fed_do_not_contact", fed.do_not_contact),
        )
        if holds
    ]
    comma = "，" if talk.language == "zh" else ", "
    return {
        "source": f"{source_of(talk, case)} {fed.number}",
        "category": category,
        "asked_for": comma.join(asked),
    }


def source_of(talk: Talk, case: CaseView) -> str:
    """What people call the source; empty where no other system handed the case over."""
    return talk.term(f"source_{case.source}") if case.fed is not None else ""
