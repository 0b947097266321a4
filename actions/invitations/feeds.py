"""Systems that report service events, each known by its key."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import ConfigurationError
from actions.invitations.event import Places
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import feeds, officers, units

KEY_BEGINS = "hyf_"  # so that a key that leaked somewhere can be searched for
_KEY_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Feed:
    """`kinds` are the kinds of event it may send."""

    id: int
    name: str
    kinds: tuple[str, ...]
    active: bool


class Feeds:
    """A key is told once, when it is made; here stands its digest only."""

    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    async def add(self, name: str, kinds: Sequence[str]) -> str:
        """Makes the feed, or a new key for it, and gives the key. The old one ends at once."""
        async with self._engine.begin() as connection:
            return await self.add_in(connection, name, kinds)

    async def add_in(
        self, connection: AsyncConnection, name: str, kinds: Sequence[str] | None
    ) -> str:
        """The same in the caller's transaction; `kinds` None leaves those it has."""
        key = KEY_BEGINS + clock.new_token(_KEY_LENGTH)
        values: dict[str, Any] = {"key_digest": self._digest(key), "active": True}
        if kinds is not None:
            values["kinds"] = list(kinds)
        statement = (
            insert(feeds)
            .values(**{"name": name, "created_at": clock.now(), "kinds": [], **values})
            .on_conflict_do_update(index_elements=["name"], set_=values)
        )
        await connection.execute(statement)
        return key

    async def close(self, name: str) -> None:
        """Its key opens nothing any more. Raises ConfigurationError when there is no such feed."""
        await self.named(name)
        async with self._engine.begin() as connection:
            await connection.execute(update(feeds).where(feeds.c.name == name).values(active=False))

    async def all(self) -> list[Feed]:
        """Every feed, by name."""
        async with reading(self._engine) as connection:
            rows = (await connection.execute(select(feeds).order_by(feeds.c.name))).all()
        return [_feed(row) for row in rows]

    async def named(self, name: str) -> Feed:
        """Raises ConfigurationError, one sentence, when there is none."""
        known = {feed.name: feed for feed in await self.all()}
        if name not in known:
            listed = ", ".join(known) or "none yet; add one with ./huiyin events feed add NAME"
            raise ConfigurationError(f"No feed is called {name!r}; known: {listed}.")
        return known[name]

    async def by_key(self, key: str) -> Feed | None:
        """The feed that the key belongs to, if it is open."""
        digest = self._digest(key)
        async with reading(self._engine) as connection:
            query = select(feeds).where(feeds.c.key_digest == digest, feeds.c.active)
            row = (await connection.execute(query)).one_or_none()
        if row is None or not hmac.compare_digest(bytes(row.key_digest), digest):
            return None
        return _feed(row)

    async def places(self, connection: AsyncConnection, feed: Feed) -> Places:
        """What an event of this feed may name. Officers who left are still known."""
        unit_rows = (await connection.execute(select(units.c.code, units.c.id))).all()
        officer_rows = (await connection.execute(select(officers.c.badge, officers.c.id))).all()
        return Places(
            {row.code: row.id for row in unit_rows},
            {row.badge: row.id for row in officer_rows},
            frozenset(feed.kinds),
        )

    def _digest(self, key: str) -> bytes:
        return self._vault.digest(f"feed:{key}")


def _feed(row: Row[Any]) -> Feed:
    return Feed(row.id, row.name, tuple(row.kinds), row.active)
