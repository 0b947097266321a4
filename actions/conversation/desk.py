"""Writing down for a citizen what they tell on the phone, at the counter or at the door."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.bootstrap import services
from actions.conversation.contact import CONTACT
from actions.conversation.corrections import Correction
from actions.conversation.desk_ask import ask
from actions.conversation.desk_entry import (
    CHOSEN,
    GRADE,
    KIND,
    MAY,
    NEWS,
    SOURCE,
    entry_from,
    questions,
)
from actions.conversation.draft import DRAFT
from actions.conversation.forms import DANGERS, LISTEN, REQUESTED, remember, tapped
from actions.conversation.matter import NOTHING, MatterStep
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.units import unit_chosen, unit_in_passing, unit_meant
from actions.desk.entry import EntryKind
from actions.desk.reading import Line, read_grade, read_kind, read_line, read_source
from actions.desk.service import Recorded
from actions.errors import Refusal
from actions.notices.dates import say_date

_BADGE = re.compile(r"(?:警号|badge)\s*[:：]?\s*([0-9A-Za-z]{3,16})", re.IGNORECASE)
_YES = re.compile(r"(?:要|需要|想要|发|可以|好|是|yes|y|ok)", re.IGNORECASE)
_NO = re.compile(r"(?:不|别|no)", re.IGNORECASE)
_CHANGES = re.compile(
    r"^(?:把)?(?:(?P<desk_source>来源|途径|source)|(?P<desk_kind>类别|类型|kind)"
    r"|(?P<desk_grade>评价|等级|grade)|(?P<desk_news>短信|text))\s*(?:改成|改为|改|换成|是|to)\s*(?P<value>.+)$",
    re.IGNORECASE,
)
FIELDS = (*CHOSEN, MAY, *DRAFT)


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
        desk = services().desk
        sources, kinds = await desk.sources(talk.turn), await desk.kinds(talk.turn)
        return {SOURCE: [str(each) for each in sources], KIND: [str(each) for each in kinds]}

    async def _filled(self, talk: Talk, line: Line) -> tuple[dict[str, Any], str]:
        """What one line has told already."""
        lead_in = await self._warned(talk, line.rest)
        kind = line.kind if line.kind in await services().desk.kinds(talk.turn) else None
        unit, what = await self._placed(talk, line.rest)
        filled: dict[str, Any] = {
            **dict.fromkeys(FIELDS),
            SOURCE: line.source,
            **_kind(kind),
            GRADE: line.grade if kind is EntryKind.RATING else None,
            "what": what or None,
            "unit": unit,
            CONTACT: None if line.phone is None else {"phone": line.phone} if line.phone else {},
        }
        if kind is EntryKind.RATING and unit and not await self._gradable(talk, unit):
            raise Refusal("desk_grade_not_yours")
        return filled, lead_in

    async def _placed(self, talk: Talk, rest: str) -> tuple[dict[str, Any] | None, str]:
        """The unit that a line names, in a word of its own at its front or in passing; the rest."""
        first, _, behind = rest.partition(" ")
        subject = await self._badge(talk, rest)
        meant = await unit_meant(first) if behind and len(first) <= 30 else None
        found, what = (meant.unit, behind.strip()) if meant and meant.unit else (None, rest)
        found = found or (await unit_in_passing(rest) if rest else None)
        if found is None:
            own = await services().desk.within_reach(talk.turn, None)
            found = {"unit_id": own.id, "label": own.label} if own else None
        else:
            found = await self._within_reach(talk, found, first)
        return ({**(found or {}), **subject} if found or subject else None), what

    # --- answers ----------------------------------------------------------------------------------

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        told = self._told(talk, asked)
        if told is not None:
            field, value = told
            if value not in (talk.slot(MAY) or {}).get(field, [value]):
                return self.next(talk, {}, lead_in=talk.wording("part_desk_unread"), asking=asked)
            return self.next(talk, _own(field, value))
        if asked in ("what", "confirmed") and talk.intent in DANGERS:
            lead_in = await self._alarm(talk)
            return await self._words(talk, asked, lead_in)
        if talk.intent == "desk_answer":
            return self.next(talk, {}, asking=asked)
        return await super().answered(talk, asked)

    def _told(self, talk: Talk, asked: str) -> tuple[str, str] | None:
        """A tap, or a word, for one of the desk's own questions."""
        if talk.intent == "desk_answer" and talk.entity("field") in CHOSEN:
            return str(talk.entity("field")), str(talk.entity("value"))
        if tapped(talk):
            return None
        change = _CHANGES.match(talk.text) if asked == "confirmed" else None
        if change:
            field = next(name for name in CHOSEN if change[name])
            value = _read(field, change["value"])
            return (field, value) if value else None
        value = _read(asked, talk.text) if asked in CHOSEN else None
        return (asked, value) if value else None

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
            unit = await self._within_reach(talk, unit, unit["label"])
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
        subject = await self._badge(talk, words)
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
            if await self._gradable(talk, unit):
                return self.next(talk, {"unit": unit})
            lead_in = talk.wording("refused_desk_grade_not_yours")
            return self.next(talk, {"unit": None}, lead_in=lead_in, asking="unit")
        near = await self._within_reach(talk, unit, words)
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

    # --- what is looked up ------------------------------------------------------------------------

    @staticmethod
    async def _within_reach(talk: Talk, unit: dict[str, Any], words: str) -> dict[str, Any]:
        """The unit, or only its name where it is not this officer's to name."""
        near = await services().desk.within_reach(talk.turn, int(unit["unit_id"]))
        if near is not None:
            return {**unit, "words": words}
        kept = {name: value for name, value in unit.items() if name != "unit_id"}
        return {**kept, "words": words}

    @staticmethod
    async def _gradable(talk: Talk, unit: Mapping[str, Any]) -> bool:
        unit_id = unit.get("unit_id")
        return unit_id is not None and await services().desk.gradable(talk.turn, int(unit_id))

    @staticmethod
    async def _badge(talk: Talk, words: str) -> dict[str, Any]:
        """The officer whom the words name by badge number."""
        found = _BADGE.search(words)
        subject = await services().desk.subject(talk.turn, found[1]) if found else None
        return {"officer_id": subject} if subject is not None else {}

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


