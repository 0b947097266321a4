"""Ways in that have no channel yet: an SMS and the chief's mailbox enter by the service."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from actions import clock
from actions.cases.case import CaseDraft, Receipt
from actions.cases.kinds import CaseKind
from actions.store.tables import units
from actions.turn import Turn
from bot.simulator.driver import Citizen
from tests.scenarios.story import Story


async def enters(
    story: Story,
    citizen: Citizen,
    kind: CaseKind,
    what: str,
    *,
    unit: str = "",
    message: str = "",
    **more: Any,
) -> Receipt:
    """A case of somebody who is told of it in WeChat; `unit` is a code of the sample city.

    `message` (a UUID) names the message that brought it, where it is delivered more than once.
    `more` holds other fields of the draft: source, phone, where.
    """
    named = await _unit_id(story, unit) if unit else None
    turn = Turn(await _conversation(story, citizen), message or str(clock.new_id()))
    draft = CaseDraft(kind=kind, what=what, unit_id=named, **more)
    return await story.services.cases.submit(turn, draft)


async def _conversation(story: Story, citizen: Citizen) -> str:
    async with story.services.engine.begin() as connection:
        sender = await citizen.identity()
        return (await story.services.people.meet(connection, "wechat", sender)).conversation


async def _unit_id(story: Story, code: str) -> int:
    async with story.services.engine.connect() as connection:
        query = select(units.c.id).where(units.c.code == code)
        return int((await connection.execute(query)).scalar_one())
