"""An officer's browser: a link from the chat lets it in once, a session keeps it in for a shift.

A link or session of a wall screen shows one unit's figures for weeks and opens nothing else; what
it may show is asked of actions/wall/screens.py.

What the browser holds is random and only its digest is known here. A session ends by itself, when
it is ended, and when the officer leaves or the chat that asked for the link is bound to another.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.people.people import OfficerView, People
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import identities, login_links, sessions
from actions.turn import Turn

LINK_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(hours=8)
WALL_LIFE = timedelta(days=30)
KEPT_AFTER = timedelta(days=7)  # a link or session that is over, for whoever asks what was done


@dataclass(frozen=True, slots=True)
class Login:
    """Who is in the browser; `conversation` is the chat that let them in."""

    officer: OfficerView
    conversation: str
    language: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: what the browser keeps, for how long, and whether it is a wall screen's."""

    token: str
    life: timedelta
    wall: bool


class Sessions:
    """Links and sessions of all pages that only officers see."""

    def __init__(self, engine: AsyncEngine, vault: Vault, people: People) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people

    async def link(self, turn: Turn, wall_unit_id: int | None = None) -> str:
        """A token that opens one session within LINK_LIFE, for the officer of this conversation;
        with a unit (id) that unit's wall screen.

        An earlier one for the same that was not used is void. Refuses who is no officer.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            if person.officer is None:
                raise Refusal("officers_only")
            now, token = clock.now(), secrets.token_urlsafe(32)
            await self._sweep(connection)
            await connection.execute(
                delete(login_links).where(
                    login_links.c.identity_id == person.identity_id,
                    login_links.c.wall_unit_id.is_not_distinct_from(wall_unit_id),
                    login_links.c.used_at.is_(None),
                )
            )
            await connection.execute(
                insert(login_links).values(
                    digest=self._digest("link", token),
                    identity_id=person.identity_id,
                    officer_id=person.officer.id,
                    wall_unit_id=wall_unit_id,
                    expires_at=now + LINK_LIFE,
                )
            )
        return token

    async def open(self, token: str) -> Opened | None:
        """A new session for a link's token; None for a link that is used, late or unknown.

        Of two browsers that come with the same link at once, one gets in.
        """
        now = clock.now()
        async with self._engine.begin() as connection:
            statement = (
                update(login_links)
                .where(
                    login_links.c.digest == self._digest("link", token),
                    login_links.c.used_at.is_(None),
                    login_links.c.expires_at > now,
                )
                .values(used_at=now)
                .returning(
                    login_links.c.identity_id,
                    login_links.c.officer_id,
                    login_links.c.wall_unit_id,
                )
            )
            link = (await connection.execute(statement)).one_or_none()
            if link is None:
                return None
            wall = link.wall_unit_id is not None
            opened = Opened(secrets.token_urlsafe(32), WALL_LIFE if wall else SESSION_LIFE, wall)
            await connection.execute(
                insert(sessions).values(
                    digest=self.digest(opened.token),
                    identity_id=link.identity_id,
                    officer_id=link.officer_id,
                    wall_unit_id=link.wall_unit_id,
                    created_at=now,
                    expires_at=now + opened.life,
                )
            )
        return opened

    async def who(self, session: str) -> Login | None:
        """Whose session it is; None when it is over, ended, a wall screen's, or not theirs any more."""
        query = (
            select(sessions.c.officer_id, identities.c.conversation)
            .join(identities, identities.c.id == sessions.c.identity_id)
            .where(
                sessions.c.digest == self.digest(session),
                sessions.c.wall_unit_id.is_(None),
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > clock.now(),
                identities.c.officer_id == sessions.c.officer_id,
            )
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                return None
            person = await self._people.person(connection, row.conversation)
        if person.officer is None:  # a leaver
            return None
        return Login(person.officer, person.conversation, person.language)

    async def end(self, session: str) -> None:
        """Ends it; an unknown one is passed over."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(sessions)
                .where(sessions.c.digest == self.digest(session), sessions.c.ended_at.is_(None))
                .values(ended_at=clock.now())
            )

    def proof(self, session: str) -> str:
        """What a form of this session carries, so that no foreign page can send one."""
        return self._vault.digest(f"form:{session}").hex()[:32]

    def digest(self, session: str) -> bytes:
        """By what the table knows a session's token."""
        return self._digest("session", session)

    async def _sweep(self, connection: AsyncConnection) -> None:
        """Deletes what has been over for long."""
        over = clock.now() - KEPT_AFTER
        await connection.execute(delete(login_links).where(login_links.c.expires_at < over))
        await connection.execute(delete(sessions).where(sessions.c.expires_at < over))

    def _digest(self, what: str, token: str) -> bytes:
        return self._vault.digest(f"{what}:{token}")
