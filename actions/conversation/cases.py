"""Finding the case that a message means, and saying where it stands on one line."""

from __future__ import annotations

from collections.abc import Sequence

from actions.cases.case import CaseView
from actions.conversation.buttons import button
from actions.conversation.talk import Talk

MOST_CHOICES = 5


def case_key(talk: Talk) -> str | None:
    """The number or short code in the message; None when it names none."""
    found = talk.entity("case") or talk.entity("code")
    return str(found) if found else None


def choose_among(
    talk: Talk, cases: Sequence[CaseView], intent: str, *, none: str
) -> CaseView | None:
    """The only case, or None after saying `none` or offering the cases to choose from."""
    if len(cases) == 1:
        return cases[0]
    if not cases:
        talk.say(none)
    else:
        buttons = [
            button(f"{case.number} {case.gist[:12]}", intent, case=case.number)
            for case in cases[:MOST_CHOICES]
        ]
        talk.say("which_case", buttons=buttons)
    return None


def state_line(talk: Talk, case: CaseView) -> str:
    """Number, kind, where it stands and since when, on one line."""
    kind = talk.term(f"kind_{case.kind}")
    state = talk.wording(f"part_state_{case.state}")
    return talk.wording(
        "part_case_line",
        number=case.number,
        kind=kind,
        state=state,
        at=talk.date(case.updated_at),
        gist=case.gist[:16],
    )
