"""Questions for figures: by command, by button, in plain words, and further ones about the last."""

from __future__ import annotations

from actions.conversation.answers import answer, answer_again
from actions.conversation.menu import Fallback
from actions.conversation.questions import asked_in
from actions.conversation.talk import Event, Talk, TurnAction


class AnswerFigures(TurnAction):
    """Whatever a supervisor asks: the words say which view, of which unit, over which period."""

    called = "action_figures"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.intent == "query_again":
            await answer_again(talk, str(talk.entity("query") or ""))
            return []
        question = await asked_in(talk)
        if question is None:
            return await Fallback().act(talk)
        await answer(talk, question)
        return []


class ListOverdue(AnswerFigures):
    """The cases past a deadline; an officer's own, where the post sees no figures."""

    called = "action_overdue"
