"""Alerting the duty desk of the city's centre."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.notices.notices import Notices
from actions.people.people import People
from actions.people.roles import ON_DUTY_DESK
from actions.store.tables import identities, officers, posts
from actions.turn import Turn


class Duty:
    def __init__(self, engine: AsyncEngine, people: People, notices: Notices) -> None:
        self._engine = engine
        self._people = people
        self._notices = notices

    async def alert(self, turn: Turn, kind: str, text: str) -> int:
        """Tells everyone at the duty desk; `kind` is danger or self_harm. Returns how many."""
        async with self._engine.begin() as connection:
            return await self.alert_in(connection, turn, kind, text)

    async def alert_in(self, connection: AsyncConnection, turn: Turn, kind: str, text: str) -> int:
        """The same in the caller's transaction; the sentence is `duty_<kind>`."""
        person = await self._people.person(connection, turn.conversation)
        query = (
            select(identities.c.id, identities.c.language)
            .join(officers, officers.c.id == identities.c.officer_id)
            .join(posts, posts.c.officer_id == officers.c.id)
            .where(
                posts.c.role.in_(ON_DUTY_DESK),
                officers.c.active,
                identities.c.state == "active",
            )
            .distinct()
        )
        readers = (await connection.execute(query)).all()
        for reader in readers:
            await self._notices.tell(
                connection,
                key=f"{turn.inbox_id}:{kind}:{reader.id.hex}",
                identity_id=reader.id,
                topic="duty",
                text=self._notices.wording.say(
                    f"duty_{kind}",
                    reader.language,
                    text=text,
                    conversation=person.conversation[-6:],
                ),
            )
        return len(readers)
