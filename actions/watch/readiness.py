"""Whether a part can do its work: one sentence for each thing that is missing, with no secret in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from cryptography.fernet import InvalidToken
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.migrate import revisions
from actions.store.tables import identities, officers

PATIENCE = 5.0  # seconds that all checks together may take
NO_DATABASE = "The database cannot be reached; check DATABASE_URL."
OLD_SCHEMA = "The database's schema is not this version's; run ./huiyin migrate."
WRONG_KEYS = "DATA_KEYS holds no key that opens the data in this database; add the key it had."
NO_REDIS = "Redis cannot be reached; check REDIS_URL."

type Check = Callable[[], Awaitable[str]]  # gives the sentence, "" when all is well


@dataclass(frozen=True, slots=True)
class Found:
    """`missing`: without it nothing goes; `limited`: it goes on, with less. Sentences."""

    missing: tuple[str, ...] = ()
    limited: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        return not self.missing

    @property
    def status(self) -> str:
        if self.missing:
            return "not ready"
        return "limited" if self.limited else "ready"


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a part needs, and what it can do without for a while."""

    needs: Sequence[Check]
    wants: Sequence[Check] = ()

    async def look(self) -> Found:
        """Asks all at once; what does not answer in time is missing, too."""
        found = await asyncio.gather(*map(_in_time, (*self.needs, *self.wants)))
        split = len(self.needs)
        return Found(tuple(filter(None, found[:split])), tuple(filter(None, found[split:])))


async def _in_time(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except TimeoutError:
        name = getattr(check, "__name__", "a check")
        return f"Nothing was heard of {name} within {PATIENCE:.0f} seconds."


def checks(engine: AsyncEngine, vault: Vault, redis: Redis) -> Mapping[str, Check]:
    """The checks of what every part stands on: database, keys, redis."""

    async def database() -> str:
        return await schema_missing(engine)

    async def keys() -> str:
        return await keys_missing(engine, vault)

    async def redis_server() -> str:
        return await redis_missing(redis)

    return {"database": database, "keys": keys, "redis": redis_server}


@cache
def _known() -> tuple[str, ...]:
    return revisions()


async def schema_missing(engine: AsyncEngine) -> str:
    """Whether the database is there with this version's schema or a newer one.

    A newer one is well: while an upgrade runs, the version before serves on the new schema.
    """
    try:
        async with reading(engine) as connection:
            there = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
            query = text("SELECT version_num FROM alembic_version")
            version = await connection.scalar(query) if there else None
    except (SQLAlchemyError, OSError):
        return NO_DATABASE
    *older, _ = await asyncio.to_thread(_known)
    return OLD_SCHEMA if version is None or version in older else ""


async def keys_missing(engine: AsyncEngine, vault: Vault) -> str:
    """Whether the keys open what is there: the newest identity and any officer's name."""
    newest = select(identities.c.sender_sealed).order_by(identities.c.created_at.desc()).limit(1)
    try:
        async with reading(engine) as connection:
            for query in (newest, select(officers.c.name_sealed).limit(1)):
                sealed = (await connection.execute(query)).scalar_one_or_none()
                if sealed is not None:
                    vault.open(sealed)
    except (SQLAlchemyError, OSError):
        return ""  # said by schema_missing
    except InvalidToken:
        return WRONG_KEYS
    return ""


async def redis_missing(redis: Redis) -> str:
    try:
        await redis.ping()
    except (RedisError, OSError):
        return NO_REDIS
    return ""
