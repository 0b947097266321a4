"""Beginning, help, the way to a human being, and what answers no question."""

from __future__ import annotations

import re

from actions.bootstrap import services
from actions.conversation.answers import answer
from actions.conversation.buttons import button
from actions.conversation.questions import going_on
from actions.conversation.rate import scanned_unit
from actions.conversation.reply import ask_whether_reply
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.waiting import awaiting, confirm_visit, taken_as_awaited, unsure
from actions.conversation.work_help import tell_help

ENOUGH, PLENTY = 5, 200  # characters that may be the matter itself
_IT_IS_RIGHT = re.compile(
    r"(?:是|对|没错|属实|确认|正确|就是这样|yes|right|correct|confirm)", re.IGNORECASE
)


class Greet(TurnAction):
    called = "action_greet"

    async def act(self, talk: Talk) -> list[Event]:
        talk.say("greet")
        return []


class Welcome(TurnAction):
    """The answer to thanks."""

    called = "action_welcome"

    async def act(self, talk: Talk) -> list[Event]:
        talk.say("welcome")
        return []


class Help(TurnAction):
    """What this person can do here: citizens and officers see different things."""

    called = "action_help"

    async def act(self, talk: Talk) -> list[Event]:
        person = await services().people.whoami(talk.turn)
        if person.officer is None:
            talk.say("help", hotline=services().settings.hotline)
        else:
            tell_help(talk, person.officer)
        return []


class HandOver(TurnAction):
    called = "action_hand_over"

    async def act(self, talk: Talk) -> list[Event]:
        talk.say("hand_over", hotline=services().settings.hotline)
        return []


class NothingAsked(TurnAction):
    """A yes, a no, a "don't know" to no question of this chat: an officer's may wait for it."""

    called = "action_nothing_asked"

    async def act(self, talk: Talk) -> list[Event]:
        asked, visited = await awaiting(talk)
        if asked is not None:
            ask_whether_reply(talk, asked)
        elif visited is not None and _IT_IS_RIGHT.match(talk.text):
            await confirm_visit(talk, visited.number)
        else:
            said = {"deny": "all_right", "out_of_scope": "out_of_scope"}
            talk.say(said.get(talk.intent, "nothing_open"))
        return []


class Fallback(TurnAction):
    """What was not understood is not lost: a tap takes the same words as the matter."""

    called = "action_fallback"

    async def act(self, talk: Talk) -> list[Event]:
        if await taken_as_awaited(talk):
            return []
        further = await going_on(talk)
        if further is not None:
            await answer(talk, further)
            return []
        words = talk.text if ENOUGH <= len(talk.text) <= PLENTY else None
        about: dict[str, object] = {"what": words, "unit_id": scanned_unit(talk)}
        choices = {
            "complain": about,
            "ask_help": about,
            "my_cases": {},
            "hand_over": {},
        }
        buttons = [button(talk.wording(f"part_{i}"), i, **given) for i, given in choices.items()]
        talk.say("fallback", buttons=buttons)
        return []


class Question(TurnAction):
    """A question for information: who answers it, or passed on to people who do."""

    called = "action_question"

    async def act(self, talk: Talk) -> list[Event]:
        further = await going_on(talk) if unsure(talk) else None
        if further is not None:
            await answer(talk, further)
            return []
        buttons = [button(talk.wording("part_take_as_help"), "ask_help", what=talk.text or None)]
        asked, _ = await awaiting(talk)
        if asked is not None:
            label = talk.wording("part_reply_with")
            buttons.insert(0, button(label, "reply_officer", case=asked.number, words=talk.text))
        talk.say("question", buttons=buttons, hotline=services().settings.hotline)
        return []
