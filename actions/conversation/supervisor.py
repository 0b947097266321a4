"""Questions for figures: by command, by button, in plain words, and further ones about the last."""

from __future__ import annotations

from actions.bootstrap import services
from actions.conversation.answers import answer
from actions.conversation.menu import Fallback
from actions.conversation.overdue import tell_overdue
from actions.conversation.questions import may_be_meant, question_of, remembered
from actions.conversation.talk import Event, Talk, TurnAction
from actions.errors import Refusal


class AnswerFigures(TurnAction):
    """Whatever a supervisor asks: the words say which view, of which unit, over which period."""

    called = "action_figures"

    async def act(self, talk: Talk) -> list[Event]:
        if not await may_be_meant(talk):
            return await Fallback().act(talk)
        if talk.intent == "query_again":
            await services().reports.unit(talk.turn)
            raise Refusal("view_unknown")
        return await answer(talk, question_of(talk))


class ListOverdue(TurnAction):
    """The cases past a deadline; an officer's own, where the post sees no figures."""

    called = "action_overdue"

    async def act(self, talk: Talk) -> list[Event]:
        if not await may_be_meant(talk):
            return await Fallback().act(talk)
        question = question_of(talk)
        await tell_overdue(talk, question.unit)
        return remembered(question) if talk.text else []
