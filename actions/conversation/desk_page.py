"""The way from the chat to the entry page: a link that works once."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.talk import Event, Talk, TurnAction
from actions.errors import Refusal


class DeskPage(TurnAction):
    """Gives a link to whoever may write things down."""

    called = "action_desk_page"

    async def act(self, talk: Talk) -> list[Event]:
        await services().desk_lookups.sources(talk.turn)  # refuses who may not
        address = services().settings.public_url.rstrip("/")
        if not address:
            raise Refusal("desk_no_address")
        token = await services().sessions.link(talk.turn)
        talk.say("desk_link", address=f"{address}/login/{token}")
        return []
