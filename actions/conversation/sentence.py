"""A form that asks for one sentence about the case in hand; photos may come with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.conversation.danger import place_of
from actions.conversation.forms import (
    DANGERS,
    REQUESTED,
    SURE,
    FormStep,
    beside,
    opens_else,
    remember,
    tapped,
)
from actions.conversation.talk import Event, Talk
from actions.conversation.waiting import ONLY_A_PHOTO

PHOTOS = "photos_in_hand"
ALMOST_SURE = 0.75  # from here a guess counts against a sentence that nobody has to give
A_FEW_WORDS = 5
POLITE = frozenset({"thanks", "affirm", "deny", "skip", "cancel", "greet"})
TAKEN_FOR = frozenset({
    "complain", "ask_help", "suggest", "praise", "reason", "change", "reopen_case",
    "nlu_fallback", "out_of_scope",
})  # fmt: skip
OWN_MATTER = re.compile(r"投诉|举报|求助|建议|表扬|complain|suggest|praise", re.IGNORECASE)


class SentenceStep(FormStep):
    """The words are taken as they are written, short ones too: a no may be the very answer."""

    slot = ""
    question = ""  # the key of what asks again
    leaves_on = frozenset({"cancel"})

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        given = self.given(talk)
        if given:
            return self.next(talk, {self.slot: given})
        if talk.intent == "attach":
            return await self.attached(talk)
        if self._stops(talk) or opens_else(talk):
            return self.leave(case_in_hand=None, draft=None, **{PHOTOS: None})
        if beside(talk, "what") or tapped(talk):
            return []
        return self.next(talk, {self.slot: await talk.whole_text()})

    def _stops(self, talk: Talk) -> bool:
        """A plain wish to leave it; a guess at a no is no such wish."""
        if tapped(talk):
            return talk.intent in {"cancel", "deny", "skip"}
        needed = SURE if talk.intent == "cancel" else 1
        return talk.intent in self.leaves_on and talk.confidence >= needed

    def given(self, talk: Talk) -> str:
        """What a tap, a yes or a place sent stands for here; empty when it stands for nothing."""
        if talk.intent == "attach":
            return place_of(talk)
        if talk.slot(PHOTOS) and talk.intent in {"confirm", "affirm"}:
            return ONLY_A_PHOTO
        return ""

    async def attached(self, talk: Talk) -> list[Event]:
        """Keeps the photo and asks for a word to it."""
        talk.say(f"{self.question}_more")
        kept = [*(talk.slot(PHOTOS) or []), talk.turn.inbox_id]
        return remember({PHOTOS: kept, REQUESTED: self.slot})

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        if asking:
            self.ask_again(talk, lead_in)
        return remember({**filled, REQUESTED: asking})

    def ask_again(self, talk: Talk, lead_in: str) -> None:
        """The question once more, after something else was answered in between."""
        talk.say(f"{self.question}_again", lead_in=lead_in, number=talk.slot("case_in_hand"))


class AfterwordStep(FormStep):
    """A sentence that may follow, unless something else is plainly meant.

    `about` names the intents that such a sentence is easily taken for.
    """

    slot = ""
    about: frozenset[str] = frozenset()

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        if tapped(talk) or self.something_else(talk):
            return self.leave(case_in_hand=None)
        return self.next(talk, {self.slot: await talk.whole_text()})

    def something_else(self, talk: Talk) -> bool:
        """A command, a polite word, or what is almost surely a request of its own."""
        if talk.intent in DANGERS:
            return True
        if talk.intent in {"complain", "ask_help"} and OWN_MATTER.search(talk.text):
            return True
        if talk.intent in self.about:
            return False
        if talk.intent in POLITE:
            return len(talk.text) <= A_FEW_WORDS
        return talk.confidence >= ALMOST_SURE

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        return remember({**filled, REQUESTED: asking})
