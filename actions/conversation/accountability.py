"""What is proposed about units: the list, and one of them with its evidence."""

from __future__ import annotations

from typing import Any

from actions.accountability.evidence import rule_of
from actions.accountability.proposals import ProposalView
from actions.accountability.rule import Rule
from actions.bootstrap import services
from actions.clock import beijing
from actions.conversation.buttons import Button, button
from actions.conversation.proposal_words import (
    figure_words,
    month_label,
    months_words,
    rule_proposal,
    rule_title,
)
from actions.conversation.talk import Event, Talk, TurnAction
from actions.figures.log import Looked

MOST_LISTED = 6
MOST_DECIDED = 4


class ShowProposals(TurnAction):
    """The list; one of them, when its number is given."""

    called = "action_proposals"

    async def act(self, talk: Talk) -> list[Event]:
        number = number_in(talk)
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
        buttons = [show_button(talk, each) for each in waiting[:MOST_LISTED]]
        if waiting:
            talk.say("proposals", buttons=buttons, count=len(waiting), lines=lines)
        else:
            talk.say("proposals_all_decided", lines=lines)
        return []


def number_in(talk: Talk) -> int | None:
    said = talk.entity("proposal")
    return int(said) if said is not None and str(said).isdigit() else None


def show_button(talk: Talk, view: ProposalView) -> Button:
    return button(
        talk.wording("part_proposal_show", number=view.number),
        "proposals",
        proposal=str(view.number),
    )


def named(talk: Talk, view: ProposalView) -> dict[str, Any]:
    return {
        "number": view.number,
        "unit": view.unit_label,
        "title": rule_title(talk, rule_of(view.evidence)),
        "month": month_label(talk, view.period),
    }


def _waiting(talk: Talk, waiting: list[ProposalView]) -> list[str]:
    shown = waiting[:MOST_LISTED]
    lines = [talk.wording("part_proposal_line", **named(talk, each)) for each in shown]
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
            **named(talk, each),
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
