"""Finding the case that a message means, and saying where it stands on one line."""

from __future__ import annotations

from collections.abc import Sequence

from actions.cases.case import CaseView
from actions.conversation.buttons import Button, button
from actions.conversation.talk import Talk

MOST_CHOICES = 5
OFFICER_VERBS = frozenset({"accept", "answer"})  # their intents are called accept_case, …


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


def offers(talk: Talk, case: CaseView, verbs: Sequence[str]) -> list[Button]:
    """Buttons for those of the verbs that this person may use now."""
    found: list[Button] = []
    for verb in verbs:
        if verb not in {str(may) for may in case.may}:
            continue
        if verb == "rate_result":
            found += [
                button(talk.term(f"grade_{grade}"), verb, case=case.number, grade=grade)
                for grade in ("satisfied", "basically", "unsatisfied")
            ]
        else:
            intent = f"{verb}_case" if verb in OFFICER_VERBS else verb
            found.append(button(talk.wording(f"part_do_{verb}"), intent, case=case.number))
    return found


def tell_details(talk: Talk, case: CaseView) -> None:
    """All that this person may see of the case, and what they can do with it."""
    talk.say(
        "show_case",
        buttons=offers(talk, case, ("accept", "answer")),
        number=case.number,
        kind=talk.term(f"kind_{case.kind}"),
        state=talk.wording(f"part_state_{case.state}"),
        unit=case.unit_label,
        answer_by=talk.date(case.answer_by),
        details=details(talk, case),
    )


def details(talk: Talk, case: CaseView) -> str:
    """A line for everything that was told."""
    told = {
        "what": case.what,
        "happened_at": case.when,
        "place": case.where,
        "unit": case.who,
        "reason": talk.term(f"reason_{case.reason}") if case.reason else "",
        "contact": talk.wording("part_anonymous") if case.anonymous else case.phone,
        "attachments": talk.wording("part_photos", count=case.attachments)
        if case.attachments
        else "",
        "answer": case.answer,
    }
    return "\n".join(talk.wording(f"part_line_{slot}", value=v) for slot, v in told.items() if v)
