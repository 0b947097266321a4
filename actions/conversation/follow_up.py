"""Following a matter: my cases, where one stands, urging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.bootstrap import services
from actions.callbacks.later import LATER_ANSWERS
from actions.cases.case import CaseView
from actions.cases.states import Clock, State, Verb
from actions.conversation.buttons import button
from actions.conversation.cases import case_key, is_worked_on, state_line, tell_details
from actions.conversation.own_cases import citizen_offers, one_of_mine
from actions.conversation.promise import overdue, promised, watched_by
from actions.conversation.talk import Event, Talk, TurnAction
from actions.errors import Refusal

MOST_LISTED = 5


async def tell_mine(talk: Talk, mine: Sequence[CaseView]) -> None:
    """The citizen's cases: the one that there is, or all with a line each."""
    if not mine:
        talk.say("no_cases")
    elif len(mine) == 1:
        tell_progress(talk, await in_full(talk, mine[0]))
    else:
        lines = "\n".join(state_line(talk, case) for case in mine[:MOST_LISTED])
        buttons = [button(c.number, "case_progress", case=c.number) for c in mine[:MOST_LISTED]]
        talk.say("my_cases", buttons=buttons, lines=lines, count=len(mine))
        asked = next((case for case in mine if case.asked), None)
        if asked is not None:
            ask_again(talk, asked)


class CaseProgress(TurnAction):
    """One case by its number or short code; without one, the person's own."""

    called = "action_case_progress"

    async def act(self, talk: Talk) -> list[Event]:
        key = case_key(talk)
        if key is None:
            await tell_mine(talk, await services().cases.mine(talk.turn))
            return []
        case = await services().cases.find(talk.turn, key)
        if await is_worked_on(talk, case):
            return await tell_details(talk, case)
        tell_progress(talk, case)
        return []


async def in_full(talk: Talk, case: CaseView) -> CaseView:
    """The same with its clocks; as it is for someone who has guessed too many numbers."""
    try:
        return await services().cases.find(talk.turn, case.number)
    except Refusal:
        return case


def tell_progress(talk: Talk, case: CaseView) -> None:
    """Where the case stands, what comes next, and what the person can do now."""
    reply_by = next((due.at for due in case.due if due.clock == Clock.CITIZEN), None)
    talk.say(
        _sentence(case),
        buttons=citizen_offers(talk, case),
        number=case.number,
        unit=case.unit_label,
        gist=case.gist,
        answer=case.answer,
        question=case.question,
        officer=case.accepted_by or talk.term("officer_unnamed"),
        at=talk.date(case.closed_at or case.updated_at),
        answer_by=promised(talk, case),
        unless=talk.wording("part_unless_by", at=talk.date(reply_by)) if reply_by else "",
        grade=talk.term(f"grade_{case.result_grade}") if case.result_grade else "",
    )
    ask_again(talk, case)


def ask_again(talk: Talk, case: CaseView) -> None:
    """What the citizen was asked since the closing: the notice may have come without buttons."""
    if case.asked is None:
        return
    intent, name, answers = LATER_ANSWERS[case.asked]
    buttons = [
        button(
            talk.term(f"later_{case.asked}_{answer}"), intent, case=case.number, **{name: answer}
        )
        for answer in answers
    ]
    talk.say(f"asked_{case.asked}", buttons=buttons, number=case.number, by=watched_by(talk))


def _sentence(case: CaseView) -> str:
    """The reply that fits the state, and what has been said of the result."""
    if overdue(case):
        return "progress_late"
    rated = case.result_grade is not None
    match case.state:
        case State.REVIEWING if rated or not _promise_runs(case):
            return "progress_reviewing_disputed"
        case State.ANSWERED if rated:
            return "progress_answered_rated"
        case State.CLOSED if not case.answer:
            return "progress_closed_bare"
    return f"progress_{case.state}"


def _promise_runs(case: CaseView) -> bool:
    return any(due.clock == Clock.ANSWER for due in case.due)


async def _answered_instead(talk: Talk) -> list[CaseView]:
    """The person's cases that have their answer, when none is named and there is none to hurry."""
    if case_key(talk) is not None or await services().cases.touched(talk.turn, Verb.URGE):
        return []
    mine = await services().cases.mine(talk.turn)
    if any(Verb.URGE in case.may for case in mine):
        return []
    return [case for case in mine if Verb.RATE_RESULT in case.may]


class Urge(TurnAction):
    """Asks for speed; where the citizen is waited for, says so."""

    called = "action_urge"

    async def act(self, talk: Talk) -> list[Event]:
        answered = await _answered_instead(talk)
        if answered:
            await tell_mine(talk, answered)
            return []
        case = await one_of_mine(talk, Verb.URGE)
        if case is None:
            return []
        urged = await services().cases.act(talk.turn, case.number, Verb.URGE)
        told: dict[str, Any] = {"number": urged.number, "answer_by": promised(talk, urged)}
        if urged.question:
            reply = button(talk.wording("part_do_reply"), "reply_officer", case=urged.number)
            talk.say("urged_waiting", buttons=[reply], question=urged.question, **told)
        else:
            talk.say("urged_late" if overdue(urged) else "urged", **told)
        return []
