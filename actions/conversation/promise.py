"""What the citizen was promised, as it is told, and who alone hears what they say later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions import clock
from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import Clock, State
from actions.notices.dates import say_date

if TYPE_CHECKING:
    from actions.conversation.talk import Talk


def promised(talk: Talk, case: CaseView) -> str:
    """By when the citizen hears from us; it says so where that may still change."""
    certain = all(due.certain for due in case.due if due.clock == Clock.ANSWER)
    return say_date(services().notices.wording, case.answer_by, talk.language, certain=certain)


def overdue(case: CaseView) -> bool:
    """Whether the promised moment has passed with nothing told."""
    waits = case.state in (State.SUBMITTED, State.DISPATCHED, State.ACCEPTED)
    return waits and case.answer_by < clock.now()


def watched_by(talk: Talk) -> str:
    """Who hears how the citizen was treated."""
    rule = services().policy.retaliation
    return talk.wording(f"part_watched_by_{rule.by if rule else 'above'}")
