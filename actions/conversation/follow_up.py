"""Following a matter: my cases, progress, more facts, urging, withdrawing, rating the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import SlotSet

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import State, Verb
from actions.conversation.buttons import button
from actions.conversation.cases import case_key, choose_among, offers, state_line, tell_details
from actions.conversation.forms import (
    REQUESTED,
    FormStep,
    beside,
    open_form,
    opens_else,
    remember,
    tapped,
)
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.verbatim import words_behind

MOST_LISTED = 5


class MyCases(TurnAction):
    """The person's cases: the one that is asked about, or all with a line each."""

    called = "action_my_cases"

    async def act(self, talk: Talk) -> list[Event]:
        mine = await services().cases.mine(talk.turn)
        if not mine:
            talk.say("no_cases")
        elif len(mine) == 1:
            tell_progress(talk, mine[0])
        else:
            lines = "\n".join(state_line(talk, case) for case in mine[:MOST_LISTED])
            buttons = [button(c.number, "case_progress", case=c.number) for c in mine[:MOST_LISTED]]
            talk.say("my_cases", buttons=buttons, lines=lines, count=len(mine))
        return []


class CaseProgress(TurnAction):
    """One case by its number or short code; without one, the person's own."""

    called = "action_case_progress"

    async def act(self, talk: Talk) -> list[Event]:
        key = case_key(talk)
        if key is None:
            return await MyCases().act(talk)
        case = await services().cases.find(talk.turn, key)
        if {Verb.ACCEPT, Verb.ANSWER} & set(case.may):
            tell_details(talk, case)
        else:
            tell_progress(talk, case)
        return []


def tell_progress(talk: Talk, case: CaseView) -> None:
    """Where the case stands, what comes next, and what the person can do now."""
    verbs = ("rate_result",) if case.state == State.ANSWERED else ("urge", "add_facts", "withdraw")
    talk.say(
        f"progress_{case.state}",
        buttons=offers(talk, case, verbs),
        number=case.number,
        unit=case.unit_label,
        gist=case.gist,
        answer=case.answer,
        officer=case.accepted_by,
        at=talk.date(case.updated_at),
        answer_by=talk.date(case.answer_by),
    )


async def one_of_mine(talk: Talk, verb: str) -> CaseView | None:
    """The case the person means, for this verb; None when a choice or a refusal has been said."""
    key = case_key(talk)
    if key is not None:
        return await services().cases.find(talk.turn, key)
    mine = await services().cases.mine(talk.turn)
    open_ones = [case for case in mine if verb in {str(may) for may in case.may}]
    return choose_among(talk, open_ones, verb, none="no_open_case")


class Urge(TurnAction):
    called = "action_urge"

    async def act(self, talk: Talk) -> list[Event]:
        case = await one_of_mine(talk, "urge")
        if case is not None:
            urged = await services().cases.urge(talk.turn, case.number)
            talk.say("urged", number=urged.number, answer_by=talk.date(urged.answer_by))
        return []


class AddFacts(TurnAction):
    """Adds words, or a photo sent before, to a case; asks for the words when there are none."""

    called = "action_add_facts"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("facts") and talk.slot("case_in_hand"):
            return await self._add(talk, talk.slot("case_in_hand"), talk.slot("facts"))
        case = await one_of_mine(talk, "add_facts")
        if case is None:
            return []
        if talk.entity("attachment"):
            return await self._add(talk, case.number, "", [str(talk.entity("attachment"))])
        if talk.entity("words"):
            return await self._add(talk, case.number, words_behind(await talk.whole_text()))
        slots = {"case_in_hand": case.number, "facts": None, "lead_in": ""}
        talk.say("ask_facts", number=case.number)
        return [*remember(slots), *open_form(talk, "facts_form", "facts", ask=False)]

    async def _add(
        self, talk: Talk, number: str, words: str, attached: Sequence[str] = ()
    ) -> list[Event]:
        case = await services().cases.add_facts(talk.turn, number, words, list(attached))
        talk.say("facts_added", number=case.number)
        return remember({"facts": None, "case_in_hand": None})


