"""The one custom action of the comparison: it writes nothing, so it flatters stock Rasa."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

SAID = {
    "satisfied": "谢谢，记下了：满意。",
    "basically": "谢谢，记下了：基本满意。",
    "unsatisfied": "抱歉，没办好。主要是哪方面？",
}


class ActionRate(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_rate"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=SAID[tracker.get_slot("grade") or "satisfied"])
        return []
