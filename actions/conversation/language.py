"""Which language we speak with someone."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.bootstrap import services
from actions.conversation.talk import Event, Talk, TurnAction

LANGUAGES = ("zh", "en")


class SwitchLanguage(TurnAction):
    """Keeps the wish and confirms it in the new language."""

    called = "action_switch_language"

    async def act(self, talk: Talk) -> list[Event]:
        language = talk.entity("language")
        if language not in LANGUAGES:
            language = "zh" if talk.language == "en" else "en"
        await services().people.set_language(talk.turn, language)
        talk.say("language_switched", language=language)
        if not (talk.tracker.active_loop or {}).get("name"):
            talk.say("greet", language=language)
        return [SlotSet("language", language)]
