"""One action's view of the turn: what was said, what is remembered, and how to answer.

The wording lives in domain/ (`utter_<key>`), with a variant per language; here it is only chosen
and filled.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import services
from actions.cases.intents import intent_of
from actions.conversation.buttons import Button, button
from actions.conversation.waiting import taken_as_awaited, unsure
from actions.conversation.work_table import in_order
from actions.deadlines.explain import say_span
from actions.deadlines.spans import parse_span
from actions.errors import Refusal
from actions.notices.dates import say_date
from actions.turn import Turn

type Event = dict[str, Any]

CUT_AT = 490  # characters; the gateway gives Rasa 500
MOST_INSTEAD = 5
RARELY = frozenset({"merge", "name_subject"})  # not what somebody wants instead


class Talk:
    """What came in and the means to answer it."""

    def __init__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> None:
        self._dispatcher = dispatcher
        self._responses: Mapping[str, list[dict[str, Any]]] = domain.get("responses", {})
        self.tracker = tracker
        self.message: Mapping[str, Any] = tracker.latest_message or {}
        self.slots: Mapping[str, Any] = tracker.slots

    @property
    def turn(self) -> Turn:
        return Turn(str(self.tracker.sender_id), str(self.message["message_id"]))

    @property
    def language(self) -> str:
        return self.slots.get("language") or "zh"

    @property
    def text(self) -> str:
        """The person's words; empty for a tap or an event."""
        return (self.message.get("text") or "").strip()

    async def whole_text(self) -> str:
        """The same at full length, where the gateway has cut it for Rasa."""
        if len(self.text) < CUT_AT:
            return self.text
        return (await services().messages.full_text(self.turn)).strip() or self.text

    @property
    def intent(self) -> str:
        return str(self.message.get("intent", {}).get("name") or "")

    @property
    def confidence(self) -> float:
        return float(self.message.get("intent", {}).get("confidence") or 0)

    def entity(self, name: str) -> Any:
        """The first value of that entity in the message, or None."""
        found = (e["value"] for e in self.message.get("entities", ()) if e["entity"] == name)
        return next(found, None)

    def slot(self, name: str) -> Any:
        return self.slots.get(name)

    def knows(self, key: str) -> bool:
        return f"utter_{key}" in self._responses

    def wording(self, key: str, language: str | None = None, **params: object) -> str:
        """The sentence `utter_<key>`, filled. Raises LookupError when domain/ has none."""
        told = {**self.slots, "language": language or self.language}
        return str(self._variant(key, told).get("text", "")).format(**params)

    def say(
        self,
        key: str,
        *,
        buttons: Sequence[Button] = (),
        language: str | None = None,
        drawn: str | None = None,
        **params: object,
    ) -> None:
        """Answers with `utter_<key>`; its own buttons come before the given ones. `drawn` is what the
        gateway draws beside it (see actions/codes/sheets.py).
        """
        told = {**self.slots, "language": language or self.language}
        own = [
            {"title": b["title"], "payload": b["payload"].replace("{{", "{").replace("}}", "}")}
            for b in self._variant(key, told).get("buttons", ())
        ]
        given = [{"title": b.title, "payload": b.payload} for b in buttons]
        text = self.wording(key, language, **params)
        self._dispatcher.utter_message(text=text, buttons=own + given, image=drawn)

    def tell(self, text: str, *, buttons: Sequence[Button] = (), drawn: str | None = None) -> None:
        """Answers with words that were put together already."""
        told = [{"title": b.title, "payload": b.payload} for b in buttons]
        self._dispatcher.utter_message(text=text, buttons=told, image=drawn)

    def refuse(self, refusal: Refusal) -> None:
        """Tells why not, in the sentence `utter_refused_<key>`, and offers what can be done now."""
        text = self.why_not(refusal)
        buttons = self._instead(refusal)
        if buttons:
            text = f"{text}\n{self.wording('part_instead')}"
        told = [{"title": b.title, "payload": b.payload} for b in buttons]
        self._dispatcher.utter_message(text=text, buttons=told)

    def why_not(self, refusal: Refusal) -> str:
        """The sentence of the refusal, a span in it as people say it."""
        params = dict(refusal.params)
        if "most" in params:
            say = services().notices.wording.say
            params["most"] = say_span(parse_span(params["most"]), say, self.language)
        return self.wording(f"refused_{refusal.key}", **params)

    def _instead(self, refusal: Refusal) -> list[Button]:
        """Buttons for the verbs that are possible on that case, five at most."""
        number = refusal.params.get("number")
        if number is None:
            return []
        worked = [str(verb) for verb in in_order(refusal.may) if verb not in RARELY]
        others = [verb for verb in refusal.may if verb not in (*worked, *RARELY)]
        named = {
            intent_of(verb): self.wording(f"part_do_{verb}")
            for verb in (*worked, *others)
            if self.knows(f"part_do_{verb}")
        }
        found = [button(label, intent, case=number) for intent, label in named.items()]
        return found[:MOST_INSTEAD]

    def keep_in_hand(self, number: str) -> list[Event]:
        """Remembers the case that was shown or touched last, unless a form is busy with one."""
        busy = (self.tracker.active_loop or {}).get("name")
        return [] if busy else [SlotSet("case_in_hand", number)]

    def ask(self, response: str) -> None:
        """Lets Rasa say `utter_<response>` as it says a form's question, with slots filled in."""
        self._dispatcher.utter_message(response=f"utter_{response}")

    def date(self, moment: datetime) -> str:
        return say_date(services().notices.wording, moment, self.language)

    def term(self, key: str) -> str:
        """A kind, reason or grade in the words that notices use too."""
        return services().notices.wording.say(key, self.language)

    def _variant(self, key: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
        """The variant with the most conditions, all of them met."""
        fitting = [v for v in self._responses.get(f"utter_{key}", ()) if _met(v, told)]
        if not fitting:
            raise LookupError(f"domain/ has no utter_{key}")
        return max(fitting, key=lambda variant: len(variant.get("condition", ())))


class TurnAction(Action, ABC):  # type: ignore[misc]
    """An action of ours. A refusal is told; any other error rises and fails the turn."""

    called = ""
    gives_way = True  # words that are only guessed to mean this may be what somebody waits for

    def name(self) -> str:
        return self.called

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[Event]:
        talk = Talk(dispatcher, tracker, domain)
        try:
            if self.gives_way and unsure(talk) and await taken_as_awaited(talk):
                return []
            return await self.act(talk)
        except Refusal as refusal:
            talk.refuse(refusal)
            return []

    @abstractmethod
    async def act(self, talk: Talk) -> list[Event]:
        """Answers the turn and returns what is to be remembered."""


def _met(variant: Mapping[str, Any], told: Mapping[str, Any]) -> bool:
    return all(told.get(c["name"]) == c["value"] for c in variant.get("condition", ()))
