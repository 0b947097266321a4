"""The photos of a case, on request."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.cases import case_key
from actions.conversation.talk import Event, Talk, TurnAction


class ShowPhotos(TurnAction):
    called = "action_show_photos"

    async def act(self, talk: Talk) -> list[Event]:
        number = case_key(talk) or talk.slot("case_in_hand")
        if not number:
            talk.say("photos_of_which")
            return []
        sent = await services().photos.send(talk.turn, str(number))
        talk.say("photos_sent" if sent else "photos_none", number=number, count=sent)
        return []
