"""Writing ratings and the words that go with them."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.codes.lookup import ever_led_to
from actions.codes.one_time import read_one_time_by_id, spend
from actions.codes.target import CodeTarget
from actions.errors import Refusal
from actions.notices.notices import Notices
from actions.org.org import Org
from actions.people.people import People, Person
from actions.people.trust import DESK
from actions.privacy.vault import Vault
from actions.ratings.rating import Grade, RatingView, Way
from actions.store.tables import identities, officers, ratings
from actions.turn import Turn


class Ratings:
    def __init__(
        self, engine: AsyncEngine, vault: Vault, people: People, org: Org, notices: Notices
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._notices = notices

    async def rate(
        self,
        turn: Turn,
        grade: str,
        *,
        code_id: int | None = None,
        unit_id: int | None = None,
        officer_id: int | None = None,
        one_time: str | None = None,
    ) -> RatingView:
        """Writes one rating, of a code's place or of a named unit. Again: the same rating.

        A one-time code is spent by it and counts alone. With another code, `unit_id` may be the one
        it led to when it was scanned: it may have been moved since. A unit to which it never led
        does not count. Officers cannot rate themselves. Raises ValueError for an unknown grade or
        no target.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            if one_time is not None:
                return await self._rate_invited(
                    connection, turn, person, Grade(grade), uuid.UUID(one_time)
                )
            code = await self._org.code_by_id(code_id, connection) if code_id else None
            if code and not (unit_id and await _moved_since(connection, code, unit_id)):
                unit_id, officer_id = code.unit_id, code.officer_id
            if unit_id is None:
                raise ValueError("a rating needs a code or a unit")
            if _is_officer(person, officer_id):
                raise Refusal("own_rating")
            statement = insert(ratings).values(
                id=clock.new_id(),
                unit_id=unit_id,
                officer_id=officer_id,
                code_id=code_id,
                identity_id=person.identity_id,
                channel=person.channel,
                way=Way.SCAN if code else Way.TYPED,
                grade=Grade(grade),
                inbox_id=uuid.UUID(turn.inbox_id),
                rated_at=clock.now(),
            )
            rating_id = await _once(connection, turn, statement)
        here = code is not None and code.unit_id == unit_id
        label = code.label if code and here else await self._org.unit_label(unit_id)
        return RatingView(rating_id, label)

    async def _rate_invited(
        self,
        connection: AsyncConnection,
        turn: Turn,
        person: Person,
        grade: Grade,
        one_time: uuid.UUID,
    ) -> RatingView:
        """Spends the one-time code on this rating, or refuses: of two at once one is taken.

        Refuses the officer themself, also in the chat that asked for the code, whoever has it now.
        """
        code = await read_one_time_by_id(connection, one_time)
        message, now = uuid.UUID(turn.inbox_id), clock.now()
        if code.identity_id == person.identity_id or _is_officer(person, code.officer_id):
            raise Refusal("own_invitation")
        if code.used_by != message:
            if code.state(now) == "expired":
                raise Refusal("one_time_expired")
            if not await spend(connection, one_time, message, now):
                raise Refusal("one_time_used")
            values = {"id": clock.new_id(), "unit_id": code.unit_id, "grade": grade}
            values |= {"officer_id": code.officer_id, "identity_id": person.identity_id}
            values |= {"channel": person.channel, "way": Way.INVITED_BY_OFFICER}
            values |= {"inbox_id": message, "event_id": code.event_id, "rated_at": now}
            statement = insert(ratings).values(one_time_id=one_time, **values)
            new = statement.on_conflict_do_nothing().returning(ratings.c.id)
            if (await connection.execute(new)).one_or_none() is None:
                raise Refusal("event_rated")  # it came another way meanwhile: nothing is spent
        query = select(ratings.c.id).where(ratings.c.one_time_id == one_time)
        return RatingView((await connection.execute(query)).scalar_one(), code.label)

    async def rate_event(
        self,
        connection: AsyncConnection,
        turn: Turn,
        person: Person,
        grade: Grade,
        *,
        event_id: uuid.UUID,
        unit_id: int,
        officer_id: int | None,
        way: Way = Way.INVITED,
    ) -> uuid.UUID | None:
        """Rates a service that a feed reported, in the caller's transaction; None when the event
        has its rating already: one event, one rating, whichever way it came first. Again because
        of the same message: the same rating. Refuses officers who would rate themselves.
        """
        if _is_officer(person, officer_id):
            raise Refusal("own_rating")
        message = uuid.UUID(turn.inbox_id)
        statement = (
            insert(ratings)
            .values(
                id=clock.new_id(),
                unit_id=unit_id,
                officer_id=officer_id,
                identity_id=person.identity_id,
                channel=person.channel,
                way=way,
                grade=grade,
                inbox_id=message,
                event_id=event_id,
                rated_at=clock.now(),
            )
            .on_conflict_do_nothing()
        )
        await connection.execute(statement)
        query = select(ratings.c.id).where(
            ratings.c.event_id == event_id, ratings.c.inbox_id == message
        )
        return (await connection.execute(query)).scalar_one_or_none()

    async def record(
        self,
        connection: AsyncConnection,
        turn: Turn,
        person: Person,
        grade: Grade,
        *,
        way: Way,
        unit_id: int,
        words: str = "",
    ) -> uuid.UUID:
        """A rating that staff wrote down for this person, in the caller's transaction. Again
        because of the same message: the same rating. Who may is the caller's to decide.
        """
        statement = insert(ratings).values(
            id=clock.new_id(),
            unit_id=unit_id,
            identity_id=person.identity_id,
            channel=DESK,
            way=way,
            grade=grade,
            comment_sealed=self._vault.seal(words) if words else None,
            inbox_id=uuid.UUID(turn.inbox_id),
            rated_at=clock.now(),
        )
        return await _once(connection, turn, statement)

    async def comment(self, turn: Turn, rating_id: uuid.UUID | str, text: str) -> None:
        """Adds a sentence to one's own rating. Praise of an officer reaches the officer, unless it
        was the officer who asked for it: they never learn which grade came.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            statement = (
                update(ratings)
                .where(
                    ratings.c.id == uuid.UUID(str(rating_id)),
                    ratings.c.identity_id == person.identity_id,
                )
                .values(comment_sealed=self._vault.seal(text))
                .returning(ratings.c.unit_id, ratings.c.officer_id, ratings.c.grade, ratings.c.way)
            )
            row = (await connection.execute(statement)).one_or_none()
            if row is None:
                raise Refusal("rating_not_found")
            # Who asked may stand beside: their chat must not tell what was tapped.
            invited = row.way == Way.INVITED_BY_OFFICER
            if row.officer_id is not None and row.grade == Grade.SATISFIED and not invited:
                await self._praise(connection, turn, row, text)

    async def _praise(
        self, connection: AsyncConnection, turn: Turn, row: Row[Any], text: str
    ) -> None:
        label = await self._org.unit_label(row.unit_id, connection)
        query = (
            select(identities.c.id, identities.c.language)
            .join(officers, officers.c.id == identities.c.officer_id)
            .where(
                identities.c.officer_id == row.officer_id,
                identities.c.state == "active",
                officers.c.active,
            )
        )
        for reader in (await connection.execute(query)).all():
            await self._notices.tell(
                connection,
                key=f"{turn.inbox_id}:praise:{reader.id.hex}",
                identity_id=reader.id,
                topic="praise",
                text=self._notices.wording.say(
                    "praise_received", reader.language, text=text, unit=label
                ),
            )


async def _once(connection: AsyncConnection, turn: Turn, statement: Insert) -> uuid.UUID:
    """The rating that the statement adds, or the one that this message has added before."""
    new = statement.on_conflict_do_nothing(index_elements=["inbox_id"]).returning(ratings.c.id)
    added: uuid.UUID | None = (await connection.execute(new)).scalar_one_or_none()
    if added is not None:
        return added
    query = select(ratings.c.id).where(ratings.c.inbox_id == uuid.UUID(turn.inbox_id))
    before: uuid.UUID = (await connection.execute(query)).scalar_one()
    return before


def _is_officer(person: Person, officer_id: int | None) -> bool:
    return person.officer is not None and person.officer.id == officer_id


async def _moved_since(connection: AsyncConnection, code: CodeTarget, unit_id: int) -> bool:
    """Whether the code leads elsewhere now, but did lead to the unit."""
    if code.code_id is None or code.unit_id == unit_id:
        return False
    return await ever_led_to(connection, code.code_id, unit_id)
