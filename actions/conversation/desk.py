"""Writing down for a citizen what they tell on the phone, at the counter or at the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.bootstrap import services
from actions.conversation.contact import CONTACT
from actions.conversation.corrections import Correction
from actions.conversation.desk_ask import ask
from actions.conversation.desk_entry import FIELDS, GRADE, KIND, MAY, NEWS, SOURCE, questions
from actions.conversation.desk_said import answer_in, kind_slots, slots_of
from actions.conversation.desk_unit import gradable, subject_in, unit_in_line, unit_within_reach
from actions.conversation.forms import DANGERS, LISTEN, REQUESTED, remember, tapped
from actions.conversation.matter import NOTHING, MatterStep
from actions.conversation.talk import Event, Talk
from actions.conversation.units import unit_chosen, unit_in_passing, unit_meant
from actions.desk.entry import EntryKind
from actions.desk.reading import Line, read_line
from actions.errors import Refusal


class DeskStep(MatterStep):
    """The form's steps. Its questions are put here: one turn of the wheel less for each."""

    form = "desk_form"

    async def begin(self, talk: Talk) -> list[Event]:
        try:
            may = await self._may(talk)
            line = read_line(await talk.whole_text()) if talk.confidence == 1 else Line()
            filled, lead_in = await self._filled(talk, line)
        except Refusal as refusal:
            talk.refuse(refusal)
            return [ActiveLoop(None), SlotSet(REQUESTED, None), FollowupAction(LISTEN)]
        if filled[SOURCE] is not None and filled[SOURCE] not in may[SOURCE]:
            filled[SOURCE], lead_in = None, talk.wording("refused_desk_source_not_yours")
        return self.next(talk, {**filled, MAY: may}, lead_in=lead_in)

    @staticmethod
    async def _may(talk: Talk) -> dict[str, list[str]]:
        """What this officer may choose from. Refuses whoever writes nothing down."""
        desk = services().desk_lookups
        sources, kinds = await desk.sources(talk.turn), await desk.kinds(talk.turn)
        return {SOURCE: [str(each) for each in sources], KIND: [str(each) for each in kinds]}

    async def _filled(self, talk: Talk, line: Line) -> tuple[dict[str, Any], str]:
        """What one line has told already."""
        lead_in = await self._warned(talk, line.rest)
        kind = line.kind if line.kind in await services().desk_lookups.kinds(talk.turn) else None
        unit, what = await unit_in_line(talk, line.rest)
        filled: dict[str, Any] = {
            **dict.fromkeys(FIELDS),
            SOURCE: line.source,
            **kind_slots(kind),
            GRADE: line.grade if kind is EntryKind.RATING else None,
            "what": what or None,
            "unit": unit,
            CONTACT: None if line.phone is None else {"phone": line.phone} if line.phone else {},
        }
        if kind is EntryKind.RATING and unit and not await gradable(talk, unit):
            raise Refusal("desk_grade_not_yours")
        return filled, lead_in

    # --- answers ----------------------------------------------------------------------------------

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        told = answer_in(talk, asked)
        if told is not None:
            field, value = told
            if value not in (talk.slot(MAY) or {}).get(field, [value]):
                return self.next(talk, {}, lead_in=talk.wording("part_desk_unread"), asking=asked)
            return self.next(talk, slots_of(field, value))
        if asked in ("what", "confirmed") and talk.intent in DANGERS:
            lead_in = await self._alarm(talk)
            return await self._words(talk, asked, lead_in)
        if talk.intent == "desk_answer":
            return self.next(talk, {}, asking=asked)
        return await super().answered(talk, asked)

    async def _take_desk_source(self, talk: Talk) -> list[Event]:
        return self._unread(talk, SOURCE)

    async def _take_desk_kind(self, talk: Talk) -> list[Event]:
        return self._unread(talk, KIND)

    async def _take_desk_grade(self, talk: Talk) -> list[Event]:
        return self._unread(talk, GRADE)

    async def _take_desk_news(self, talk: Talk) -> list[Event]:
        return self._unread(talk, NEWS)

    def _unread(self, talk: Talk, asked: str) -> list[Event]:
        return self.next(talk, {}, lead_in=talk.wording("part_desk_unread"), asking=asked)

    async def _take_what(self, talk: Talk) -> list[Event]:
        rating = talk.slot(KIND) == EntryKind.RATING
        if rating and talk.intent in NOTHING:
            return self.next(talk, {"what": ""})
        if tapped(talk) or (not rating and (talk.intent == "skip" or len(talk.text) < 2)):
            lead_in = talk.wording("part_what_needed")
            return self.next(talk, {"what": None}, lead_in=lead_in)
        return await self._words(talk, "what", "")

    async def _words(self, talk: Talk, asked: str, lead_in: str) -> list[Event]:
        """The citizen's words; behind the summary they are added to those that are there."""
        words = await talk.whole_text()
        if asked == "confirmed":
            more = f"{talk.slot('what') or ''}\n{words}".strip()
            return self.next(talk, {"what": more}, lead_in=lead_in)
        unit = talk.slot("unit") or await unit_in_passing(words)
        if unit and not talk.slot("unit"):
            unit = await unit_within_reach(talk, unit, unit["label"])
        return self.next(talk, {"what": words, "unit": unit}, lead_in=lead_in)

    async def _take_unit(self, talk: Talk) -> list[Event]:
        rating = talk.slot(KIND) == EntryKind.RATING
        if talk.intent in NOTHING and rating:
            return self._unread(talk, "unit")
        if talk.intent == "choose_unit" and talk.entity("unit_id"):
            unit = await unit_chosen(int(talk.entity("unit_id")))
            return await self._with_unit(talk, unit, unit["label"])
        if talk.intent in NOTHING:
            return self.next(talk, {"unit": {}})
        return [] if tapped(talk) else await self._unit(talk, talk.text)

    async def _unit(self, talk: Talk, words: str) -> list[Event]:
        subject = await subject_in(talk, words)
        meant = await unit_meant(words)
        if meant.unit:
            return await self._with_unit(talk, {**meant.unit, **subject}, words)
        if meant.offers:
            talk.say("which_unit" if len(meant.offers) > 1 else "this_unit", buttons=meant.offers)
            return remember({"unit": None, REQUESTED: "unit"})
        if talk.slot(KIND) == EntryKind.RATING:
            lead_in = talk.wording("part_desk_unit_unknown")
            return self.next(talk, {"unit": None}, lead_in=lead_in, asking="unit")
        lead_in = talk.wording("part_unit_as_said", words=words)
        unit = {"label": words, "words": words, **subject}
        return self.next(talk, {"unit": unit}, lead_in=lead_in)

    async def _with_unit(self, talk: Talk, unit: dict[str, Any], words: str) -> list[Event]:
        if talk.slot(KIND) == EntryKind.RATING:
            if await gradable(talk, unit):
                return self.next(talk, {"unit": unit})
            lead_in = talk.wording("refused_desk_grade_not_yours")
            return self.next(talk, {"unit": None}, lead_in=lead_in, asking="unit")
        near = await unit_within_reach(talk, unit, words)
        beyond = near.get("unit_id") is None
        lead_in = talk.wording("part_desk_unit_beyond") if beyond else ""
        return self.next(talk, {"unit": near}, lead_in=lead_in)

    async def _take_confirmed(self, talk: Talk) -> list[Event]:
        if talk.intent in {"confirm", "affirm"}:
            return self.next(talk, {"confirmed": "yes"})
        if tapped(talk):
            return []
        if talk.intent in {"deny", "change"}:
            lead_in = talk.wording("part_which_line")
            return self.next(talk, {"confirmed": None}, lead_in=lead_in)
        if len(talk.text) < 4:
            return self.next(talk, {"confirmed": None})
        return await self._words(talk, "confirmed", talk.wording("part_added"))

    # --- what may come at any time ----------------------------------------------------------------

    def _still_open(self, talk: Talk, asked: str) -> list[Event]:
        return self.next(talk, {}, lead_in=talk.wording("part_desk_still_open"), asking=asked)

    def _edit(self, talk: Talk, slot: str) -> list[Event]:
        if slot not in questions(talk.slots):
            return []
        return self.next(talk, {slot: None}, asking=slot)

    @staticmethod
    def _correction(talk: Talk, asked: str) -> Correction | None:
        found = MatterStep._correction(talk, asked)
        return found if found is not None and found.slot in questions(talk.slots) else None

    # --- words of danger --------------------------------------------------------------------------

    @staticmethod
    async def _warned(talk: Talk, words: str) -> str:
        """The sentence on 110 when the words speak of danger; the duty desk knows by then."""
        alarmed = bool(words) and await services().desk.alarm(talk.turn, words)
        return talk.wording("part_desk_danger") if alarmed else ""

    @staticmethod
    async def _alarm(talk: Talk) -> str:
        await services().duty.alert(talk.turn, talk.intent, await talk.whole_text())
        return talk.wording("part_desk_danger")

    # --- the next question ------------------------------------------------------------------------

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        known = {**talk.slots, **filled}
        open_ones = questions(known)
        asking = asking or next((slot for slot in open_ones if known.get(slot) is None), None)
        if asking:
            ask(talk, known, asking, lead_in)
        return remember({**filled, "lead_in": "", REQUESTED: asking})
