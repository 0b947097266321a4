"""The one form of the work: takes the answer to the table's question, and puts the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.cases.intents import intent_of
from actions.conversation.forms import (
    ASKS_BESIDE,
    OPENS_ELSE,
    REQUESTED,
    FormStep,
    remember,
    tapped,
)
from actions.conversation.talk import Event, Talk
from actions.conversation.work_ask import FORM, choice_label, put_again
from actions.conversation.work_kept import SLOT, Kept
from actions.conversation.work_lookup import colleague_in, unit_in
from actions.conversation.work_said import (
    NUMBER,
    answers_in,
    choice_in,
    score_in,
    words_after_choice,
)
from actions.conversation.work_table import INTENTS, Question, Read
from actions.deadlines.said_spans import said_span

PLAINLY = 0.85  # from here a short sentence in plain words is taken for something else
SHORT = 14  # characters
_LEAVES = frozenset({"cancel"})
_NOTHING = frozenset({"skip", "deny"})
_TAPS = ("reached", "finding", "grade", "span", "officer", "into", "code")


class WorkStep(FormStep):
    """One question after the other until the verb has what it needs."""

    form = FORM

    async def come_back(self, talk: Talk, asked: str, lead: str = "part_again") -> list[Event]:
        kept = Kept.from_slot(talk)
        return await put_again(talk, kept, talk.wording(lead)) if kept else self.leave()

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        kept = Kept.from_slot(talk)
        left = kept.questions() if kept else []
        if kept is None or not left or talk.intent in _LEAVES:
            return self.leave(**{SLOT: None})
        question = left[0]
        if talk.intent == "attach":
            return await self._attached(talk, kept)
        if tapped(talk):
            return await self._tapped(talk, kept, question)
        if self._beside(talk, question):
            return []
        if self._something_else(talk):
            return self.leave(**{SLOT: None})
        if talk.intent in _NOTHING and (question.skippable or question.read is Read.PHOTOS):
            return await self._go_on(talk, kept.with_answers({question.name: ""}))
        return await self._said(talk, kept, question)

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        return remember({**filled, REQUESTED: asking})

    async def _go_on(self, talk: Talk, kept: Kept, lead_in: str = "") -> list[Event]:
        if kept.questions():
            return await put_again(talk, kept, lead_in)
        return self.next(talk, {SLOT: kept.ready_by(talk.turn.inbox_id).remembered()})

    # --- what is no answer ------------------------------------------------------------------------

    @staticmethod
    def _something_else(talk: Talk) -> bool:
        """A command that names a case; without one, short words may be the very answer."""
        return (
            talk.confidence == 1
            and talk.intent in INTENTS | OPENS_ELSE
            and talk.entity("case") is not None
        )

    @staticmethod
    def _beside(talk: Talk, question: Question) -> bool:
        """A question of the officer's own: answered in between. Danger told is an answer."""
        if talk.intent not in ASKS_BESIDE:
            return False
        plainly = talk.confidence >= PLAINLY and len(talk.text) <= SHORT
        return talk.confidence == 1 or (plainly and question.read is Read.WORDS)

    # --- a photo, a tap, words --------------------------------------------------------------------

    async def _attached(self, talk: Talk, kept: Kept) -> list[Event]:
        photos = [*kept.attachments, talk.turn.inbox_id]
        lead_in = talk.wording("part_proof_kept", count=len(photos))
        return await self._go_on(talk, kept.with_answers({"attachments": photos}), lead_in)

    async def _tapped(self, talk: Talk, kept: Kept, question: Question) -> list[Event]:
        same = talk.entity("case") in (None, kept.number)
        if talk.intent == intent_of(kept.verb) and same:
            return await self._go_on(talk, kept.with_answers(answers_tapped(talk)))
        if talk.intent == "skip":
            return await self._skipped(talk, kept, question)
        if talk.intent in INTENTS | OPENS_ELSE and talk.intent not in ASKS_BESIDE:
            return self.leave(**{SLOT: None})
        return []

    async def _skipped(self, talk: Talk, kept: Kept, question: Question) -> list[Event]:
        if not question.skippable:
            return await put_again(talk, kept, talk.wording("part_not_skipped"))
        left = kept.questions() if talk.entity("choice") == "rest" else [question]
        skipped = {each.name: "" for each in left if each.skippable}
        return await self._go_on(talk, kept.with_answers(skipped))

    async def _said(self, talk: Talk, kept: Kept, question: Question) -> list[Event]:
        words = await talk.whole_text()
        if question.read is Read.PHOTOS:  # 好了, 发完了
            return await self._go_on(talk, kept.with_answers({question.name: ""}))
        if question.read is Read.UNIT:
            found, near = await unit_in(words)
            if not found:
                lead_in = talk.wording("part_unread_unit") if not near else ""
                return await put_again(talk, kept, lead_in, offered=near)
            return await self._go_on(talk, kept.with_answers(found))
        answers = await self._read(talk, kept, question, words)
        if not answers:
            lead = talk.wording(f"part_unread_{question.read}")
            return await put_again(talk, kept, lead)
        return await self._go_on(talk, kept.with_answers(answers))

    async def _read(self, talk: Talk, kept: Kept, question: Question, words: str) -> dict[str, Any]:
        """The answer in the words, and what they say besides; empty when it was not understood."""
        match question.read:
            case Read.WORDS:
                return {question.name: words}
            case Read.CHOICE:
                return self._chosen(talk, question, words)
            case Read.COLLEAGUE:
                return await colleague_in(talk, kept, words)
            case Read.SPAN:
                said = answers_in(kept.verb, words)
                return said if said_span(words) else {}
            case Read.CASE:
                number = NUMBER.search(words)
                return {"into": number.group()} if number else {}
            case Read.SCORE:
                score = score_in(words)
                return {question.name: score} if score else {}
            case _:
                return {question.name: words.strip()}

    @staticmethod
    def _chosen(talk: Talk, question: Question, words: str) -> dict[str, Any]:
        labels = {choice_label(talk, question.name, value): value for value in question.choices}
        value = labels.get(words.strip()) or choice_in(question.name, words)
        if value is None:
            return {}
        rest = words_after_choice(question.name, value, words)
        return {question.name: value, **({"text": rest} if rest and rest not in labels else {})}


def answers_tapped(talk: Talk) -> dict[str, Any]:
    """What a button, or a choice among cases, brought along."""
    found = {name: str(talk.entity(name)) for name in _TAPS if talk.entity(name) is not None}
    if talk.entity("unit_id") is not None:
        found["unit"] = str(talk.entity("unit_id"))
    if talk.entity("said"):
        found["text"] = str(talk.entity("said"))
    if talk.entity("aspect"):
        found[f"score:{talk.entity('aspect')}"] = str(talk.entity("score"))
    attached = talk.entity("attachment")
    return {**found, **({"attachments": [str(attached)]} if attached else {})}
