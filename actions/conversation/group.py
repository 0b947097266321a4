"""Making a group chat a unit's own."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.talk import Event, Talk, TurnAction


class BindGroup(TurnAction):
    """The unit's new cases are posted in this group from now on."""

    called = "action_bind_group"

    async def act(self, talk: Talk) -> list[Event]:
        unit = await services().people.bind_group(talk.turn)
        talk.say("group_bound", unit=unit)
        return []
