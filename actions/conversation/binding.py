"""Binding a chat to an officer by a one-time code."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.talk import Event, Talk, TurnAction
from actions.people.roles import HANDLES_CASES


class Bind(TurnAction):
    called = "action_bind"

    async def act(self, talk: Talk) -> list[Event]:
        code = talk.entity("code")
        if not code:
            talk.say("bind_how")
            return []
        officer = await services().people.bind(talk.turn, str(code))
        key = "bound" if officer.role in HANDLES_CASES else "bound_to_figures"
        talk.say(key, name=officer.name, unit=officer.unit_label)
        return []
