"""Asking for the figures of a period and a unit, as the words name them."""

from __future__ import annotations

from actions.bootstrap import Services
from actions.figures.answers import StatsAnswer
from actions.figures.question import Question, View
from tests.cast import Someone


async def asked(services: Services, someone: Someone, *words: str) -> StatsAnswer:
    """What this person is told; today of the own unit without words. Raises Refusal."""
    period, unit = await services.scopes.scope(someone.turn(), " ".join(words))
    viewer = await services.scopes.viewer(someone.turn())
    found = await services.figures.answer(viewer, Question(View.STATS, None, period, unit.label))
    assert isinstance(found, StatsAnswer)
    return found
