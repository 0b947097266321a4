"""Rating: a scan or a named unit, a grade, and for "not satisfied" what was wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet

from actions.bootstrap import services
from actions.cases.kinds import Reason
from actions.cases.reasons import reason_in
from actions.codes.target import CodeTarget
from actions.conversation.contact import CONTACT, AskContact, take_contact
from actions.conversation.forms import (
    REQUESTED,
    FormStep,
    beside,
    open_form,
    opens_else,
    remember,
    tapped,
)
from actions.conversation.own_cases import grade_buttons
from actions.conversation.result import rate_what_waits
from actions.conversation.sentence import OWN_MATTER, AfterwordStep
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.units import offer_units, unit_chosen, unit_in_passing, unit_meant

_THANKS = re.compile(r"感谢|谢谢|多谢|辛苦|thank|grateful", re.IGNORECASE)
TARGET = ("code_id", "unit_id", "officer_id", "one_time")


class Scan(TurnAction):
    """A code was scanned or typed: names what it stands for today and offers the grades."""

    called = "action_scan"

    async def act(self, talk: Talk) -> list[Event]:
        scene = str(talk.entity("scene") or "")
        code = await services().org.code(scene)
        if code is None:
            talk.say("code_elsewhere" if "://" in scene else "code_unknown")
            return []
        if code.spent:
            talk.say(f"one_time_{code.state}", label=code.label)
            return []
        on = {name: getattr(code, name) for name in TARGET if getattr(code, name) is not None}
        return offer_grades(
            talk, {**on, "label": code.label}, f"ask_grade{_state(code)}", was=code.was
        )


def scanned_unit(talk: Talk) -> int | None:
    """The unit whose code was scanned right before this message, if it is not rated yet."""
    return int(talk.slot("target")["unit_id"]) if scanned_just_now(talk) else None


def scanned_just_now(talk: Talk) -> bool:
    """Whether a code was scanned right before this message, and its place not rated yet."""
    said = (event for event in reversed(talk.tracker.events) if event["event"] == "user")
    next(said, None)  # this message
    before = next(said, None)
    intent = (before or {}).get("parse_data", {}).get("intent", {}).get("name")
    return intent == "scan" and bool(talk.slot("target"))


def _state(code: CodeTarget) -> str:
    """Which question fits: that of a good sticker, a moved one, an old one of elsewhere or here, or
    of a code that an officer shows.
    """
    if code.one_time is not None:
        return "_one_time"
    if code.state == "retired" and code.was == code.label:
        return "_old"
    return "" if code.state == "live" else f"_{code.state}"


class Rate(TurnAction):
    """Writes the rating when grade and target are known; asks for what is missing."""

    called = "action_rate"

    async def act(self, talk: Talk) -> list[Event]:
        grade = talk.entity("grade") or (talk.slot("grade") if talk.intent != "rate" else None)
        target = await self._target(talk)
        if target is None and grade and talk.text:
            rated = await rate_what_waits(talk, str(grade))
            if rated is not None:
                return rated
        if target is None:
            events = [SlotSet("grade", grade), SlotSet("unit", None), SlotSet("tries", None)]
            talk.say("ask_unit_to_rate", lead_in="")
            return events + open_form(talk, "unit_form", "unit", ask=False)
        if grade not in services().policy.scale:
            if "label" not in target:
                target |= await unit_chosen(int(target["unit_id"]))
            return offer_grades(talk, target, "ask_which_grade" if grade else "ask_grade")
        return await self._write(talk, grade, target)

    async def _target(self, talk: Talk) -> dict[str, Any] | None:
        """From the tapped button, else the unit just named, else the code just scanned."""
        tapped_on = {name: talk.entity(name) for name in TARGET if talk.entity(name) is not None}
        if tapped_on:
            return tapped_on
        if talk.slot("unit") and talk.intent in {"choose_unit", "rate", "grade"}:
            return dict(talk.slot("unit"))
        named = await unit_in_passing(talk.text) if talk.text else None
        if named:
            return named
        if talk.slot("unit"):
            return dict(talk.slot("unit"))
        scanned = talk.slot("target")
        return dict(scanned) if scanned and talk.intent != "rate" else None

    async def _write(self, talk: Talk, grade: str, target: Mapping[str, Any]) -> list[Event]:
        on = {name: target[name] for name in TARGET if name in target}
        rating = await services().ratings.rate(talk.turn, grade, **on)
        events = remember(
            {
                "rating": {"id": str(rating.id), "label": rating.label, **on},
                "target": None,
                "unit": None,
                "grade": None,
            }
        )
        if grade == "unsatisfied":
            fresh = {"reason": None, "detail": None, "contact": None, "attachments": None}
            return [
                *events,
                *remember({**fresh, "kind": "unsatisfied", "lead_in": ""}),
                *open_form(talk, "unsatisfied_form", "reason"),
            ]
        said = "invited_rated" if on.get("one_time") else f"rated_{grade}"
        talk.say(said, grade=talk.term(f"grade_{grade}"), label=rating.label)
        opened = open_form(talk, "comment_form", "comment", ask=False)
        return [*events, SlotSet("comment", None), *opened]


def offer_grades(
    talk: Talk, target: Mapping[str, Any], question: str = "ask_grade", was: str = ""
) -> list[Event]:
    """Names what is rated and offers the grades; each button knows what it rates."""
    on = {name: target[name] for name in TARGET if name in target}
    buttons = grade_buttons(talk, "grade", **on)
    talk.say(question, buttons=buttons, label=target["label"], was=was)
    return [SlotSet("target", dict(target)), SlotSet("unit", None), SlotSet("grade", None)]


class UnitStep(FormStep):
    """Asks which unit is to be rated."""

    form = "unit_form"

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        if talk.intent == "choose_unit" and talk.entity("unit_id"):
            return self.next(talk, {"unit": await unit_chosen(int(talk.entity("unit_id")))})
        if talk.intent in {"cancel", "skip", "deny"} or opens_else(talk):
            return self.leave()
        if beside(talk) or tapped(talk):
            return []
        return await self._named(talk)

    async def _named(self, talk: Talk) -> list[Event]:
        meant = await unit_meant(talk.text)
        if meant.unit:
            return self.next(talk, {"unit": meant.unit})
        if meant.offers:
            return [SlotSet("unit", None), SlotSet(REQUESTED, "unit"), *offer_units(meant.offers)]
        tries = (talk.slot("tries") or 0) + 1
        lead = "part_unit_unknown" if tries == 1 else "part_unit_unknown_again"
        lead_in = talk.wording(lead, hotline=services().settings.hotline)
        return self.next(talk, {"unit": None, "tries": tries}, lead_in=lead_in, asking="unit")

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        return remember({**filled, "lead_in": lead_in, REQUESTED: asking})


class CommentStep(AfterwordStep):
    """One free sentence after a good rating, unless something else is plainly meant."""

    form = "comment_form"
    slot = "comment"
    about = frozenset(
        {"praise", "suggest", "grade", "reason", "change", "nlu_fallback", "out_of_scope"}
    )

    def something_else(self, talk: Talk) -> bool:
        """Thanks are for whom was rated, whatever else they sound like: 感谢您在我最急的时候帮忙."""
        thanked = _THANKS.search(talk.text) and not OWN_MATTER.search(talk.text)
        if thanked and talk.intent in {"ask_help", "complain"}:
            return False
        return super().something_else(talk)


class Comment(TurnAction):
    called = "action_comment"

    async def act(self, talk: Talk) -> list[Event]:
        rating, comment = talk.slot("rating"), talk.slot("comment")
        await services().ratings.comment(talk.turn, rating["id"], comment)
        talk.say("invited_comment_kept" if rating.get("one_time") else "comment_kept")
        return remember({"comment": None, "rating": None})


class AskContactOfUnsatisfied(AskContact):
    called = "action_ask_unsatisfied_form_contact"
    question = "ask_unsatisfied_contact"


class UnsatisfiedStep(FormStep):
    """Reason, one sentence, contact; then it is a case."""

    form = "unsatisfied_form"

    async def answered(self, talk: Talk, asked: str) -> list[Event]:
        if talk.intent == "attach":
            kept = [*(talk.slot("attachments") or []), talk.turn.inbox_id]
            lead_in = talk.wording("part_attached")
            return self.next(talk, {"attachments": kept}, lead_in=lead_in, asking=asked)
        if asked == CONTACT:
            taken = take_contact(talk)
            if taken is not None:
                return self.next(talk, {CONTACT: taken.value}, lead_in=taken.lead_in)
        if talk.intent == "cancel" or opens_else(talk):
            return self.leave()
        if beside(talk, asked):
            return []
        if asked == CONTACT:
            return self.next(talk, {CONTACT: None}, lead_in=talk.wording("part_phone_needed"))
        return await (self._reason(talk) if asked == "reason" else self._detail(talk))

    async def _reason(self, talk: Talk) -> list[Event]:
        tap = talk.entity("reason")
        if tap in set(Reason):
            lead_in = talk.wording("part_reason", reason=talk.term(f"reason_{tap}"))
            return self.next(talk, {"reason": tap}, lead_in=lead_in)
        if talk.intent == "skip":
            return self.next(talk, {"reason": Reason.OTHER.value})
        if tapped(talk):
            return []
        reason = reason_in(talk.text) or Reason.OTHER
        said = "part_reason_only" if reason is Reason.OTHER else "part_reason_said"
        lead_in = talk.wording(said, reason=talk.term(f"reason_{reason}"), words=talk.text)
        return self.next(
            talk, {"reason": reason.value, "detail": await talk.whole_text()}, lead_in=lead_in
        )

    async def _detail(self, talk: Talk) -> list[Event]:
        if talk.intent in {"skip", "deny"}:
            return self.next(talk, {"detail": ""})
        if tapped(talk):
            return []
        words = await talk.whole_text()
        return self.next(talk, {"detail": words}, lead_in=talk.wording("part_noted"))

    def next(
        self,
        talk: Talk,
        filled: Mapping[str, Any],
        *,
        lead_in: str = "",
        asking: str | None = None,
    ) -> list[Event]:
        known = {**talk.slots, **filled}
        open_ones = (slot for slot in ("reason", "detail", CONTACT) if known.get(slot) is None)
        return remember({**filled, "lead_in": lead_in, REQUESTED: asking or next(open_ones, None)})
