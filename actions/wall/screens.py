"""Which screens hang: opened by a link from the chat, bound to one unit, dark when its owner may not
see that unit any more.

A screen is a session (actions/people/sessions.py) with a unit. It shows that unit and opens nothing
else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.org.org import Org, Unit
from actions.people.people import OfficerView, People
from actions.people.roles import SEES_FIGURES
from actions.people.sessions import Sessions
from actions.reports.scopes import Scopes
from actions.store.engine import reading
from actions.store.tables import identities, sessions
from actions.turn import Turn

MOST = 10  # screens of one officer
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen that may show its unit; `until` is aware, UTC."""

    unit: Unit
    language: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Hanging:
    """A screen as its owner sees it in the chat. `seen_at` is the last sign of it, to a minute; None
    when it never gave one. Moments are aware, UTC.
    """

    unit_label: str
    since: datetime
    until: datetime
    seen_at: datetime | None


class Screens:
    def __init__(
        self,
        engine: AsyncEngine,
        people: People,
        org: Org,
        sessions_of: Sessions,
        scopes: Scopes,
    ) -> None:
        self._engine = engine
        self._people = people
        self._org = org
        self._sessions = sessions_of
        self._scopes = scopes

    async def link(self, turn: Turn, words: str = "") -> tuple[str, Unit]:
        """A token that opens one screen, and the unit it will show: the own one, or the one named.

        Refuses whose post sees no figures, units outside the own subtree, and one screen too many.
        """
        _, unit = await self._scopes.scope(turn, words)
        if len(await self.hanging(turn)) >= MOST:
            raise Refusal("wall_too_many", most_screens=str(MOST))
        return await self._sessions.link(turn, unit.id), unit

    async def hanging(self, turn: Turn) -> list[Hanging]:
        """The officer's own screens, the oldest first. Refuses whose post sees no figures."""
        async with reading(self._engine) as connection:
            officer = await self._officer(connection, turn)
            rows = (await connection.execute(_hanging(officer.id))).all()
        return [
            Hanging(
                await self._org.unit_label(row.wall_unit_id),
                row.created_at,
                row.expires_at,
                row.seen_at,
            )
            for row in rows
        ]

    async def off(self, turn: Turn, number: int | None = None) -> int:
        """Ends the officer's screens, or the one with this number in `hanging` (from 1); how many
        that were. Refuses a number that is none, and whose post sees no figures.
        """
        async with self._engine.begin() as connection:
            officer = await self._officer(connection, turn)
            rows = (await connection.execute(_hanging(officer.id).with_for_update())).all()
            if number is not None and not 1 <= number <= len(rows):
                raise Refusal("wall_no_such")
            chosen = rows if number is None else [rows[number - 1]]
            await connection.execute(
                update(sessions)
                .where(sessions.c.digest.in_([row.digest for row in chosen]))
                .values(ended_at=clock.now())
            )
        return len(chosen)

    async def who(self, token: str) -> Screen | None:
        """The screen with this session; None when it is over, was ended, or when its owner has left,
        is somebody else in that chat by now, or may not see that unit's figures any more.
        """
        now, digest = clock.now(), self._sessions.digest(token)
        query = (
            select(sessions, identities.c.conversation)
            .join(identities, identities.c.id == sessions.c.identity_id)
            .where(
                sessions.c.digest == digest,
                sessions.c.wall_unit_id.is_not(None),
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > now,
                identities.c.officer_id == sessions.c.officer_id,
            )
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            person = await self._people.person(connection, row.conversation)
            unit = await self._org.unit(row.wall_unit_id, connection)
            if person.officer is None or not person.officer.holds(SEES_FIGURES, unit.path):
                return None
            if row.seen_at is None or row.seen_at <= now - SEEN_EVERY:
                await connection.execute(
                    update(sessions).where(sessions.c.digest == digest).values(seen_at=now)
                )
        return Screen(unit, person.language, row.expires_at)

    async def _officer(self, connection: AsyncConnection, turn: Turn) -> OfficerView:
        officer = (await self._people.person(connection, turn.conversation)).officer
        if officer is None or officer.role not in SEES_FIGURES:
            raise Refusal("not_allowed")
        return officer


def _hanging(officer_id: int) -> Select[Any]:
    """ix_sessions_walls serves it."""
    return (
        select(sessions)
        .where(
            sessions.c.officer_id == officer_id,
            sessions.c.wall_unit_id.is_not(None),
            sessions.c.ended_at.is_(None),
            sessions.c.expires_at > clock.now(),
        )
        .order_by(sessions.c.created_at, sessions.c.digest)
    )
