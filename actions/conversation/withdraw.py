"""Taking a case back, after a plain yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.bootstrap import services
from actions.cases.states import Verb
from actions.conversation.buttons import button
from actions.conversation.forms import REQUESTED, FormStep, open_form, remember
from actions.conversation.own_cases import one_of_mine
from actions.conversation.talk import Event, Talk, TurnAction


class Withdraw(TurnAction):
    """Asks whether a case is really to be taken back; takes it back when that was said."""

    called = "action_withdraw"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("withdraw_sure") == "yes" and talk.slot("case_in_hand"):
            return await self._take_back(talk, talk.slot("case_in_hand"))
        case = await one_of_mine(talk, Verb.WITHDRAW)
        if case is None:
            return []
        if talk.entity("sure") == "yes":
            return await self._take_back(talk, case.number)
        _ask_sure(talk, case.number, case.gist)
        slots = {"case_in_hand": case.number, "withdraw_sure": None}
        return [*remember(slots), *open_form(talk, "withdraw_form", "withdraw_sure", ask=False)]

    async def _take_back(self, talk: Talk, number: str) -> list[Event]:
        case = await services().cases.act(talk.turn, number, Verb.WITHDRAW)
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
