"""Linking a number: where the code goes, and the code that came back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.bootstrap import services
from actions.contacts.proof import digits_in
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
from actions.errors import Refusal
from actions.phones import find_phones

FORM, NUMBER, CODE = "link_form", "number_to_link", "number_code"
_NOTHING = {NUMBER: None, CODE: None}


class LinkNumber(TurnAction):
    """Begins with the number, if it was said; ends with the code."""

    called = "action_link_number"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot(NUMBER) and talk.slot(CODE):
            return await self._prove(talk, str(talk.slot(CODE)))
        phones = find_phones(talk.text) if talk.text else []
        if phones or talk.entity("words"):
            return await self._send(talk, phones[0].number if phones else talk.entity("words"))
        await services().contacts.check(talk.turn)
        talk.say("link_which", lead_in="")
        return [*remember(_NOTHING), *open_form(talk, FORM, NUMBER, ask=False)]

    @staticmethod
    async def _send(talk: Talk, number: str) -> list[Event]:
        phone = await services().contacts.ask(talk.turn, number)
        talk.say("link_sent", phone=phone)
        return [*remember({NUMBER: number, CODE: None}), *open_form(talk, FORM, CODE, ask=False)]

    @staticmethod
    async def _prove(talk: Talk, code: str) -> list[Event]:
        try:
            phone = await services().contacts.prove(talk.turn, code)
        except Refusal as refusal:
            talk.refuse(refusal)
            if refusal.key != "link_code_wrong":
                return remember(_NOTHING)
            return [*remember({CODE: None}), *open_form(talk, FORM, CODE, ask=False)]
        talk.say("linked", phone=phone)
        return remember(_NOTHING)


class LinkStep(FormStep):
    form = FORM

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        if talk.intent in {"cancel", "deny", "skip"} and not _number(talk):
            return self.leave(**_NOTHING)
        if asked == CODE and digits_in(talk.text):
            return self.next(talk, {CODE: digits_in(talk.text)})
        if _number(talk):
            return await self._number_given(talk)
        if opens_else(talk):
            return self.leave(**_NOTHING)
        if beside(talk, asked) or tapped(talk):
            return []
        return self.next(talk, {CODE: None}, asking=asked)

    async def _number_given(self, talk: Talk) -> list[Event]:
        """A number, also in place of the code: then it was the wrong one before."""
        number = _number(talk)
        try:
            phone = await services().contacts.ask(talk.turn, number)
        except Refusal as refusal:
            talk.refuse(refusal)
            return remember({**_NOTHING, REQUESTED: NUMBER})
        talk.say("link_sent", phone=phone)
        return remember({NUMBER: number, REQUESTED: CODE})

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        if asking:
            key = "link_which" if asking == NUMBER else "link_code_again"
            talk.say(key, lead_in=lead_in)
        return remember({**filled, REQUESTED: asking})


def _number(talk: Talk) -> str:
    """The number in the words, or what was meant as one; '' when there is none."""
    phones = find_phones(talk.text) if talk.text else []
    if phones:
        return phones[0].number
    digits = sum(char.isdecimal() for char in talk.text)
    return talk.text if digits >= 7 and len(talk.text) <= 20 else ""


class UnlinkNumber(TurnAction):
    called = "action_unlink_number"

    async def act(self, talk: Talk) -> list[Event]:
        phone = await services().contacts.forget(talk.turn)
        if phone is None:
            talk.say("unlinked_none")
        else:
            talk.say("unlinked", phone=phone)
        return remember(_NOTHING)


class OptOut(TurnAction):
    """A citizen for themselves; whoever answers the hotline for the caller's number."""

    called = "action_opt_out"

    async def act(self, talk: Talk) -> list[Event]:
        stop = talk.entity("stop") != "no" and not talk.text.startswith("恢复")
        phones = find_phones(talk.text) if talk.text else []
        number = phones[0].number if phones else str(talk.entity("words") or "")
        if (await services().people.whoami(talk.turn)).officer is None:
            await services().invitations.opt_outs.own(talk.turn, stop=stop)
            talk.say("opted_out_own" if stop else "opted_in_own")
            return []
        if not number:
            talk.say("opt_out_which")
            return []
        phone = await services().invitations.opt_outs.note(talk.turn, number, stop=stop)
        talk.say("opted_out" if stop else "opted_in", phone=phone)
        return []
