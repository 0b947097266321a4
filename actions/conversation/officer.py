"""The officer's work: open cases, details, accepting, answering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import Verb
from actions.conversation.buttons import button
from actions.conversation.cases import case_key, choose_among, offers, tell_details
from actions.conversation.follow_up import MyCases
from actions.conversation.forms import (
    DANGERS,
    OPENS_ELSE,
    REQUESTED,
    FormStep,
    beside,
    open_form,
    remember,
    tapped,
)
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.verbatim import words_behind

MOST_LISTED = 6


class OfficerCases(TurnAction):
    """The open cases the officer may work on, the one due first in front; a citizen's own."""

    called = "action_officer_cases"

    async def act(self, talk: Talk) -> list[Event]:
        person = await services().people.whoami(talk.turn)
        if person.officer is None:
            return await MyCases().act(talk)
        cases = await services().cases.open_for_officer(talk.turn)
        if not cases:
            talk.say("no_officer_cases")
            return []
        lines = "\n".join(_line(talk, case) for case in cases[:MOST_LISTED])
        buttons = [button(c.number, "show_case", case=c.number) for c in cases[:MOST_LISTED]]
        talk.say("officer_cases", buttons=buttons, lines=lines, count=len(cases))
        return []


def _line(talk: Talk, case: CaseView) -> str:
    return talk.wording(
        "part_officer_line",
        number=case.number,
        kind=talk.term(f"kind_{case.kind}"),
        state=talk.wording(f"part_state_{case.state}"),
        gist=case.gist[:16],
        answer_by=talk.date(case.answer_by),
    )


class ShowCase(TurnAction):
    """All that this person may see of a case."""

    called = "action_show_case"

    async def act(self, talk: Talk) -> list[Event]:
        key = case_key(talk)
        if key is None:
            return await OfficerCases().act(talk)
        case = await services().cases.find(talk.turn, key)
        tell_details(talk, case)
        return []


async def one_to_work_on(talk: Talk, verb: Verb) -> str | None:
    """The number of the case meant; None when a choice has been offered or there is none."""
    key = case_key(talk)
    if key is not None:
        return key
    cases = await services().cases.open_for_officer(talk.turn)
    possible = [case for case in cases if verb in case.may]
    chosen = choose_among(talk, possible, f"{verb}_case", none=f"none_to_{verb}")
    return chosen.number if chosen else None


class AcceptCase(TurnAction):
    called = "action_accept_case"

    async def act(self, talk: Talk) -> list[Event]:
        number = await one_to_work_on(talk, Verb.ACCEPT)
        if number is None:
            return []
        case = await services().cases.accept(talk.turn, number)
        contact = talk.wording("part_call" if case.phone else "part_no_phone", phone=case.phone)
        talk.say(
            "accepted",
            buttons=[
                button(talk.wording("part_do_answer"), "answer_case", case=case.number),
                button(talk.wording("part_do_show"), "show_case", case=case.number),
            ],
            number=case.number,
            contact=contact,
            answer_by=talk.date(case.answer_by),
        )
        return []


class AnswerCase(TurnAction):
    """Sends the citizen what was done; asks for the sentence when it was not given."""

    called = "action_answer_case"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("answer") and talk.slot("case_in_hand"):
            return await self._send(talk, talk.slot("case_in_hand"), talk.slot("answer"))
        number = await one_to_work_on(talk, Verb.ANSWER)
        if number is None:
            return []
        if talk.entity("words"):
            return await self._send(talk, number, words_behind(await talk.whole_text()))
        case = await services().cases.find(talk.turn, number)
        if Verb.ANSWER not in case.may:
            talk.say("accept_before", number=case.number, buttons=offers(talk, case, ("accept",)))
            return []
        talk.say("ask_answer", number=case.number, lead_in="")
        slots = {"case_in_hand": case.number, "answer": None}
        return [*remember(slots), *open_form(talk, "answer_form", "answer", ask=False)]

    async def _send(self, talk: Talk, number: str, words: str) -> list[Event]:
        case = await services().cases.answer(talk.turn, number, words)
        talk.say("answered", number=case.number)
        return remember({"answer": None, "case_in_hand": None})


class AnswerStep(FormStep):
    """The sentence for the citizen; it goes out as it is written."""

    form = "answer_form"

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        if talk.intent in DANGERS:
            return self.next(talk, {"answer": await talk.whole_text()})
        if talk.intent == "cancel" or (tapped(talk) and talk.intent in OPENS_ELSE):
            return self.leave(case_in_hand=None)
        if talk.text and talk.entity("case") and talk.entity("words"):
            return self.leave(case_in_hand=None)
        if beside(talk) or tapped(talk):
            return []
        return self.next(talk, {"answer": await talk.whole_text()})

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        if asking:
            talk.say("ask_answer", lead_in=lead_in, number=talk.slot("case_in_hand"))
        return [*remember(filled), SlotSet(REQUESTED, asking)]
