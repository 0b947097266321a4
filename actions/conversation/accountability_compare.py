"""A proposal on what is known now, beside what was known when it was made."""

from __future__ import annotations

from actions.accountability.evaluation import Outcome
from actions.accountability.evidence import rule_of
from actions.accountability.proposals import Compared
from actions.bootstrap import services
from actions.conversation.accountability import number_in, show_button
from actions.conversation.proposal_words import month_line
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.log import Looked


class CompareProposal(TurnAction):
    """The same rule on what is known now, beside what was known then."""

    called = "action_compare_proposal"

    async def act(self, talk: Talk) -> list[Event]:
        number = number_in(talk)
        if number is None:
            talk.say("proposal_which")
            return []
        found = await services().accountability.proposals.compared(talk.turn, number)
        await services().queries.note(talk.turn, Looked.PROPOSALS, str(number))
        buttons = [show_button(talk, found.view)]
        if found.now is None:
            talk.say("proposal_gone", buttons=buttons, number=number)
        elif not found.months:
            talk.say("proposal_same", buttons=buttons, number=number)
        else:
            still = found.now.outcome is Outcome.PROPOSED
            verdict = "part_still_proposed" if still else "part_no_longer_proposed"
            talk.say(
                "proposal_differs",
                buttons=buttons,
                number=number,
                lines="\n".join(_beside(talk, found)),
                verdict=talk.wording(verdict),
            )
        return []


def _beside(talk: Talk, found: Compared) -> list[str]:
    rule = rule_of(found.view.evidence)
    return [
        talk.wording(
            "part_then_and_now",
            then=month_line(talk, rule, then),
            now=month_line(talk, rule, now) if now else talk.wording("part_month_gone"),
        )
        for then, now in found.months
    ]
