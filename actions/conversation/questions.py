"""What question a message asks, and whether it can ask one at all."""

from __future__ import annotations

import json
from dataclasses import replace

from actions import clock
from actions.bootstrap import services
from actions.conversation.talk import Talk
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
    if not await _may_be_meant(talk, before):
        return None
    words = talk.text or f"{talk.entity('period') or ''} {talk.entity('unit') or ''}"
    question = read_question(words, clock.now(), before)
    said = None if talk.text else VIEWS.get(talk.intent)
    return replace(question, view=said or question.view or VIEWS.get(talk.intent, View.STATS))


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
