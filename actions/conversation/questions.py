"""What question a message asks, and whether it can ask one at all; the last one is remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk.events import SlotSet

from actions import clock
from actions.bootstrap import services
from actions.conversation.talk import Event, Talk
from actions.conversation.units import SURE
from actions.errors import Refusal
from actions.figures.question import Question, View
from actions.figures.words import read_question
from actions.people.roles import SEES_FIGURES

SLOT = "question"  # the last question, as Question.plain has it
VIEWS = {
    "stats": View.STATS,
    "rank": View.RANK,
    "trend": View.TREND,
    "busy_hours": View.HOURS,
    "overdue": View.OVERDUE,
    "topics": View.TOPICS,
    "officer_record": View.OFFICER,
    "bulletin": View.REPORT,
}  # what the intents ask for, where the words do not say
LONGEST = 30  # characters of words that go on from a question
_SLASHES = ("/", "／")


async def may_be_meant(talk: Talk) -> bool:
    """Whether a question for figures can be meant: not by a citizen's plain words, unless they ask
    for statistics and are to be told that those are not theirs; nor by words that go on from a
    question which nobody has asked.
    """
    if not talk.text or talk.text.startswith(_SLASHES):
        return True
    officer = (await services().people.whoami(talk.turn)).officer
    if officer is None:
        return talk.intent == "stats"
    further = talk.intent == "figures_further"
    return not further or (officer.role in SEES_FIGURES and bool(talk.slot(SLOT)))


def question_of(talk: Talk) -> Question:
    """The question that the message asks, with what it leaves open taken from the last one; a
    button says all itself. Raises Refusal where it cannot be one question.
    """
    kept: Any = talk.slot(SLOT) if talk.text else None
    words = talk.text or f"{talk.entity('period') or ''} {talk.entity('unit') or ''}"
    before = Question.from_plain(kept) if kept else None
    question = read_question(words, clock.now(), before)
    by_intent = VIEWS.get(talk.intent, View.STATS)
    return replace(question, view=(question.view if talk.text else None) or by_intent)


async def goes_on(talk: Talk) -> bool:
    """Whether words that nobody understood go on from the last question: 那桥西呢, where 桥西 is a
    unit or 上周 a period. Never for who has not asked, or sees no figures.
    """
    if not talk.slot(SLOT) or not talk.text or len(talk.text) > LONGEST:
        return False
    officer = (await services().people.whoami(talk.turn)).officer
    if officer is None or officer.role not in SEES_FIGURES:
        return False
    try:
        question = read_question(talk.text, clock.now(), Question())
    except Refusal:
        return True
    if not question.unit:
        return question != Question()
    found = await services().org.match_units(question.unit)
    return bool(found) and found[0].score >= SURE


def remembered(question: Question) -> list[Event]:
    return [SlotSet(SLOT, question.plain())]
