"""Adopting or declining a proposal, with the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.accountability.evidence import rule_of
from actions.accountability.proposals import says_why
from actions.bootstrap import services
from actions.conversation.accountability import named, number_in
from actions.conversation.buttons import button
from actions.conversation.forms import open_form, remember
from actions.conversation.proposal_words import rule_proposal
from actions.conversation.sentence import SentenceStep
from actions.conversation.talk import Event, Talk, TurnAction
from actions.errors import Refusal


class DecideProposal(TurnAction):
    """Adopts or declines; asks for the reason when none was given."""

    called = "action_decide_proposal"

    async def act(self, talk: Talk) -> list[Event]:
        held, reason = talk.slot("proposal_in_hand"), talk.slot("proposal_reason")
        if held and reason:
            try:
                await self._decide(talk, int(held), str(talk.slot("proposal_verdict")), str(reason))
            except Refusal as refusal:  # or the next command would find the reason still there
                talk.refuse(refusal)
            return _forget()
        number, verdict = number_in(talk), talk.intent.removesuffix("_proposal")
        if number is None:
            talk.say("proposal_which")
            return []
        if talk.entity("words"):
            await self._decide(talk, number, verdict, str(talk.entity("words")))
            return []
        return await self._ask(talk, number, verdict)

    async def _decide(self, talk: Talk, number: int, verdict: str, reason: str) -> None:
        view = await services().accountability.proposals.decide(
            talk.turn, number, adopt=verdict == "adopt", reason=reason
        )
        talk.say(
            f"proposal_{view.state}",
            buttons=[button(talk.wording("part_do_proposals"), "proposals")],
            number=view.number,
            proposal=rule_proposal(talk, rule_of(view.evidence)),
        )

    async def _ask(self, talk: Talk, number: int, verdict: str) -> list[Event]:
        view = await services().accountability.proposals.open_to(talk.turn, number)
        talk.say(f"ask_proposal_{verdict}", **named(talk, view))
        slots = {
            "proposal_in_hand": str(number),
            "proposal_verdict": verdict,
            "proposal_reason": None,
            "lead_in": "",
        }
        form = open_form(talk, "proposal_form", "proposal_reason", ask=False)
        return [*remember(slots), *form]


def _forget() -> list[Event]:
    return remember({"proposal_in_hand": None, "proposal_verdict": None, "proposal_reason": None})


class ProposalStep(SentenceStep):
    """Why a proposal is adopted or declined; a photo is no reason."""

    form = "proposal_form"
    slot = "proposal_reason"
    question = "ask_proposal"

    async def attached(self, talk: Talk) -> list[Event]:
        return self.next(talk, {}, asking=self.slot)

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        if self.slot in filled and not says_why(str(filled[self.slot])):
            lead = talk.wording("part_proposal_reason_short")
            return super().next(talk, {self.slot: None}, lead_in=lead, asking=self.slot)
        return super().next(talk, filled, lead_in=lead_in, asking=asking)

    def ask_again(self, talk: Talk, lead_in: str) -> None:
        number = talk.slot("proposal_in_hand")
        talk.say(f"{self.question}_again", lead_in=lead_in, number=number)
