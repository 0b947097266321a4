"""What is proposed about units: the list, one with its evidence, deciding, the dry run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.accountability.evaluation import Outcome
from actions.accountability.evidence import rule_of
from actions.accountability.proposals import Compared, ProposalView, says_why
from actions.accountability.rule import Rule
from actions.accountability.trial import Tried
from actions.bootstrap import services
from actions.clock import beijing
from actions.conversation.buttons import Button, button
from actions.conversation.forms import open_form, remember
from actions.conversation.proposal_words import (
    figure_words,
    month_label,
    month_line,
    months_words,
    rule_proposal,
    rule_title,
    tried_lines,
)
from actions.conversation.sentence import SentenceStep
from actions.conversation.talk import Event, Talk, TurnAction
from actions.errors import Refusal
from actions.figures.log import Looked

MOST_LISTED = 6
MOST_DECIDED = 4
MOST_LINES = 12  # of a rule in the dry run


class ShowProposals(TurnAction):
    """The list; one of them, when its number is given."""

    called = "action_proposals"

    async def act(self, talk: Talk) -> list[Event]:
        number = _number(talk)
        if number is not None:
            view = await services().accountability.proposals.shown(talk.turn, number)
            await services().queries.note(talk.turn, Looked.PROPOSALS, str(number))
            _tell(talk, view)
            return []
        found = await services().accountability.proposals.listed(talk.turn)
        await services().queries.note(talk.turn, Looked.PROPOSALS)
        waiting = [each for each in found if each.state == "proposed"]
        decided = [each for each in found if each.state != "proposed"]
        if not found:
            talk.say("no_proposals")
            return []
        lines = "\n".join([*_waiting(talk, waiting), *_decided(talk, decided)])
        buttons = [_show(talk, each) for each in waiting[:MOST_LISTED]]
        if waiting:
            talk.say("proposals", buttons=buttons, count=len(waiting), lines=lines)
        else:
            talk.say("proposals_all_decided", lines=lines)
        return []


def _number(talk: Talk) -> int | None:
    said = talk.entity("proposal")
    return int(said) if said is not None and str(said).isdigit() else None


def _show(talk: Talk, view: ProposalView) -> Button:
    return button(
        talk.wording("part_proposal_show", number=view.number),
        "proposals",
        proposal=str(view.number),
    )


def _named(talk: Talk, view: ProposalView) -> dict[str, Any]:
    return {
        "number": view.number,
        "unit": view.unit_label,
        "title": rule_title(talk, rule_of(view.evidence)),
        "month": month_label(talk, view.period),
    }


def _waiting(talk: Talk, waiting: list[ProposalView]) -> list[str]:
    shown = waiting[:MOST_LISTED]
    lines = [talk.wording("part_proposal_line", **_named(talk, each)) for each in shown]
    if len(waiting) > MOST_LISTED:
        lines.append(talk.wording("part_proposals_more", count=len(waiting) - MOST_LISTED))
    return lines


def _decided(talk: Talk, decided: list[ProposalView]) -> list[str]:
    if not decided:
        return []
    lines = [
        talk.wording(
            "part_proposal_decided_line",
            verdict=talk.wording(f"part_proposal_{each.state}"),
            **_named(talk, each),
        )
        for each in decided[:MOST_DECIDED]
    ]
    return [talk.wording("part_proposals_decided"), *lines]


def _tell(talk: Talk, view: ProposalView) -> None:
    rule, number = rule_of(view.evidence), str(view.number)
    buttons = [
        button(talk.wording(f"part_do_{verdict}"), f"{verdict}_proposal", proposal=number)
        for verdict in (("adopt", "decline") if view.mine else ())
    ]
    buttons.append(button(talk.wording("part_do_compare"), "compare_proposal", proposal=number))
    buttons.append(button(talk.wording("part_do_proposals"), "proposals"))
    talk.say(
        "proposal",
        buttons=buttons,
        number=view.number,
        unit=view.unit_label,
        title=rule_title(talk, rule),
        proposal=rule_proposal(talk, rule),
        figure=figure_words(talk, rule, view.evidence),
        months=months_words(talk, rule, view.evidence.months),
        as_of=f"{beijing(view.evidence.as_of):%Y-%m-%d %H:%M}",
        state=_state(talk, view, rule),
    )


def _state(talk: Talk, view: ProposalView, rule: Rule) -> str:
    if view.decided_at is not None:
        return talk.wording(
            f"part_proposal_was_{view.state}",
            at=talk.date(view.decided_at),
            who=view.decided_by,
            reason=view.reason,
        )
    if view.mine:
        return talk.wording("part_proposal_open")
    return talk.wording("part_proposal_others", level=talk.wording(f"part_level_{rule.to}"))


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
        number, verdict = _number(talk), talk.intent.removesuffix("_proposal")
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
        talk.say(f"ask_proposal_{verdict}", **_named(talk, view))
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


class CompareProposal(TurnAction):
    """The same rule on what is known now, beside what was known then."""

    called = "action_compare_proposal"

    async def act(self, talk: Talk) -> list[Event]:
        number = _number(talk)
        if number is None:
            talk.say("proposal_which")
            return []
        found = await services().accountability.proposals.compared(talk.turn, number)
        await services().queries.note(talk.turn, Looked.PROPOSALS, str(number))
        buttons = [_show(talk, found.view)]
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


class TryRules(TurnAction):
    """What the rules of the policy would have proposed on past months."""

    called = "action_try_rules"

    async def act(self, talk: Talk) -> list[Event]:
        words = str(talk.entity("words") or "")
        tried = await services().accountability.trial.asked(talk.turn, words)
        about = f"{tried.months[0]:%Y-%m}–{tried.months[-1]:%Y-%m}"
        await services().queries.note(talk.turn, Looked.RULES, about)
        talk.say(
            "tried",
            buttons=[button(talk.wording("part_do_proposals"), "proposals")],
            first=month_label(talk, tried.months[0]),
            last=month_label(talk, tried.months[-1]),
            rules="\n".join(_rules(talk, tried)),
            as_of=f"{beijing(tried.as_of):%m-%d %H:%M}",
        )
        return []


def _rules(talk: Talk, tried: Tried) -> list[str]:
    told = []
    for rule, by_month in tried.found:
        lines = tried_lines(talk, rule, by_month)
        if len(lines) > MOST_LINES:
            more = talk.wording("part_tried_more", count=len(lines) - MOST_LINES)
            lines = [*lines[:MOST_LINES], more]
        title = rule_title(talk, rule)
        told.append(talk.wording("part_tried_rule", title=title, lines="\n".join(lines)))
    return told
