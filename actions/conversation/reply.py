"""The citizen's answer to a question that the officer asked through the case."""

from __future__ import annotations

from collections.abc import Sequence

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import Verb
from actions.conversation.buttons import button
from actions.conversation.forms import open_form, remember
from actions.conversation.own_cases import one_of_mine
from actions.conversation.sentence import PHOTOS, SentenceStep
from actions.conversation.talk import Event, Talk, TurnAction
from actions.conversation.verbatim import told_officer, words_behind
from actions.conversation.waiting import send_reply


class ReplyOfficer(TurnAction):
    """Passes the words on; asks for them when there are none."""

    called = "action_reply_officer"

    async def act(self, talk: Talk) -> list[Event]:
        if talk.slot("reply") and talk.slot("case_in_hand"):
            photos = talk.slot(PHOTOS) or []
            return await self._send(talk, talk.slot("case_in_hand"), talk.slot("reply"), photos)
        words = await self._words(talk)
        case = await one_of_mine(talk, Verb.REPLY, none="no_question", words=words or None)
        if case is None:
            return []
        if words:
            return await self._send(talk, case.number, words)
        if Verb.REPLY not in case.may and Verb.ADD_FACTS not in case.may:
            await services().cases.act(talk.turn, case.number, Verb.REPLY)  # refuses, saying why
        return open_reply(talk, case)

    @staticmethod
    async def _words(talk: Talk) -> str:
        """What was said with a command, carried by a tap, or told in one sentence."""
        if not talk.text:
            return str(talk.entity("words") or "")
        whole = await talk.whole_text()
        return words_behind(whole) if talk.confidence == 1 else told_officer(whole)

    async def _send(
        self, talk: Talk, number: str, words: str, photos: Sequence[str] = ()
    ) -> list[Event]:
        await send_reply(talk, number, words, photos)
        return remember({"reply": None, PHOTOS: None, "case_in_hand": None})


def open_reply(talk: Talk, case: CaseView, photos: Sequence[str] = ()) -> list[Event]:
    """Asks for the words; `photos` (inbox ids) came already."""
    slots = {"case_in_hand": case.number, "reply": None, PHOTOS: list(photos) or None}
    if photos:
        talk.say("question_reply_more")
    elif case.question:
        talk.say("question_reply", lead_in="", number=case.number, question=case.question)
    else:
        talk.say("question_reply_again", lead_in="", number=case.number)
    return [*remember(slots), *open_form(talk, "reply_form", "reply", ask=False)]


class ReplyStep(SentenceStep):
    form = "reply_form"
    slot = "reply"
    question = "question_reply"


def ask_whether_reply(talk: Talk, case: CaseView) -> None:
    """A short word such as 好的 may be the reply, or only politeness: asks."""
    yes = button(talk.wording("part_reply_yes"), "reply_officer", case=case.number, words=talk.text)
    other = button(talk.wording("part_reply_no"), "reply_officer", case=case.number)
    talk.say(
        "question_reply_sure",
        buttons=[yes, other],
        number=case.number,
        question=case.question,
        words=talk.text,
    )
