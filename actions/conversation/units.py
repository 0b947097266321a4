"""Which unit someone means, when it can be told, and what to offer when not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rasa_sdk.events import SlotSet

from actions.bootstrap import services
from actions.conversation.buttons import Button, button
from actions.conversation.talk import Event, Talk, TurnAction

SURE = 84.0  # below this a person chooses
APART = 6.0  # by so much the best must be better than the next
WORTH_OFFERING = 60.0
MOST_OFFERED = 4

_NAMED = re.compile(
    r"派出所|分局|支队|大队|中队|警务站|车管所|出入境|户籍|窗口|公安局|交警|(?<=[\u4e00-\u9fff])[所局队]"
    r"|(?i:station|bureau|police\s+office|counter|desk)"
)


@dataclass(frozen=True, slots=True)
class Meant:
    """`unit` is sure, or there are `offers`, or neither: nothing comes near."""

    unit: dict[str, Any] | None = None
    offers: Sequence[Button] = ()


async def unit_meant(words: str) -> Meant:
    """The unit that the words name."""
    found = await services().org.match_units(words)
    if not found or found[0].score < WORTH_OFFERING:
        return Meant()
    best = found[0]
    if best.score >= SURE and all(other.score <= best.score - APART for other in found[1:]):
        return Meant(unit={"unit_id": best.unit_id, "label": best.label})
    near = [match for match in found if match.score >= WORTH_OFFERING][:MOST_OFFERED]
    return Meant(offers=[button(m.label, "choose_unit", unit_id=m.unit_id) for m in near])


async def unit_in_passing(sentence: str) -> dict[str, Any] | None:
    """The unit that a sentence about something else names beyond doubt, or None; a station rather
    than its counters: 明德里派出所户籍大厅.
    """
    if not _NAMED.search(sentence):
        return None
    unit_id = (await services().org.tree()).index.best(sentence, at=SURE)
    return None if unit_id is None else await unit_chosen(unit_id)


async def unit_chosen(unit_id: int) -> dict[str, Any]:
    return {"unit_id": unit_id, "label": await services().org.unit_label(unit_id)}


def offer_units(offers: Sequence[Button]) -> list[Event]:
    """Has the open form ask which of these it is, instead of its usual question."""
    kept = [[offer.title, offer.payload] for offer in offers]
    return [SlotSet("unit_offers", kept), SlotSet("lead_in", "")]


class AskUnit(TurnAction):
    """A form's question for the unit: which of those on offer, or which at all."""

    question = ""

    async def act(self, talk: Talk) -> list[Event]:
        offers = [Button(*offer) for offer in talk.slot("unit_offers") or ()]
        if not offers:
            talk.say(self.question, lead_in=talk.slot("lead_in") or "")
            return []
        units = [offer for offer in offers if offer.payload.startswith("/choose_unit")]
        talk.say("which_unit" if len(units) > 1 else "this_unit", buttons=offers)
        return [SlotSet("unit_offers", None)]


class AskUnitToRate(AskUnit):
    called = "action_ask_unit_form_unit"
    question = "ask_unit_to_rate"


class AskUnitConcerned(AskUnit):
    called = "action_ask_matter_form_unit"
    question = "ask_unit_concerned"
