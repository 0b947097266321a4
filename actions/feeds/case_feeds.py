"""The feeds that hand over cases: their source, their mapping, and where their results go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import ConfigurationError
from actions.feeds.mapping import CategoryMap
from actions.feeds.mappings import Mappings
from actions.feeds.sources import Source
from actions.feeds.webhook import MARK
from actions.invitations.feeds import Feeds
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import case_feeds, fed_cases, feed_results, feeds, units

OVERLAP = timedelta(days=1)  # how long results are signed with the former secret, too
_SECRET_LENGTH = 40


class Tells(StrEnum):
    """Who tells the citizen what becomes of the case."""

    FEED = "feed"  # the other side answers its own callers
    US = "us"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class CaseFeed:
    """`waiting`: records not opened yet; `failed` of them, those that nobody tries any more;
    `unsent`: results still queued; `undelivered`: results given up. Moments aware, UTC.
    """

    id: int
    name: str
    active: bool
    source: Source
    mapping: str
    tells: Tells
    webhook: str
    stopped_at: datetime | None
    failures: int
    records: int = 0
    waiting: int = 0
    failed: int = 0
    unsent: int = 0
    undelivered: int = 0


@dataclass(frozen=True, slots=True)
class Keys:
    """What is told once: the feed's key, and the secret its results are signed with, if any."""

    key: str
    secret: str


class CaseFeeds:
    def __init__(self, engine: AsyncEngine, vault: Vault, keys: Feeds, mappings: Mappings) -> None:
        self._engine = engine
        self._vault = vault
        self._keys = keys
        self._mappings = mappings

    async def add(
        self, name: str, source: Source, mapping: str, tells: Tells, webhook: str
    ) -> Keys:
        """Makes the feed, or sets it anew with a new key; `webhook` is checked, or empty for none.

        A feed that stopped its results gets them again. Raises ConfigurationError where the mapping
        does not fit.
        """
        meant = self._mappings.load(mapping)
        if meant.source is not source:
            raise ConfigurationError(
                f"{mapping} is for the source {meant.source}, this feed is {source}."
            )
        secret = MARK + clock.new_token(_SECRET_LENGTH) if webhook else ""
        async with self._engine.begin() as connection:
            await self._check_units(connection, meant)
            key = await self._keys.add_in(connection, name, None)
            query = select(feeds.c.id).where(feeds.c.name == name)
            values = {
                "source": source.value,
                "mapping": mapping,
                "tells": tells.value,
                "webhook": webhook or None,
                "secret_sealed": self._vault.seal(secret) if secret else None,
                "old_secret_sealed": None,
                "old_secret_until": None,
                "stopped_at": None,
                "failures": 0,
                "resting_until": None,
            }
            feed_id = (await connection.execute(query)).scalar_one()
            statement = insert(case_feeds).values(feed_id=feed_id, **values)
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["feed_id"], set_=values)
            )
        return Keys(key, secret)

    async def new_secret(self, name: str) -> str:
        """Makes another secret; for a day results are signed with both."""
        feed = await self.named(name)
        if not feed.webhook:
            raise ConfigurationError(f"{name} has no webhook, so it needs no secret.")
        secret = MARK + clock.new_token(_SECRET_LENGTH)
        statement = (
            update(case_feeds)
            .where(case_feeds.c.feed_id == feed.id)
            .values(
                old_secret_sealed=case_feeds.c.secret_sealed,
                old_secret_until=clock.now() + OVERLAP,
                secret_sealed=self._vault.seal(secret),
            )
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)
        return secret

    async def close(self, name: str) -> None:
        """Its key opens nothing any more; results of its cases still go out."""
        await self.named(name)
        await self._keys.close(name)

    async def all(self) -> list[CaseFeed]:
        """Every feed with how much waits, by name."""
        async with reading(self._engine) as connection:
            rows = (await connection.execute(_rows().order_by(feeds.c.name))).all()
            counts = {r.feed_id: r for r in (await connection.execute(_records())).all()}
            results = {r.feed_id: r for r in (await connection.execute(_results())).all()}
        return [_feed(row, counts.get(row.id), results.get(row.id)) for row in rows]

    async def named(self, name: str) -> CaseFeed:
        """Raises ConfigurationError, one sentence, when there is none."""
        known = {feed.name: feed for feed in await self.all()}
        if name not in known:
            listed = ", ".join(known) or "none yet; add one with ./huiyin cases feed add NAME"
            raise ConfigurationError(f"No feed of cases is called {name!r}; known: {listed}.")
        return known[name]

    async def by_id(self, feed_id: int) -> CaseFeed | None:
        """The feed, if it may hand over cases, without its counts."""
        async with reading(self._engine) as connection:
            row = (await connection.execute(_rows().where(feeds.c.id == feed_id))).one_or_none()
        return _feed(row) if row is not None else None

    def mapping(self, feed: CaseFeed) -> CategoryMap:
        """The feed's mapping as it is now. Raises ConfigurationError."""
        return self._mappings.load(feed.mapping)

    async def unmapped(self, feed: CaseFeed) -> list[tuple[str, int]]:
        """The categories that the mapping lacks, with how many records have them, most first."""
        mapping = self.mapping(feed)
        query = (
            select(fed_cases.c.category, func.count())
            .where(fed_cases.c.feed_id == feed.id, fed_cases.c.category != "")
            .group_by(fed_cases.c.category)
            .order_by(func.count().desc(), fed_cases.c.category)
        )
        async with reading(self._engine) as connection:
            found = (await connection.execute(query)).all()
        return [(name, count) for name, count in found if mapping.meaning(name) is None]

    @staticmethod
    async def _check_units(connection: AsyncConnection, mapping: CategoryMap) -> None:
        known = set((await connection.execute(select(units.c.code))).scalars())
        odd = sorted(mapping.units() - known)
        if odd:
            raise ConfigurationError(
                f"The mapping names units that are not there: {', '.join(odd)}; "
                "write codes as in units.csv."
            )


def _rows() -> Select[Any]:
    return select(feeds.c.id, feeds.c.name, feeds.c.active, case_feeds).join(
        case_feeds, case_feeds.c.feed_id == feeds.c.id
    )


def _records() -> Select[Any]:
    waits = fed_cases.c.waiting_since.is_not(None)
    return select(
        fed_cases.c.feed_id,
        func.count().label("records"),
        func.count().filter(waits).label("waiting"),
        func.count().filter(~waits, fed_cases.c.error.is_not(None)).label("failed"),
    ).group_by(fed_cases.c.feed_id)


def _results() -> Select[Any]:
    """By ix_feed_results_open."""
    return (
        select(
            fed_cases.c.feed_id,
            func.count().filter(feed_results.c.state == "queued").label("unsent"),
            func.count().filter(feed_results.c.state == "failed").label("undelivered"),
        )
        .join(fed_cases, fed_cases.c.id == feed_results.c.fed_id)
        .where(feed_results.c.state != "sent")
        .group_by(fed_cases.c.feed_id)
    )


def _feed(
    row: Row[Any], records: Row[Any] | None = None, results: Row[Any] | None = None
) -> CaseFeed:
    return CaseFeed(
        id=row.id,
        name=row.name,
        active=row.active,
        source=Source(row.source),
        mapping=row.mapping,
        tells=Tells(row.tells),
        webhook=row.webhook or "",
        stopped_at=row.stopped_at,
        failures=row.failures,
        records=records.records if records is not None else 0,
        waiting=records.waiting if records is not None else 0,
        failed=records.failed if records is not None else 0,
        unsent=results.unsent if results is not None else 0,
        undelivered=results.undelivered if results is not None else 0,
    )
