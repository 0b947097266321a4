"""The step after the classifier: what is certain replaces what was guessed."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.codes import number_in
from nlu.commands import WORK_INTENTS, command_in
from nlu.dangers import danger_in, plausible
from nlu.found import Found

ALARMS = ("danger", "self_harm")
ALARM_FROM = 0.4  # the classifier's own alarm needs to be this sure
ABOUT_A_CASE = {
    *("my_cases", "case_progress", "add_facts", "urge", "withdraw", "rate_result"),
    *("reply_officer", "reopen_case", "confirm_visit"),
    *("show_case", "history_case", "why_due", "links"),
    *WORK_INTENTS,
    *("call_script", "record_for"),
}
REPORTS = WORK_INTENTS | {"record_for"}  # what danger told in it is seen to by the action
SHORT = 24  # characters: a short text with a case number in it asks for the case


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Recogniser(GraphComponent):
    """Danger first, then commands and codes; else the guess, with the case number it names."""

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Recogniser:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            found = recognise(text)
            if found is not None:
                _decide(message, found)
            else:
                _sober(message, text)
        return messages


def recognise(text: str) -> Optional[Found]:
    """What the plain text certainly is, or None. An officer's report may tell of danger."""
    command = command_in(text)
    if command is not None and command.intent in REPORTS and "words" in command.entities:
        return command
    danger = danger_in(text)
    return Found(danger) if danger else command


def entities(values: Dict[str, str]) -> List[Dict[str, str]]:
    return [{"entity": name, "value": value} for name, value in values.items()]


def _decide(message: Message, found: Found) -> None:
    sure = {"name": found.intent, "confidence": 1.0}
    message.set(INTENT, sure, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [sure], add_to_output=True)
    message.set(ENTITIES, entities(found.entities), add_to_output=True)


def _sober(message: Message, text: str) -> None:
    """Takes back a guessed alarm that the words do not bear out, and adds the case number."""
    guess = message.get(INTENT) or {"name": None, "confidence": 0.0}
    if guess["name"] in ALARMS and (guess["confidence"] < ALARM_FROM or not plausible(text)):
        ranking = message.get(INTENT_RANKING_KEY) or []
        others = [each for each in ranking if each["name"] not in ALARMS]
        guess = others[0] if others else {"name": None, "confidence": 0.0}
        message.set(INTENT, guess, add_to_output=True)
        message.set(INTENT_RANKING_KEY, others, add_to_output=True)
    number = number_in(text)
    if number is None:
        return
    if guess["name"] not in ABOUT_A_CASE and len(text) <= SHORT:
        _decide(message, Found("case_progress", {"case": number}))
    else:
        message.set(ENTITIES, entities({"case": number}), add_to_output=True)
