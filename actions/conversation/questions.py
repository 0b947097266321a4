"""What question a message asks, and whether it can ask one at all."""

from __future__ import annotations

import json
from dataclasses import replace

from actions import clock
from actions.bootstrap import services
from actions.conversation.talk import Talk
from actions.conversation.units import SURE
from actions.figures.question import Question, View
from actions.figures.words import read_question
from actions.people.roles import SEES_FIGURES

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


async def asked_in(talk: Talk) -> Question | None:
    """The question that the message asks, with what it leaves open taken from the last one of the
    same person; a button says all itself. Raises Refusal where it cannot be one question.

    None where no question for figures can be meant: not by a citizen's plain words, unless they ask
    for statistics and are to be told that those are not theirs; nor by words that go on from a
    question which nobody has asked.
    """
    tapped = talk.entity("question")
    if tapped is not None:
        return Question.from_plain(json.loads(str(tapped)))
    before = await services().queries.before(talk.turn) if talk.text else None
    return _read(talk, before) if await _may_be_meant(talk, before) else None


def _read(talk: Talk, before: Question | None) -> Question:
    words = talk.text or f"{talk.entity('period') or ''} {talk.entity('unit') or ''}"
    question = read_question(words, clock.now(), before)
    by_intent = VIEWS.get(talk.intent, View.STATS)
    return replace(question, view=(question.view if talk.text else None) or by_intent)


async def going_on(talk: Talk) -> Question | None:
    """The question to which words that nobody understood go on from the last one: 那桥西呢, where 桥西
    is a unit or 上周 a period. None for who has not asked, or sees no figures. Raises Refusal as
    `asked_in` does.
    """
    if not talk.text or len(talk.text) > LONGEST:
        return None
    officer = (await services().people.whoami(talk.turn)).officer
    if officer is None or officer.role not in SEES_FIGURES:
        return None
    before = await services().queries.before(talk.turn)
    if before is None:
        return None
    alone = read_question(talk.text, clock.now(), Question())
    if alone.unit:
        found = await services().org.match_units(alone.unit)
        says_something = bool(found) and found[0].score >= SURE
    else:
        says_something = alone != Question()
    return _read(talk, before) if says_something else None


async def _may_be_meant(talk: Talk, before: Question | None) -> bool:
    if not talk.text or talk.text.startswith(_SLASHES):
        return True
    officer = (await services().people.whoami(talk.turn)).officer
    if officer is None:
        return talk.intent == "stats"
    further = talk.intent == "figures_further"
    return not further or (officer.role in SEES_FIGURES and before is not None)


async def noted(talk: Talk, question: Question, unit_id: int | None) -> None:
    """Writes down a question whose answer is no figure, and is not kept."""
    log = services().queries
    await log.keep(talk.turn, log.number(), question, unit_id=unit_id, answer=None)
