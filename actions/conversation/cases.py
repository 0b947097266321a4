"""Finding the case that a message means, and saying where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from actions import clock
from actions.bootstrap import services
from actions.cases.case import CaseView, DueView
from actions.cases.intents import intent_of
from actions.cases.states import Clock, State, Verb
from actions.conversation.buttons import Button, button
from actions.conversation.feeds import source_lines
from actions.conversation.talk import Event, Talk
from actions.conversation.timeline import history_lines
from actions.conversation.work_table import WORK, steps

MOST_CHOICES = 5
MOST_BUTTONS = 6
LAST_LINES = 8  # of the history, under the details of a case
_CITIZENS = frozenset(
    {Verb.URGE, Verb.ADD_FACTS, Verb.WITHDRAW, Verb.RATE_RESULT, Verb.REOPEN, Verb.REPLY}
)


def case_key(talk: Talk) -> str | None:
    """The number or short code in the message; None when it names none."""
    found = talk.entity("case") or talk.entity("code")
    return str(found) if found else None


def choose_among(
    talk: Talk, cases: Sequence[CaseView], intent: str, *, none: str, **given: object
) -> CaseView | None:
    """The only case, or None after saying `none` or offering the cases to choose from.

    What was `given` with the message goes with each choice.
    """
    if len(cases) == 1:
        return cases[0]
    if not cases:
        talk.say(none)
    else:
        buttons = [
            button(f"{case.number} {about(talk, case, 12)}", intent, case=case.number, **given)
            for case in cases[:MOST_CHOICES]
        ]
        talk.say("which_case", buttons=buttons)
    return None


def about(talk: Talk, case: CaseView, length: int) -> str:
    """The first words of the matter; where there are none, the reason that was tapped."""
    reason = talk.term(f"reason_{case.reason}") if case.reason else ""
    return (case.gist or reason)[:length]


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
        gist=about(talk, case, 16),
    )


def offers(talk: Talk, case: CaseView, verbs: Iterable[str]) -> list[Button]:
    """Buttons for those of the verbs that this person may use now."""
    found: list[Button] = []
    may = {str(verb) for verb in case.may}
    for verb in verbs:
        if str(verb) not in may:
            continue
        if verb == Verb.RATE_RESULT:
            found += [
                button(talk.term(f"grade_{grade}"), verb, case=case.number, grade=grade)
                for grade in services().policy.scale
            ]
        else:
            found.append(button(talk.wording(step_label(verb)), intent_of(verb), case=case.number))
    return found


def step_label(verb: str) -> str:
    """The officer confirms a visit by the citizen's code; the citizen by a tap of another name."""
    return "part_do_confirm_code" if verb == Verb.CONFIRM_VISIT else f"part_do_{verb}"


def work_buttons(talk: Talk, case: CaseView) -> list[Button]:
    """What this officer can do with the case now, the next step first; the rest behind “more”."""
    verbs = steps(case, services().policy)
    if len(verbs) <= MOST_BUTTONS:
        return offers(talk, case, verbs)
    more = button(talk.wording("part_more"), "show_case", case=case.number, page="more")
    return [*offers(talk, case, verbs[: MOST_BUTTONS - 1]), more]


async def is_worked_on(talk: Talk, case: CaseView) -> bool:
    """Whether this person stands to the case as an officer, not as its citizen."""
    if _CITIZENS & set(case.may):
        return False
    if set(case.may) & WORK.keys():
        return True
    person = await services().people.whoami(talk.turn)
    if person.officer is None:
        return False
    mine = await services().cases.mine(talk.turn)
    return case.number not in {each.number for each in mine}


async def tell_details(talk: Talk, case: CaseView) -> list[Event]:
    """All that this officer may see of the case: the matter, what runs, the last of its history."""
    events = await services().cases.history(talk.turn, case.number)
    talk.say(
        "show_case",
        buttons=[
            *work_buttons(talk, case),
            button(talk.wording("part_all_history"), "history_case", case=case.number),
        ],
        number=case.number,
        kind=talk.term(f"kind_{case.kind}"),
        state=_state(talk, case),
        unit=case.unit_label,
        details=details(talk, case),
        clocks="".join(f"· {due_line(talk, due, calls=case.calls)}\n" for due in case.due),
        history=history_lines(talk, events[-LAST_LINES:]),
    )
    return talk.keep_in_hand(case.number)


def _state(talk: Talk, case: CaseView) -> str:
    state = talk.wording(f"part_state_{case.state}")
    held = case.accepted_by and case.state in (State.ACCEPTED, State.WAITING)
    return f"{case.accepted_by} {state}" if held else state


def due_line(talk: Talk, due: DueView, *, calls: bool = True) -> str:
    """What is due until when, or was; marked where the holidays of that year are not known yet.

    `calls`: whether the call to the citizen is this person's to make.
    """
    others = due.clock == Clock.CALLBACK and not calls
    what = talk.wording("part_clock_callback_others" if others else f"part_clock_{due.clock}")
    if due.at is None:
        return talk.wording("part_standing", what=what)
    mark = "" if due.certain else talk.term("uncertain_mark")
    key = "part_due" if due.at >= clock.now() else "part_overdue"
    return talk.wording(key, what=what, at=talk.date(due.at), mark=mark)


def details(talk: Talk, case: CaseView) -> str:
    """A line for everything that was told and found."""
    told = {
        **source_lines(talk, case),
        "what": case.what,
        "happened_at": case.when,
        "place": case.where,
        "unit": case.who,
        "reason": talk.term(f"reason_{case.reason}") if case.reason else "",
        "contact": _contact(talk, case),
        "attachments": talk.wording("part_photos", count=case.attachments)
        if case.attachments
        else "",
        "question": case.question,
        "finding": talk.term(f"finding_{case.finding}") if case.finding else "",
        "outcome": talk.wording(f"part_outcome_{case.outcome}") if case.outcome else "",
        "answer": case.answer,
        "result": talk.term(f"grade_{case.result_grade}") if case.result_grade else "",
        "merged": case.merged_into,
        "links": str(case.links) if case.links else "",
    }
    return "\n".join(talk.wording(f"part_line_{slot}", value=v) for slot, v in told.items() if v)


def _contact(talk: Talk, case: CaseView) -> str:
    if case.escrow and not case.phone:
        return talk.wording("part_escrow")
    if case.anonymous:
        return talk.wording("part_anonymous")
    name = case.fed.name if case.fed is not None else ""
    return f"{name} {case.phone}".strip()