class SubmitDesk(TurnAction):
    """Writes the entry down once the form is full, and gives what is to be read aloud."""

    called = "action_submit_desk"

    async def act(self, talk: Talk) -> list[Event]:
        entry = entry_from(talk.slots)
        if entry is None:
            talk.say("nothing_open")
            return forget()
        try:
            recorded = await services().desk.record(talk.turn, entry)
        except Refusal as refusal:
            talk.refuse(refusal)
            return forget()
        tell(talk, recorded)
        return forget()


def forget() -> list[Event]:
    return remember({**dict.fromkeys(FIELDS), "lead_in": ""})


def tell(talk: Talk, recorded: Recorded) -> None:
    """Number and short code to read aloud, and what happens next."""
    receipt = recorded.receipt
    if receipt is None:
        grade = talk.term(f"grade_{recorded.grade}")
        talk.say("desk_rated", grade=grade, unit=recorded.unit_label)
        return
    wording = services().notices.wording
    at = say_date(wording, receipt.answer_by, talk.language, certain=receipt.certain)
    dates = talk.wording("part_desk_answer_by", at=at)
    if receipt.call_by is not None:
        call_by = talk.date(receipt.call_by)
        dates = talk.wording("part_desk_call_and_answer_by", call_by=call_by, at=at)
    key = "desk_recorded_withheld" if recorded.withheld else "desk_recorded"
    talk.say(
        key,
        number=receipt.number,
        unit=receipt.unit_label,
        code=recorded.short_code,
        dates=dates,
        texted=talk.wording("part_desk_texted") if recorded.texted else "",
    )


def _own(field: str, value: str) -> dict[str, Any]:
    """The slots that an answer to one of the desk's own questions fills."""
    return _kind(EntryKind(value)) if field == KIND else {field: value}


def _kind(kind: EntryKind | None) -> dict[str, Any]:
    """Both names of the kind: the desk's, and the case's, which the replies know."""
    return {KIND: kind and str(kind), "kind": kind and str(kind.case_kind)}


def _read(field: str, text: str) -> str | None:
    """The value that the words name for this question; None: they do not."""
    match field:
        case "desk_source":
            return read_source(text)
        case "desk_kind":
            return read_kind(text)
        case "desk_grade":
            return read_grade(text)
        case "desk_news":
            said = text.strip()
            return "no" if _NO.match(said) else "yes" if _YES.match(said) else None
    return None
