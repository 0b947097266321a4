"""What the citizen adds later: words, photos, and what was wrong with a result."""

from __future__ import annotations

from collections.abc import Sequence

from actions.bootstrap import services
from actions.cases.states import Verb
from actions.conversation.buttons import button
from actions.conversation.danger import pass_on_place, place_of
from actions.conversation.forms import REQUESTED, open_form, remember
from actions.conversation.own_cases import one_of_mine
from actions.conversation.proof import offer_as_proof
from actions.conversation.reply import open_reply
from actions.conversation.sentence import TAKEN_FOR, AfterwordStep, SentenceStep
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.verbatim import words_behind
from actions.conversation.waiting import add_facts, awaiting_word, send_reply

MOST_OFFERED = 5


class AddFacts(TurnAction):
    """Adds words, or a photo sent before, to a case; asks for the words when there are none."""

    called = "action_add_facts"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("facts") and talk.slot("case_in_hand"):
            return await self._add(talk, talk.slot("case_in_hand"), talk.slot("facts"))
        photo, words = talk.entity("attachment"), talk.entity("words")
        case = await one_of_mine(talk, Verb.ADD_FACTS, attachment=photo, words=words)
        if case is None:
            return []
        if photo:
            return await self._add(talk, case.number, "", [str(photo)])
        if words:
            said = words_behind(await talk.whole_text()) if talk.text else str(words)
            return await self._add(talk, case.number, said)
        slots = {"case_in_hand": case.number, "facts": None, "lead_in": ""}
        talk.say("question_facts", number=case.number)
        return [*remember(slots), *open_form(talk, "facts_form", "facts", ask=False)]

    async def _add(
        self, talk: Talk, number: str, words: str, attached: Sequence[str] = ()
    ) -> list[Event]:
        case = await add_facts(talk, number, words, attached)
        talk.say("facts_added", number=case.number)
        return remember({"facts": None, "case_in_hand": None})


class FactsStep(SentenceStep):
    """What to add; each photo goes to the case at once."""

    form = "facts_form"
    slot = "facts"
    question = "question_facts"
    leaves_on = frozenset({"cancel", "skip", "deny"})

    async def attached(self, talk: Talk) -> list[Event]:
        number = talk.slot("case_in_hand")
        await add_facts(talk, number, "", [talk.turn.inbox_id])
        talk.say("facts_added", number=number)
        return remember({"facts": None, REQUESTED: "facts"})


class BecauseStep(AfterwordStep):
    """What was wrong with a result, for those who look at it next."""

    form = "because_form"
    slot = "facts"
    about = TAKEN_FOR | {"grade"}


class Attach(TurnAction):
    """A photo, a voice message or a place that came outside any form."""

    called = "action_attach"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("alerted") and place_of(talk):
            return await pass_on_place(talk)
        if await offer_as_proof(talk):
            return []
        asked, _ = await awaiting_word(talk)
        if asked is not None and place_of(talk):
            await send_reply(talk, asked.number, place_of(talk))
            return []
        if asked is not None:
            return open_reply(talk, asked, photos=[talk.turn.inbox_id])
        mine = await services().cases.mine(talk.turn)
        buttons = [
            button(
                talk.wording("part_attach_to", number=case.number),
                "add_facts",
                case=case.number,
                attachment=talk.turn.inbox_id,
            )
            for case in mine
            if Verb.ADD_FACTS in case.may
        ][:MOST_OFFERED]
        talk.say("attach_where" if buttons else "attach_nowhere", buttons=buttons)
        return []
