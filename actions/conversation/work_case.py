"""Which case an officer means: the one named, the one in hand, or the only one that fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import Verb
from actions.conversation.cases import case_key, choose_among
from actions.conversation.talk import Talk
from actions.errors import Refusal

_SAYS = {"unit": "unit_id", "text": "said"}  # how a button calls these answers
_CARRIED = ("reached", "finding", "grade", "span", "officer", "into", "code")


async def case_meant(talk: Talk, verb: Verb, given: Mapping[str, Any]) -> CaseView | None:
    """The case, or None when a choice has been offered or there is none to speak of."""
    key = case_key(talk)
    if key is not None:
        return await services().cases.find(talk.turn, key)
    for each in (Verb.ANSWER, Verb.HAND_IN) if verb in (Verb.ANSWER, Verb.HAND_IN) else (verb,):
        again = await services().cases.touched(talk.turn, each)
        if again is not None:  # done before the turn broke off: not to another case instead
            return again
    in_hand = await _in_hand(talk)
    if in_hand is not None and fits(in_hand, verb):
        return in_hand
    listed = await services().cases.open_for_officer(talk.turn)
    possible = [case for case in listed if fits(case, verb)]
    mine = [case for case in possible if case.mine]
    if len(mine) == 1:
        possible = mine
    if not possible and (in_hand is not None or len(listed) == 1):
        return in_hand or listed[0]  # the table says why not
    return _choose(talk, verb, possible, given)


def fits(case: CaseView, verb: Verb) -> bool:
    """Whether the verb is possible now; 答复 is handing in where that is reviewed first."""
    if verb in (Verb.ANSWER, Verb.HAND_IN):
        return bool({Verb.ANSWER, Verb.HAND_IN} & set(case.may))
    return verb in case.may


async def _in_hand(talk: Talk) -> CaseView | None:
    number = talk.slot("case_in_hand")
    if not number:
        return None
    try:
        return await services().cases.find(talk.turn, str(number))
    except Refusal:
        return None


def _choose(
    talk: Talk, verb: Verb, possible: list[CaseView], given: Mapping[str, Any]
) -> CaseView | None:
    if not possible:
        known = f"none_to_{verb}"
        label = talk.wording(f"part_do_{verb}")
        talk.say(known if talk.knows(known) else "none_to_work", verb=label)
        return None
    carried = {_SAYS.get(n, n): v for n, v in given.items() if n in _SAYS or n in _CARRIED}
    return choose_among(talk, possible, talk.intent, none="none_to_work", **carried)


async def is_officers_case(talk: Talk) -> bool:
    """Whether an officer speaks, and not of a case of their own as a citizen."""
    person = await services().people.whoami(talk.turn)
    if person.officer is None:
        return False
    key = case_key(talk)
    mine = await services().cases.mine(talk.turn)
    return key is None or key not in {case.number for case in mine}
