"""Opening a citizen's identity that is locked away, and who has seen a number."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.buttons import button
from actions.conversation.cases import case_key
from actions.conversation.forms import open_form, remember
from actions.conversation.sentence import SentenceStep
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.verbatim import words_behind
from actions.errors import Refusal
from actions.escrow.looks import Look

MOST_LOOKS = 15


class Unseal(TurnAction):
    """Asks for a number to be opened; asks for the reason when none was given."""

    called = "action_unseal"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("unseal_reason") and talk.slot("case_in_hand"):
            try:
                await self._ask(talk, talk.slot("case_in_hand"), talk.slot("unseal_reason"))
            except Refusal as refusal:  # or the next command would find the reason still there
                talk.refuse(refusal)
            return remember({"unseal_reason": None})
        number = case_key(talk) or talk.slot("case_in_hand")
        if number is None:
            talk.say("unseal_which")
            return []
        if talk.entity("words"):
            said = words_behind(await talk.whole_text()) or str(talk.entity("words"))
            await self._ask(talk, number, said)
            return []
        talk.say("ask_unseal", number=number)
        slots = {"case_in_hand": number, "unseal_reason": None, "lead_in": ""}
        return [*remember(slots), *open_form(talk, "unseal_form", "unseal_reason", ask=False)]

    async def _ask(self, talk: Talk, number: str, reason: str) -> None:
        asked = await services().escrow.ask(talk.turn, number, reason)
        talk.say("unseal_asked", number=asked.number)


class UnsealStep(SentenceStep):
    """Why the number is to be opened, for whoever decides; a photo is no reason."""

    form = "unseal_form"
    slot = "unseal_reason"
    question = "ask_unseal"

    async def attached(self, talk: Talk) -> list[Event]:
        return self.next(talk, {}, asking=self.slot)


class GrantUnseal(TurnAction):
    called = "action_grant_unseal"
    grant = True

    async def act(self, talk: Talk) -> list[Event]:
        number = case_key(talk) or talk.slot("case_in_hand")
        if number is None:
            talk.say("unseal_which")
            return []
        decided = await services().escrow.decide(talk.turn, number, grant=self.grant)
        until = talk.date(decided.until) if decided.until else ""
        key = "unseal_granted" if decided.granted else "unseal_denied"
        talk.say(key, number=decided.number, who=decided.asked_by, until=until)
        return []


class DenyUnseal(GrantUnseal):
    called = "action_deny_unseal"
    grant = False


class ShowReveals(TurnAction):
    """Who saw the number, when and why, and who asked for it."""

    called = "action_reveals"

    async def act(self, talk: Talk) -> list[Event]:
        number = case_key(talk) or talk.slot("case_in_hand")
        if number is None:
            talk.say("reveals_which")
            return []
        looks = await services().looks.at(talk.turn, number)
        if not looks:
            talk.say("no_reveals", number=number)
            return []
        lines = "\n".join(_look(talk, look) for look in looks[-MOST_LOOKS:])
        show = button(talk.wording("part_do_show"), "show_case", case=number)
        talk.say("reveals", buttons=[show], number=number, count=len(looks), lines=lines)
        return []


def _look(talk: Talk, look: Look) -> str:
    return talk.wording(
        f"part_look_{look.because}",
        at=talk.date(look.at),
        by=look.by or talk.wording("part_look_gone"),
        reason=look.reason,
    )
