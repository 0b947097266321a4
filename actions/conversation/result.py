"""The citizen's word on what came of the case: the grade, and what it leads to."""

from __future__ import annotations

from typing import Any

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.facts import CONTENT
from actions.cases.states import State, Verb
from actions.conversation.buttons import button
from actions.conversation.cases import case_key
from actions.conversation.follow_up import in_full, tell_progress
from actions.conversation.forms import open_form, remember
from actions.conversation.own_cases import choose, grade_buttons, one_of_mine
from actions.conversation.talk import Event, Talk, TurnAction


class RateResult(TurnAction):
    """Takes the grade of a result; without one, shows the result and offers the grades."""

    called = "action_rate_result"

    async def act(self, talk: Talk) -> list[Event]:
        grade = talk.entity("grade")
        person = await services().people.whoami(talk.turn)
        if not person.proven:
            return await _rate_unproven(talk, grade)
        case = await one_of_mine(talk, Verb.RATE_RESULT, grade=grade)
        if case is None:
            return []
        if grade is None:
            tell_progress(talk, await in_full(talk, case))
            return []
        return await rate_result(talk, case, str(grade))


async def _rate_unproven(talk: Talk, grade: str | None) -> list[Event]:
    """Takes a first grade where nothing may be shown: of the case named, else of the only one."""
    key, waiting = case_key(talk), await services().cases.to_rate(talk.turn)
    meant = [case for case in waiting if key in (None, case.number)]
    if grade is None or not meant:
        await services().cases.mine(talk.turn)  # refuses, saying where to look
        return []
    case = choose(talk, meant, Verb.RATE_RESULT, none="no_open_case", grade=grade)
    return [] if case is None else await rate_result(talk, case, str(grade))


async def rate_result(talk: Talk, case: CaseView, grade: str) -> list[Event]:
    """Gives the grade and says what comes next; asks which, where the scale has none such."""
    if grade not in services().policy.scale:
        buttons = grade_buttons(talk, "rate_result", case=case.number)
        talk.say("ask_result_grade", buttons=buttons, number=case.number)
        return []
    rated = await services().cases.act(talk.turn, case.number, Verb.RATE_RESULT, grade=grade)
    told: dict[str, Any] = {"number": rated.number, "grade": talk.term(f"grade_{grade}")}
    if rated.state is State.REVIEWING:
        talk.say("result_reviewed", **told)
        slots = {"case_in_hand": rated.number, "facts": None}
        return [*remember(slots), *open_form(talk, "because_form", "facts", ask=False)]
    reopen = Verb.REOPEN in rated.may and grade not in CONTENT
    again = button(talk.wording("part_do_reopen"), "reopen_case", case=rated.number)
    talk.say(_sentence(rated, grade, reopen=reopen), buttons=[again] if reopen else [], **told)
    return remember({"case_in_hand": None})


def _sentence(rated: CaseView, grade: str, *, reopen: bool) -> str:
    if rated.state is State.ANSWERED:
        return "result_revisit"
    if grade in CONTENT:
        return "result_satisfied"
    return "result_unsatisfied_reopen" if reopen else "result_unsatisfied"


async def rate_what_waits(talk: Talk, grade: str) -> list[Event] | None:
    """Takes a grade in words for the result that waits for one; None when none does."""
    waiting = await services().cases.to_rate(talk.turn)
    if not waiting:
        return None
    case = choose(talk, waiting, Verb.RATE_RESULT, none="no_open_case", grade=grade)
    return [] if case is None else await rate_result(talk, case, grade)
