"""Shared by all tests: a real PostgreSQL and Redis, a database of its own for each test, the cast."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text

from actions import clock, logs
from actions.bootstrap import Services, bootstrap
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from actions.store.engine import sqlalchemy_url
from actions.store.migrate import migrate
from bot.stack.children import Children
from bot.stack.embedded import Postgres, free_port, redis_child
from tests.cast import Cast, gather_cast

# Property tests try the same examples on every machine, and none fails for being slow.
hypothesis.settings.register_profile("huiyin", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("huiyin")
logs.configure("INFO", process="tests")

SAMPLE = Path(__file__).parents[1] / "data" / "sample"


@dataclass(frozen=True, slots=True)
class Databases:
    """The running servers, and the template that each test's database is copied from."""

    postgres: str
    redis: str
    template: str
    keys: dict[str, str]

    def settings(self, database: str) -> dict[str, str]:
        return {
            "DATABASE_URL": named(self.postgres, database),
            "REDIS_URL": self.redis,
            **self.keys,
        }


def named(address: str, database: str) -> str:
    """The server's address with another database's name in it."""
    head, _, query = address.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{database}?{query}"


def execute(address: str, statement: str) -> None:
    engine = create_engine(sqlalchemy_url(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    # Not pytest's own folder: each run of pytest closes that to other users, and as root
    # PostgreSQL runs as one.
    folder = Path(tempfile.mkdtemp(prefix="huiyin-test-"))
    postgres = Postgres(folder / "postgres")
    address = postgres.start()
    for setting in ("fsync", "full_page_writes"):  # what a test wrote need not outlive a power cut:
        execute(address, f"ALTER SYSTEM SET {setting} = off")  # dropping a database waits for disks
    execute(address, "SELECT pg_reload_conf()")
    children = Children(folder / "logs")
    port = free_port()
    children.start(redis_child(port, folder / "redis"))
    keys = {
        "DATA_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": secrets.token_urlsafe(32),
        "ACTIONS_SECRET": secrets.token_urlsafe(16),
        "NLU_SECRET": secrets.token_urlsafe(16),
    }
    execute(address, "CREATE DATABASE template_huiyin")
    migrate(named(address, "template_huiyin"))
    try:
        yield Databases(address, f"redis://127.0.0.1:{port}/0", "template_huiyin", keys)
    finally:
        children.stop()
        postgres.stop()
        shutil.rmtree(folder)


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """A fresh, migrated, empty database: its name."""
    name = f"test_{secrets.token_hex(6)}"
    execute(
        databases.postgres,
        f"CREATE DATABASE {name} TEMPLATE {databases.template} STRATEGY FILE_COPY",
    )
    yield name
    execute(databases.postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def environ(databases: Databases, database: str) -> dict[str, str]:
    """The settings of this test's installation."""
    return databases.settings(database)


@pytest.fixture
async def services(environ: dict[str, str]) -> AsyncIterator[Services]:
    """Wired services over this test's database, with the sample city loaded."""
    wired = bootstrap(read(Settings, environ))
    await load(wired.engine, wired.vault, load_city(SAMPLE))
    yield wired
    await wired.redis.flushdb()
    await wired.close()


@pytest.fixture
async def cast(services: Services) -> Cast:
    """The people of the tests, bound in their chats; see tests/cast.py."""
    return await gather_cast(services)


class FrozenClock:
    """A clock that moves a millisecond with each look, and further when told to.

    It starts on a Friday, 14:05 in Beijing.
    """

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def advance(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@pytest.fixture
def frozen() -> Iterator[FrozenClock]:
    source = FrozenClock()
    clock.freeze(source)
    yield source
    clock.freeze(None)
