"""What people were shown: whose number, and never a placeholder."""

from __future__ import annotations

from sqlalchemy import select

from actions.store.tables import cases, officers, reveals
from tests.scenarios.story import Story


async def saw_phone(story: Story, number: str) -> set[str]:
    """The badges of those who were shown the citizen's number in full."""
    query = (
        select(officers.c.badge)
        .join(reveals, reveals.c.officer_id == officers.c.id)
        .join(cases, cases.c.id == reveals.c.case_id)
        .where(cases.c.number == number)
    )
    async with story.services.engine.connect() as connection:
        return set((await connection.execute(query)).scalars())


async def nothing_raw(story: Story) -> None:
    """Nobody was ever shown a placeholder in place of what belongs there."""
    for entry in await story.driver.transcript():
        assert "{" not in entry.text, entry.text
