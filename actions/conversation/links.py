"""Cases that may be one matter: shown to the staff, who say what they are."""

from __future__ import annotations

from actions.bootstrap import services
from actions.cases.likeness import LinkView
from actions.cases.states import Verb
from actions.conversation.buttons import Button, button
from actions.conversation.history import number_meant
from actions.conversation.talk import Event, Talk, TurnAction
from actions.errors import Refusal

MOST_LINKS = 5


class Links(TurnAction):
    """What a case may be the same as; `other` is looked at closer, `decision` is noted."""

    called = "action_links"

    async def act(self, talk: Talk) -> list[Event]:
        number = await number_meant(talk, "links")
        if number is None:
            return []
        other, decision = talk.entity("other"), talk.entity("decision")
        if other and decision in ("linked", "dismissed"):
            await services().cases.decide_link(talk.turn, number, str(other), str(decision))
            talk.say(f"link_{decision}", number=number, other=other)
            return talk.keep_in_hand(number)
        return await self._show(talk, number, str(other) if other else None)

    async def _show(self, talk: Talk, number: str, other: str | None) -> list[Event]:
        case = await services().cases.find(talk.turn, number)
        links = (await services().cases.links(talk.turn, case.number))[:MOST_LINKS]
        if not links:
            talk.say("no_links", number=case.number)
            return talk.keep_in_hand(case.number)
        shown = next((link for link in links if link.number == other), links[0])
        buttons = _decisions(talk, case.number, shown, mergeable=Verb.MERGE in case.may)
        buttons += [
            button(link.number, "links", case=case.number, other=link.number)
            for link in links
            if link is not shown
        ]
        lines = "\n".join([await _line(talk, link) for link in links])
        talk.say("links", buttons=buttons, number=case.number, lines=lines, other=shown.number)
        return talk.keep_in_hand(case.number)


def _decisions(talk: Talk, number: str, link: LinkView, *, mergeable: bool) -> list[Button]:
    found = []
    if mergeable:
        label = talk.wording("part_merge_into", other=link.number)
        found.append(button(label, "merge_case", case=number, into=link.number))
    for decision in ("linked", "dismissed"):
        label = talk.wording(f"part_link_{decision}")
        found.append(button(label, "links", case=number, other=link.number, decision=decision))
    return found


async def _line(talk: Talk, link: LinkView) -> str:
    """Why it may be the same, and what it says, as far as this officer may see it."""
    try:
        gist = (await services().cases.find(talk.turn, link.number)).gist
    except Refusal:
        gist = "—"
    why = talk.wording(f"part_like_{link.why}")
    return talk.wording("part_link", number=link.number, why=why, gist=gist)
