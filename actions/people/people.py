"""Identities in channels and the officers behind them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.people.roles import Role
from actions.privacy.vault import Vault
from actions.spelling import spell_code
from actions.store.tables import binding_codes, identities, officers, posts, units
from actions.turn import Turn

BINDING_CODE_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OfficerView:
    """An officer and the post that counts (one post per officer in this version)."""

    id: int
    name: str
    title: str
    role: Role
    unit_id: int
    unit_path: str
    unit_label: str

    @property
    def called(self) -> str:
        """How others are told of this officer: the family name and 警官, never the full name."""
        return f"{self.name[:1]}警官"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is in a conversation."""

    identity_id: uuid.UUID
    conversation: str
    channel: str
    language: str
    officer: OfficerView | None
    state: str = "active"  # unsubscribed: they left; dead: the platform no longer knows them


class People:
    """Who someone is, by conversation, channel sender, or badge."""

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    async def meet(self, connection: AsyncConnection, channel: str, sender: str) -> Person:
        """The person behind a platform's id; makes an identity at the first meeting."""
        digest = self._vault.digest(f"{channel}:{sender}")
        condition = (identities.c.channel == channel) & (identities.c.sender_digest == digest)
        found = (await connection.execute(select(identities).where(condition))).one_or_none()
        if found is None:
            new = clock.new_id()
            statement = upsert(identities).values(
                id=new,
                channel=channel,
                sender_digest=digest,
                sender_sealed=self._vault.seal(sender),
                conversation=f"c{new.hex}",
                created_at=clock.now(),
            )
            await connection.execute(statement.on_conflict_do_nothing())
            found = (await connection.execute(select(identities).where(condition))).one()
        officer = await self.officer(connection, found.officer_id)
        return Person(
            found.id, found.conversation, channel, found.language, officer, state=found.state
        )

    async def welcome_back(self, connection: AsyncConnection, person: Person) -> None:
        """Writes to someone again who had left and now speaks."""
        if person.state != "active":
            await self._set(connection, person.identity_id, state="active")

    async def person(self, connection: AsyncConnection, conversation: str) -> Person:
        """Who is in the conversation. Raises LookupError when nobody ever was."""
        query = select(identities).where(identities.c.conversation == conversation)
        found = (await connection.execute(query)).one_or_none()
        if found is None:
            raise LookupError("a conversation without an identity")
        officer = await self.officer(connection, found.officer_id)
        return Person(
            found.id, conversation, found.channel, found.language, officer, state=found.state
        )

    async def whoami(self, turn: Turn) -> Person:
        async with self._engine.connect() as connection:
            return await self.person(connection, turn.conversation)

    async def officer(
        self, connection: AsyncConnection, officer_id: int | None
    ) -> OfficerView | None:
        """The officer with the highest post, or None for a leaver or an officer without a post."""
        if officer_id is None:
            return None
        query = (
            select(officers, posts.c.role, units.c.id.label("unit_id"), units.c.path, units.c.name)
            .join(posts, posts.c.officer_id == officers.c.id)
            .join(units, units.c.id == posts.c.unit_id)
            .where(officers.c.id == officer_id, officers.c.active)
            .order_by(units.c.path)
            .limit(1)
        )
        row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        name = self._vault.open(row.name_sealed)
        return OfficerView(row.id, name, row.title, Role(row.role), row.unit_id, row.path, row.name)

    async def make_binding_code(self, badge: str) -> str:
        """A one-time code, good for a week, by which this officer's chat is bound."""
        code = clock.new_code(8)
        async with self._engine.begin() as connection:
            query = select(officers.c.id).where(officers.c.badge == badge, officers.c.active)
            officer_id = (await connection.execute(query)).scalar_one_or_none()
            if officer_id is None:
                raise Refusal("badge_unknown", badge=badge)
            await connection.execute(
                insert(binding_codes).values(
                    code_digest=self._vault.digest(f"bind:{code}"),
                    officer_id=officer_id,
                    expires_at=clock.now() + BINDING_CODE_LIFE,
                )
            )
        return code

    async def bind(self, turn: Turn, code: str) -> OfficerView:
        """Binds the conversation to the code's officer. Refuses a used, old or wrong code alike."""
        digest = self._vault.digest(f"bind:{spell_code(code)}")
        async with self._engine.begin() as connection:
            person = await self.person(connection, turn.conversation)
            query = select(binding_codes).where(binding_codes.c.code_digest == digest)
            row = (await connection.execute(query.with_for_update())).one_or_none()
            ours = row is not None and row.used_by == person.identity_id
            if row is None or (row.used_at and not ours) or row.expires_at < clock.now():
                raise Refusal("binding_code_wrong")
            await connection.execute(
                update(binding_codes)
                .where(binding_codes.c.code_digest == digest)
                .values(used_at=clock.now(), used_by=person.identity_id)
            )
            await self._set(connection, person.identity_id, officer_id=row.officer_id)
            officer = await self.officer(connection, row.officer_id)
            if officer is None:  # a leaver: the code stays as it was
                raise Refusal("binding_code_wrong")
        return officer

    async def set_language(self, turn: Turn, language: str) -> None:
        async with self._engine.begin() as connection:
            person = await self.person(connection, turn.conversation)
            await self._set(connection, person.identity_id, language=language)

    async def set_state(self, identity_id: uuid.UUID, state: str) -> None:
        """active, unsubscribed (the person left) or dead (the platform no longer knows them)."""
        async with self._engine.begin() as connection:
            await self._set(connection, identity_id, state=state)

    async def _set(
        self, connection: AsyncConnection, identity_id: uuid.UUID, **values: object
    ) -> None:
        statement = update(identities).where(identities.c.id == identity_id).values(**values)
        await connection.execute(statement)
