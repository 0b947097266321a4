"""The citizen's own cases: which one is meant, and what can be done with it now."""

from __future__ import annotations

from collections.abc import Sequence

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.intents import intent_of
from actions.cases.states import State, Verb
from actions.conversation.buttons import Button, button
from actions.conversation.cases import MOST_CHOICES, case_key
from actions.conversation.talk import Talk

_OFFERED = (Verb.REPLY, Verb.CONFIRM_VISIT, Verb.REOPEN, Verb.URGE, Verb.ADD_FACTS, Verb.WITHDRAW)
_ELSEWHERE = {  # where one thing is asked of the citizen, the others step back
    State.WAITING: frozenset({Verb.URGE, Verb.ADD_FACTS}),
    State.ANSWERED: frozenset({Verb.URGE, Verb.ADD_FACTS, Verb.WITHDRAW}),
}


async def one_of_mine(
    talk: Talk, verb: Verb, *, none: str = "no_open_case", **carried: object
) -> CaseView | None:
    """The case the person means, for this verb; None when a choice or `none` has been said.

    `carried` goes along with each choice, so that what was said already is not asked again.
    """
    key = case_key(talk)
    if key is not None:
        return await services().cases.find(talk.turn, key)
    again = await services().cases.touched(talk.turn, verb)
    if again is not None:  # done before the turn broke off: not a second case instead
        return again
    return choose(talk, await able_to(talk, verb), verb, none=none, **carried)


async def able_to(talk: Talk, verb: Verb) -> list[CaseView]:
    """The person's cases with which that is possible now, the newest first."""
    return [case for case in await services().cases.mine(talk.turn) if verb in case.may]


def choose(
    talk: Talk, cases: Sequence[CaseView], verb: Verb, *, none: str, **carried: object
) -> CaseView | None:
    """The only one of these, or None after saying `none` or offering them."""
    if len(cases) == 1:
        return cases[0]
    if not cases:
        talk.say(none)
        return None
    buttons = [
        button(
            f"{case.number} {case.gist[:12]}", intent_of(verb), **{"case": case.number, **carried}
        )
        for case in cases[:MOST_CHOICES]
    ]
    talk.say("which_case", buttons=buttons)
    return None


def citizen_offers(talk: Talk, case: CaseView) -> list[Button]:
    """Buttons for what the citizen may do now, the main thing first."""
    possible = set(case.may) - _ELSEWHERE.get(case.state, frozenset())
    if Verb.RATE_RESULT in possible and case.result_grade is None:
        first = grade_buttons(talk, "rate_result", case=case.number)
    else:
        first = []
    verbs = [
        button(talk.wording(f"part_do_{verb}"), intent_of(verb), case=case.number)
        for verb in _OFFERED
        if verb in possible
    ]
    return [
        *first,
        *verbs,
        button(talk.wording("part_do_history"), "history_case", case=case.number),
    ]


def grade_buttons(talk: Talk, intent: str, **on: object) -> list[Button]:
    """A button for each grade that the policy's scale has."""
    return [
        button(talk.term(f"grade_{grade}"), intent, **{"grade": str(grade), **on})
        for grade in services().policy.scale
    ]
