"""Asking for a bulletin as the chat does: a period and a unit within the asker's subtree."""

from __future__ import annotations

from actions.bootstrap import Services
from actions.bulletins.content import Bulletin
from actions.turn import Turn


async def ask_for_bulletin(services: Services, turn: Turn, words: str = "") -> Bulletin:
    """Of last month and the own unit, where the words name no other."""
    period, unit = await services.scopes.scope(turn, words, otherwise="上个月")
    return await services.bulletins.asked_of(turn, period, unit)
