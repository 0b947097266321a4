"""The photos of a case, sent to whoever may see them: what the citizen showed, and the proof."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.cases import rows, standing
from actions.cases.states import Actor
from actions.errors import Refusal
from actions.notices.notices import Notices
from actions.people.people import People
from actions.policy.model import Policy
from actions.store.tables import attachments, inbox
from actions.turn import Turn

MOST = 9


class Photos:
    def __init__(
        self, engine: AsyncEngine, people: People, notices: Notices, policy: Policy
    ) -> None:
        self._engine = engine
        self._people = people
        self._notices = notices
        self._policy = policy

    async def send(self, turn: Turn, number: str) -> int:
        """Queues the case's photos for the person; how many, nine at most.

        Officers get all of them, a citizen the ones of their own.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            row = await rows.by_number(connection, number)
            who = await standing.actors(connection, row, person, self._policy) if row else set()
            if row is None or not who:
                raise Refusal("case_not_found")
            query = (
                select(attachments.c.inbox_id, attachments.c.created_at, inbox.c.identity_id)
                .join(inbox, inbox.c.id == attachments.c.inbox_id)
                .where(
                    attachments.c.case_id == row.id,
                    attachments.c.state == "kept",
                    attachments.c.content_type.startswith("image/"),
                )
                .order_by(attachments.c.created_at)
                .limit(MOST)
            )
            if who == {Actor.CITIZEN}:
                query = query.where(inbox.c.identity_id == person.identity_id)
            found = (await connection.execute(query)).all()
            for photo in found:
                theirs = photo.identity_id == row.identity_id
                caption = self._notices.wording.say(
                    "photo_of_citizen" if theirs else "photo_of_officer",
                    person.language,
                    number=row.number,
                    at=f"{clock.beijing(photo.created_at):%m-%d %H:%M}",
                )
                await self._notices.queue(
                    connection,
                    key=f"{turn.inbox_id}:photo:{photo.inbox_id.hex}",
                    identity_id=person.identity_id,
                    topic="photo",
                    content={"text": caption, "offers": [], "photo": str(photo.inbox_id)},
                    case_id=row.id,
                )
            return len(found)
