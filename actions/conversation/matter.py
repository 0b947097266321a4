"""Complaint, suggestion, request for help, praise: one door, one form, as many questions as needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.bootstrap import services
from actions.cases.kinds import CaseKind
from actions.conversation.buttons import button
from actions.conversation.contact import CONTACT, AskContact, take_contact, wishes_anonymity
from actions.conversation.corrections import Correction, correction_in
from actions.conversation.draft import DRAFT, QUESTIONS
from actions.conversation.forms import (
    LISTEN,
    OPENS_ELSE,
    REQUESTED,
    FormStep,
    beside,
    remember,
    tapped,
)
from actions.conversation.openings import matter_in
from actions.conversation.rate import scanned_just_now
from actions.conversation.sentence import OWN_MATTER
from actions.conversation.summary import summarise
from actions.conversation.talk import Event, Talk
from actions.conversation.units import offer_units, unit_chosen, unit_in_passing, unit_meant
from actions.conversation.waiting import taken_as_awaited

KINDS = {
    "complain": CaseKind.COMPLAINT,
    "suggest": CaseKind.SUGGESTION,
    "ask_help": CaseKind.HELP,
    "praise": CaseKind.PRAISE,
}
NOTHING = frozenset({"skip", "deny"})
_MORE_TO_COME = ("有", "等", "稍", "马上", "wait", "yes")
A_FEW = 6  # characters


class MatterStep(FormStep):
    """The form's steps; what is skipped is kept as an empty answer."""

    form = "matter_form"

    async def begin(self, talk: Talk) -> list[Event]:
        kind = KINDS.get(talk.intent, CaseKind.COMPLAINT)
        if await self._awaited(talk):
            return [ActiveLoop(None), SlotSet(REQUESTED, None), FollowupAction(LISTEN)]
        words = await talk.whole_text() or str(talk.entity("what") or "")
        what = matter_in(words) if talk.text else words or None
        unit = await unit_in_passing(words) if words else None
        if unit is None and talk.slot("kind") == CaseKind.UNSATISFIED:
            unit = talk.slot("rating")  # they rather complain than answer the questions
        if unit is None and (scanned_just_now(talk) or _about_the_scanned(talk)):
            unit = _scanned_place(talk, kind)
        filled = {**dict.fromkeys(DRAFT), "kind": kind.value, "what": what, "unit": unit}
        lead_in = talk.wording("part_begun", kind=talk.term(f"kind_{kind}")) if what else ""
        return self.next(talk, filled, lead_in=lead_in)

    @staticmethod
    async def _awaited(talk: Talk) -> bool:
        """Whether this tells an officer what they asked, and speaks of no matter of its own."""
        if talk.confidence == 1 or OWN_MATTER.search(talk.text):
            return False
        return await taken_as_awaited(talk, said="replied_not_new", opening=True)

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        if talk.intent == "cancel":
            return self.leave()
        if talk.intent == "scan":
            return await self._scanned(talk, asked)
        if tapped(talk) and talk.intent in OPENS_ELSE:
            return self._still_open(talk, asked)
        if talk.intent == "attach":
            return self._attached(talk, asked)
        if talk.intent == "edit_field":
            return self._edit(talk, str(talk.entity("field")))
        correction = self._correction(talk, asked)
        if correction:
            return await self._corrected(talk, correction, asked)
        if asked != CONTACT and wishes_anonymity(talk.text):
            known = {CONTACT: {"anonymous": True}}
            return self.next(talk, known, lead_in=talk.wording("part_noted"), asking=asked)
        if asked == CONTACT:
            taken = take_contact(talk)
            if taken is not None:
                return self.next(talk, {CONTACT: taken.value}, lead_in=taken.lead_in)
        if asked == "photos" and talk.text.startswith(_MORE_TO_COME) and len(talk.text) <= A_FEW:
            return self.next(talk, {"photos": None}, lead_in=talk.wording("part_waiting"))
        if beside(talk, asked):
            return []
        return await getattr(self, f"_take_{asked}")(talk)  # type: ignore[no-any-return]

    # --- an answer to each question -----------------------------------------------------------

    async def _take_what(self, talk: Talk) -> list[Event]:
        if tapped(talk) or talk.intent == "skip" or len(talk.text) < 2:
            return self.next(talk, {"what": None}, lead_in=talk.wording("part_what_needed"))
        unit = talk.slot("unit") or await unit_in_passing(talk.text)
        return self.next(talk, {"what": await talk.whole_text(), "unit": unit})

    async def _take_happened_at(self, talk: Talk) -> list[Event]:
        return self._plain(talk, "happened_at")

    async def _take_place(self, talk: Talk) -> list[Event]:
        if talk.slot("unit"):
            return self._plain(talk, "place")
        events = self._plain(talk, "place")
        unit = await unit_in_passing(talk.text) if talk.text else None
        return self.next(talk, {"place": talk.text, "unit": unit}) if unit else events

    async def _take_contact(self, talk: Talk) -> list[Event]:
        return self.next(talk, {CONTACT: None}, lead_in=talk.wording("part_phone_needed"))

    async def _take_photos(self, talk: Talk) -> list[Event]:
        return self.next(talk, {"photos": "done"})

    def _plain(self, talk: Talk, slot: str) -> list[Event]:
        if talk.intent in NOTHING:
            return self.next(talk, {slot: ""})
        return [] if tapped(talk) else self.next(talk, {slot: talk.text})

    async def _take_unit(self, talk: Talk) -> list[Event]:
        if talk.intent == "choose_unit" and talk.entity("unit_id"):
            return self.next(talk, {"unit": await unit_chosen(int(talk.entity("unit_id")))})
        if talk.intent in NOTHING:
            return self.next(talk, {"unit": {}})
        if tapped(talk):
            return []
        return await self._unit(talk, talk.text)

    async def _unit(self, talk: Talk, words: str) -> list[Event]:
        """A unit by name; unknown words are kept as they are, for whoever dispatches."""
        meant = await unit_meant(words)
        if meant.unit:
            return self.next(talk, {"unit": {**meant.unit, "words": words}})
        if meant.offers:
            offers = [*meant.offers, button(talk.wording("part_none_of_these"), "skip")]
            return [SlotSet("unit", None), SlotSet(REQUESTED, "unit"), *offer_units(offers)]
        lead_in = talk.wording("part_unit_as_said", words=words)
        return self.next(talk, {"unit": {"label": words, "words": words}}, lead_in=lead_in)

    async def _take_confirmed(self, talk: Talk) -> list[Event]:
        if talk.intent in {"confirm", "affirm"}:
            return self.next(talk, {"confirmed": "yes"})
        if tapped(talk):
            return []
        if talk.intent in {"deny", "change"}:
            return self.next(talk, {"confirmed": None}, lead_in=talk.wording("part_which_line"))
        if len(talk.text) < 4:
            return self.next(talk, {"confirmed": None})
        more = f"{talk.slot('what')}\n{await talk.whole_text()}"
        return self.next(talk, {"what": more}, lead_in=talk.wording("part_added"))

    # --- what may come at any time ------------------------------------------------------------

    @staticmethod
    def _correction(talk: Talk, asked: str) -> Correction | None:
        """A correction of a line that has been asked for already."""
        if asked == "what" or tapped(talk):
            return None
        found = correction_in(talk.text)
        known = found and (asked == "confirmed" or talk.slot(found.slot) is not None)
        return found if known else None

    async def _scanned(self, talk: Talk, asked: str) -> list[Event]:
        code = await services().org.code(str(talk.entity("scene") or ""))
        if code is None:
            lead_in = talk.wording("part_code_unknown")
            return self.next(talk, {}, lead_in=lead_in, asking=asked)
        unit = {"code_id": code.code_id, "unit_id": code.unit_id, "officer_id": code.officer_id}
        as_said = code.state == "live" or code.one_time is not None
        said = "part_unit_noted" if as_said else "part_unit_noted_instead"
        lead_in = talk.wording(said, label=code.label, was=code.was)
        asking = asked if asked != "unit" else None
        return self.next(
            talk, {"unit": {**unit, "label": code.label}}, lead_in=lead_in, asking=asking
        )

    def _still_open(self, talk: Talk, asked: str) -> list[Event]:
        kind = talk.term(f"kind_{talk.slot('kind')}")
        lead_in = talk.wording("part_still_open", kind=kind)
        return self.next(talk, {"tries": None}, lead_in=lead_in, asking=asked)

    def _attached(self, talk: Talk, asked: str) -> list[Event]:
        kept = [*(talk.slot("attachments") or []), talk.turn.inbox_id]
        lead_in = talk.wording("part_attached")
        return self.next(talk, {"attachments": kept}, lead_in=lead_in, asking=asked)

    def _edit(self, talk: Talk, slot: str) -> list[Event]:
        if slot == "attachments":
            return self.next(talk, {"attachments": None, "photos": None})
        if slot not in QUESTIONS[CaseKind.COMPLAINT]:
            return []
        return self.next(talk, {slot: None}, asking=slot)

    async def _corrected(self, talk: Talk, correction: Correction, asked: str) -> list[Event]:
        if not correction.value:
            return self._edit(talk, correction.slot)
        if correction.slot == "unit":
            return await self._unit(talk, correction.value)
        value: Any = correction.value
        if correction.slot == CONTACT:
            taken = take_contact(_Words(talk, correction.value))
            if taken is None or taken.value is None:
                wrong = talk.wording("part_phone_wrong")
                return self.next(talk, {CONTACT: None}, lead_in=wrong, asking=CONTACT)
            value = taken.value
        lead_in = talk.wording("part_corrected")
        return self.next(talk, {correction.slot: value}, lead_in=lead_in, asking=asked)

    # --- the next question --------------------------------------------------------------------

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        known = {**talk.slots, **filled}
        questions = QUESTIONS[CaseKind(known["kind"])]
        asking = asking or next((slot for slot in questions if known.get(slot) is None), None)
        if asking == "confirmed":
            summarise(talk, known, lead_in)
        return remember({**filled, "lead_in": lead_in, REQUESTED: asking})


def _about_the_scanned(talk: Talk) -> bool:
    """Whether a tap says what words after a scan meant, which were not understood then."""
    target = talk.slot("target")
    return bool(target) and talk.entity("unit_id") == target["unit_id"]


def _scanned_place(talk: Talk, kind: CaseKind) -> dict[str, Any]:
    """The place of the code that was scanned, and the officer where the matter is about them."""
    place = dict(talk.slot("target"))
    if kind not in {CaseKind.COMPLAINT, CaseKind.PRAISE}:
        place.pop("officer_id", None)
    return place


class AskContactOfMatter(AskContact):
    called = "action_ask_matter_form_contact"
    question = "ask_matter_contact"


class _Words(Talk):
    """The same turn with other words: a correction's value."""

    def __init__(self, talk: Talk, words: str) -> None:
        self.__dict__.update(talk.__dict__)
        self._words = words

    @property
    def text(self) -> str:
        return self._words

    @property
    def intent(self) -> str:
        return ""
