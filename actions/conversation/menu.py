"""Beginning, help, and the way to a human being."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.buttons import button
from actions.conversation.talk import Event, Talk, TurnAction

ENOUGH, PLENTY = 5, 200  # characters that may be the matter itself


class Help(TurnAction):
    """What this person can do here: citizens and officers see different things."""

    called = "action_help"

    async def act(self, talk: Talk) -> list[Event]:
        person = await services().people.whoami(talk.turn)
        if person.officer is None:
            talk.say("help", hotline=services().settings.hotline)
        else:
            officer = person.officer
            talk.say("help_officer", unit=officer.unit_label, name=officer.name)
        return []


class HandOver(TurnAction):
    called = "action_hand_over"

    async def act(self, talk: Talk) -> list[Event]:
        talk.say("hand_over", hotline=services().settings.hotline)
        return []


class Fallback(TurnAction):
    """What was not understood is not lost: a tap takes the same words as the matter."""

    called = "action_fallback"

    async def act(self, talk: Talk) -> list[Event]:
        words = talk.text if ENOUGH <= len(talk.text) <= PLENTY else None
        choices = (
            ("complain", words),
            ("ask_help", words),
            ("my_cases", None),
            ("hand_over", None),
        )
        buttons = [button(talk.wording(f"part_{i}"), i, what=what) for i, what in choices]
        talk.say("fallback", buttons=buttons)
        return []


class Question(TurnAction):
    """A question for information: who answers it, or taken as a request for help."""

    called = "action_question"

    async def act(self, talk: Talk) -> list[Event]:
        take = button(talk.wording("part_take_as_help"), "ask_help", what=talk.text or None)
        talk.say("question", buttons=[take], hotline=services().settings.hotline)
        return []