class FactsStep(FormStep):
    form = "facts_form"

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        if talk.intent == "attach":
            number = talk.slot("case_in_hand")
            await services().cases.add_facts(talk.turn, number, "", [talk.turn.inbox_id])
            talk.say("facts_added", number=number)
            return remember({"facts": None, REQUESTED: "facts"})
        if talk.intent in {"cancel", "skip", "deny"} or opens_else(talk):
            return self.leave(case_in_hand=None)
        if beside(talk) or tapped(talk):
            return []
        return self.next(talk, {"facts": await talk.whole_text()})

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        if asking:
            talk.say("ask_facts_again", lead_in=lead_in, number=talk.slot("case_in_hand"))
        return remember({**filled, REQUESTED: asking})


class Withdraw(TurnAction):
    """Asks whether a case is really to be taken back; takes it back when that was said."""

    called = "action_withdraw"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("withdraw_sure") == "yes" and talk.slot("case_in_hand"):
            return await self._take_back(talk, talk.slot("case_in_hand"))
        case = await one_of_mine(talk, "withdraw")
        if case is None:
            return []
        if talk.entity("sure") == "yes":
            return await self._take_back(talk, case.number)
        _ask_sure(talk, case.number, case.gist)
        slots = {"case_in_hand": case.number, "withdraw_sure": None}
        return [*remember(slots), *open_form(talk, "withdraw_form", "withdraw_sure", ask=False)]

    async def _take_back(self, talk: Talk, number: str) -> list[Event]:
        case = await services().cases.withdraw(talk.turn, number)
        talk.say("withdrawn", number=case.number)
        return remember({"withdraw_sure": None, "case_in_hand": None})


def _ask_sure(talk: Talk, number: str, gist: str) -> None:
    yes = button(talk.wording("part_withdraw_yes"), "withdraw", case=number, sure="yes")
    no = button(talk.wording("part_withdraw_no"), "deny")
    talk.say("ask_withdraw", buttons=[yes, no], number=number, gist=gist)


class WithdrawStep(FormStep):
    """Only a plain yes takes a case back; anything else leaves it as it is."""

    form = "withdraw_form"

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        tapped_yes = talk.intent == "withdraw" and talk.entity("sure") == "yes"
        if tapped_yes or (talk.intent in {"affirm", "confirm"} and talk.confidence >= 0.5):
            return self.next(talk, {"withdraw_sure": "yes"})
        return self.leave(case_in_hand=None)

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        return remember({**filled, REQUESTED: asking})


class RateResult(TurnAction):
    """The citizen rates what came of the case, which closes it."""

    called = "action_rate_result"

    async def act(self, talk: Talk) -> list[Event]:
        grade = talk.entity("grade")
        case = await one_of_mine(talk, "rate_result")
        if case is None:
            return []
        if grade is None:
            tell_progress(talk, case)
            return []
        return await rate_result(talk, case, str(grade))


async def rate_result(talk: Talk, case: CaseView, grade: str) -> list[Event]:
    """Closes the case with the citizen's grade."""
    closed = await services().cases.rate_result(talk.turn, case.number, grade)
    said = "unsatisfied" if grade == "unsatisfied" else "satisfied"
    talk.say(f"result_{said}", number=closed.number, grade=talk.term(f"grade_{grade}"))
    return [SlotSet("case_in_hand", None)]


async def result_to_rate(talk: Talk) -> CaseView | None:
    """The newest answered case that waits for this person's grade, or None."""
    mine = await services().cases.mine(talk.turn)
    return next((case for case in mine if "rate_result" in {str(may) for may in case.may}), None)


class Attach(TurnAction):
    """A photo, a voice message or a place that came outside any form."""

    called = "action_attach"

    async def act(self, talk: Talk) -> list[Event]:
        from actions.conversation.danger import pass_on_place, place_of

        if talk.slot("alerted") and place_of(talk):
            return await pass_on_place(talk)
        mine = await services().cases.mine(talk.turn)
        inbox_id = talk.turn.inbox_id
        open_ones = [c for c in mine if "add_facts" in {str(may) for may in c.may}][:MOST_LISTED]
        buttons = [
            button(
                talk.wording("part_attach_to", number=c.number),
                "add_facts",
                case=c.number,
                attachment=inbox_id,
            )
            for c in open_ones
        ]
        talk.say("attach_where" if buttons else "attach_nowhere", buttons=buttons)
        return []
