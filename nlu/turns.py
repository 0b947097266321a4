"""A turn either happens as a whole or not at all, and happens once.

Rasa logs a failing action, counts it as done and goes on ("thank you" with nothing written). Here
it ends the turn before the conversation is saved, so the same message can run again later.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.language import spoken_language
from nlu.runner import DirectRunner

LANGUAGE = "language"


class TurnFailed(BaseException):
    """Something inside the turn failed; its text names what, without a person's words.

    A BaseException as asyncio.CancelledError is one: Rasa catches Exception around every action
    and carries on.
    """


class AlreadyAnswered(Exception):
    """This message has been answered before; `said` is what was said then."""

    def __init__(self, said: List[BotUttered]) -> None:
        super().__init__("already answered")
        self.said = said


class TurnProcessor(MessageProcessor):
    """Rasa's processor, with failing turns that fail and repeated messages that repeat."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, on_circuit_break=_circuit_broke, **kwargs)
        self.graph_runner = DirectRunner(self.graph_runner)

    async def log_message(
        self, message: UserMessage, should_save_tracker: bool = True
    ) -> DialogueStateTracker:
        """Adds the message to its conversation. Raises AlreadyAnswered."""
        tracker = await self.get_tracker(message.sender_id)
        said = answer_to(message.message_id, tracker)
        if said is not None:
            raise AlreadyAnswered(said)
        await self._update_tracker_session(tracker, message.output_channel)
        await self._handle_message_with_tracker(message, tracker)
        _keep_language(tracker, message)
        return tracker

    async def parse_message(
        self, message: UserMessage, *args: Any, **kwargs: Any
    ) -> Dict[str, Any]:
        """Understands the words; keeps what the dialogue uses and the words as they were."""
        parsed = await super().parse_message(message, *args, **kwargs)
        return {
            "text": message.text,
            "intent": parsed["intent"],
            "entities": [
                {"entity": found["entity"], "value": found["value"]} for found in parsed["entities"]
            ],
        }

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        return await super()._run_action(
            StrictAction(action), tracker, output_channel, nlg, prediction
        )


class StrictAction(Action):
    """Any action of Rasa; when it fails, the turn fails."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def name(self) -> str:
        return self._action.name()

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> List[Event]:
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            raise TurnFailed(f"{self.name()} raised {type(error).__name__}") from error

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Event:
        return self._action.event_for_successful_execution(prediction)


class TurnAgent(Agent):
    """Rasa's agent with our processor, and a tracker store whose failure fails the turn."""

    def load_model(self, model_path: str, fingerprint: Optional[str] = None) -> None:
        """Loads the model at `model_path`; raises ModelNotFound."""
        self.processor = TurnProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
        )
        self.domain = self.processor.domain
        self.tracker_store.domain = self.domain
        self.nlg.responses = self.domain.responses
        self._set_fingerprint(fingerprint)

    @staticmethod
    def _create_tracker_store(store: Any, domain: Domain) -> Any:
        return store  # Rasa would wrap it and fall back to memory without a word


def answer_to(message_id: str, tracker: DialogueStateTracker) -> Optional[List[BotUttered]]:
    """What was said to that message; None if the conversation does not hold it."""
    said: Optional[List[BotUttered]] = None
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if said is not None:
                return said
            said = [] if event.message_id == message_id else None
        elif said is not None and isinstance(event, BotUttered):
            said.append(event)
    return said


def _keep_language(tracker: DialogueStateTracker, message: UserMessage) -> None:
    """The language that is written counts; else, at the start, the one the gateway knows."""
    known = tracker.get_slot(LANGUAGE)
    language = spoken_language(message.text or "", known)
    if language is None and known is None:
        language = (message.metadata or {}).get(LANGUAGE)
    if language is not None and language != known:
        tracker.update(SlotSet(LANGUAGE, language))


def _circuit_broke(*_: Any) -> None:
    raise TurnFailed("more than ten actions in one turn")
