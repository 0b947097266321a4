"""Identities in channels and the officers behind them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.people.roles import BINDS_GROUPS, HANDLES_CASES, Role, covers
from actions.people.trust import DESK, is_proven
from actions.privacy.vault import Vault
from actions.spelling import spell_code
from actions.store.engine import reading
from actions.store.tables import binding_codes, identities, inbox, officers, posts, units
from actions.turn import Turn

BINDING_CODE_LIFE = timedelta(days=7)
CITIZENS_ONLY = frozenset({"web"})  # channels in which nobody can prove to be an officer


@dataclass(frozen=True, slots=True)
class Post:
    """A role at a unit; it reaches the unit and all below it."""

    role: Role
    unit_id: int
    path: str


@dataclass(frozen=True, slots=True)
class OfficerView:
    """An officer with every post; `role` and `unit_*` are of the highest one."""

    id: int
    name: str
    title: str
    role: Role
    unit_id: int
    unit_path: str
    unit_label: str
    posts: tuple[Post, ...] = ()

    def holds(self, roles: Collection[Role], path: str) -> bool:
        """Whether one of the posts has such a role and reaches the unit at `path`."""
        return any(post.role in roles and covers(post.path, path) for post in self.posts)

    @property
    def roles(self) -> set[Role]:
        """The role of every post."""
        return {post.role for post in self.posts}

    @property
    def held(self) -> list[tuple[Role, str]]:
        """Every post as rules take it: its role, and the path of the unit that it reaches."""
        return [(post.role, post.path) for post in self.posts]

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

    @property
    def proven(self) -> bool:
        """Whether the channel proves who they are; nobody is an officer where it does not."""
        return is_proven(self.channel)


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
        officer = await self._officer_in(connection, channel, found.officer_id)
        return Person(
            found.id, found.conversation, channel, found.language, officer, state=found.state
        )

    async def nobody(self, connection: AsyncConnection, key: str) -> Person:
        """Somebody for whom an officer writes something down and who cannot be written to: one
        for each `key`, and known by the short code only."""
        person = await self.meet(connection, DESK, key)
        await self._set(connection, person.identity_id, state="dead")
        return person

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
        officer = await self._officer_in(connection, found.channel, found.officer_id)
        return Person(
            found.id, conversation, found.channel, found.language, officer, state=found.state
        )

    async def whoami(self, turn: Turn) -> Person:
        async with reading(self._engine) as connection:
            return await self.person(connection, turn.conversation)

    async def _officer_in(
        self, connection: AsyncConnection, channel: str, officer_id: int | None
    ) -> OfficerView | None:
        """The officer behind an identity; nobody where the channel proves nothing."""
        return await self.officer(connection, officer_id) if is_proven(channel) else None

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
            .order_by(func.length(units.c.path), units.c.path, posts.c.role)
        )
        rows = (await connection.execute(query)).all()
        if not rows:
            return None
        first = rows[0]
        return OfficerView(
            id=first.id,
            name=self._vault.open(first.name_sealed),
            title=first.title,
            role=Role(first.role),
            unit_id=first.unit_id,
            unit_path=first.path,
            unit_label=first.name,
            posts=tuple(Post(Role(row.role), row.unit_id, row.path) for row in rows),
        )

    async def by_badge(self, connection: AsyncConnection, badge: str) -> OfficerView | None:
        """The serving officer with this badge number, as typed; None when there is none."""
        query = select(officers.c.id).where(
            func.upper(officers.c.badge) == badge.strip().upper(), officers.c.active
        )
        return await self.officer(
            connection, (await connection.execute(query)).scalar_one_or_none()
        )

    async def paths_of(self, connection: AsyncConnection, officer_id: int | None) -> list[str]:
        """The paths of the units at which the officer holds posts; empty for None."""
        query = (
            select(units.c.path)
            .join(posts, posts.c.unit_id == units.c.id)
            .where(posts.c.officer_id == officer_id)
        )
        return list((await connection.execute(query)).scalars()) if officer_id else []

    async def colleagues(self, turn: Turn, unit_path: str) -> list[OfficerView]:
        """Who could take a case at this unit, the nearest first; not oneself."""
        async with reading(self._engine) as connection:
            me = (await self.person(connection, turn.conversation)).officer
            query = (
                select(officers.c.id)
                .join(posts, posts.c.officer_id == officers.c.id)
                .join(units, units.c.id == posts.c.unit_id)
                .where(
                    literal(unit_path).startswith(units.c.path),
                    posts.c.role.in_(HANDLES_CASES),
                    officers.c.active,
                )
                .order_by(func.length(units.c.path).desc(), officers.c.id)
            )
            ids = dict.fromkeys((await connection.execute(query)).scalars())
            found = [await self.officer(connection, each) for each in ids]
        return [o for o in found if o is not None and (me is None or o.id != me.id)]

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
        """Binds the conversation to the code's officer. Refuses a used, old or wrong code alike,
        any code in a channel that proves nothing, and any where only citizens are.
        """
        digest = self._vault.digest(f"bind:{spell_code(code)}")
        async with self._engine.begin() as connection:
            person = await self.person(connection, turn.conversation)
            if not person.proven:
                raise Refusal("channel_unproven")
            if person.channel in CITIZENS_ONLY:
                raise Refusal("binding_not_here")
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

    async def group(
        self, connection: AsyncConnection, channel: str, chat: str
    ) -> tuple[uuid.UUID, str] | None:
        """The identity and conversation of a bound group chat, by the platform's id of the chat."""
        digest = self._vault.digest(f"{channel}:{chat}")
        query = select(identities.c.id, identities.c.conversation).where(
            identities.c.channel == channel,
            identities.c.sender_digest == digest,
            identities.c.kind == "group",
        )
        row = (await connection.execute(query)).one_or_none()
        return (row.id, row.conversation) if row else None

    async def bind_group(self, turn: Turn) -> str:
        """Makes the group in which the message was written its unit's group; returns the unit.

        Only who leads the unit, or works at the level above, may. Bound again elsewhere: it moves.
        """
        async with self._engine.begin() as connection:
            person = await self.person(connection, turn.conversation)
            chat = await self._chat_of(connection, turn)
            if person.officer is None or person.officer.role not in BINDS_GROUPS:
                raise Refusal("group_not_yours")
            if not chat:
                raise Refusal("not_in_a_group")
            new = clock.new_id()
            values = {
                "kind": "group",
                "unit_id": person.officer.unit_id,
                "state": "active",
                "language": person.language,
            }
            statement = upsert(identities).values(
                id=new,
                channel=person.channel,
                sender_digest=self._vault.digest(f"{person.channel}:{chat}"),
                sender_sealed=self._vault.seal(chat),
                conversation=f"c{new.hex}",
                created_at=clock.now(),
                **values,
            )
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["channel", "sender_digest"], set_=values
                )
            )
        return person.officer.unit_label

    async def _chat_of(self, connection: AsyncConnection, turn: Turn) -> str:
        """The platform's id of the group in which the message was written; empty: in private."""
        query = select(inbox.c.message_sealed).where(inbox.c.id == uuid.UUID(turn.inbox_id))
        sealed = (await connection.execute(query)).scalar_one_or_none()
        return str(self._vault.open_json(sealed).get("chat", "")) if sealed else ""

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
