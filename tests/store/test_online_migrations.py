"""Migrations while everything serves: they give way, and take nothing that the version before uses."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import Engine, event

from actions.errors import ConfigurationError
from actions.store import migrate as migrating
from actions.store.engine import plain_url
from actions.store.migrate import MIGRATIONS, migrate, revisions
from tests.installation import Servers, execute

# From here on an installation is upgraded while it serves.
FIRST_ONLINE = next(MIGRATIONS.glob("versions/*_turns.py")).name.partition("_")[0]
BEFORE = revisions()[revisions().index(FIRST_ONLINE) - 1]


@pytest.fixture
def old(databases: Servers) -> Iterator[str]:
    """The address of a database with the schema of the version before."""
    name = f"test_{secrets.token_hex(6)}"
    execute(databases.postgres, f"CREATE DATABASE {name}")
    address = databases.settings(name)["DATABASE_URL"]
    migrate(address, BEFORE)
    yield address
    execute(databases.postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrating, "PAUSE", 0.05)


def version(address: str) -> str:
    with psycopg.connect(plain_url(address)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def test_writers_go_on_while_a_migration_waits_for_a_table(old: str, hurried: None) -> None:
    """A long transaction reads the table; the migration wants it alone; others write meanwhile.

    Did the migration wait in the queue until it had the table, the writes behind it would wait,
    too, and this test would never end.
    """
    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(plain_url(old)) as reader:
            reader.execute("SELECT count(*) FROM deliveries")
            running = pool.submit(migrate, old)
            for _ in range(20):
                with psycopg.connect(plain_url(old)) as writer:
                    writer.execute("UPDATE deliveries SET attempts = attempts")
            assert not running.done()
        running.result(timeout=60)
    assert version(old) == revisions()[-1]


def test_a_table_that_is_never_free_is_one_sentence(
    old: str, hurried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "TRIES", 3)
    with psycopg.connect(plain_url(old)) as reader:
        reader.execute("SELECT count(*) FROM deliveries")
        with pytest.raises(ConfigurationError, match=r"run \./huiyin migrate again"):
            migrate(old)
    assert version(old) == BEFORE
    migrate(old)
    assert version(old) == revisions()[-1]


# What a migration may not do to a table that the version before knows: that version still uses it.
_TAKES_AWAY = (
    r"DROP (TABLE|COLUMN|TYPE|VIEW)",
    r"\bRENAME\b",
    r"ALTER COLUMN \S+ (SET NOT NULL|TYPE)",
    r"ADD COLUMN (?!.*\bDEFAULT\b).* NOT NULL",
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)",
    r"ADD (CONSTRAINT \S+ )?(CHECK|FOREIGN KEY)(?!.*NOT VALID)",
)


def takes_away(statement: str, known: set[str]) -> bool:
    """Whether the statement breaks or blocks a version that works with the tables `known`."""
    words = " ".join(statement.split())
    named = {word.strip('"').lower() for word in re.findall(r'"?\w+"?', words)}
    return bool(known & named) and any(re.search(rule, words, re.I) for rule in _TAKES_AWAY)


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("ALTER TABLE deliveries ADD COLUMN turn UUID", False),
        ("ALTER TABLE deliveries ADD COLUMN n INTEGER DEFAULT 0 NOT NULL", False),
        ("CREATE TABLE new (id INTEGER NOT NULL)", False),
        ("CREATE INDEX ix_new ON new (id)", False),
        ("CREATE INDEX CONCURRENTLY ix_turn ON deliveries (turn)", False),
        ("ALTER TABLE deliveries ADD CONSTRAINT c CHECK (n > 0) NOT VALID", False),
        ("ALTER TABLE deliveries ADD COLUMN n INTEGER NOT NULL", True),
        ("CREATE UNIQUE INDEX ix_turn ON deliveries (turn)", True),
        ("ALTER TABLE deliveries DROP COLUMN note", True),
        ("ALTER TABLE deliveries RENAME note TO words", True),
        ("ALTER TABLE deliveries ALTER COLUMN note TYPE INTEGER", True),
        ("ALTER TABLE deliveries ALTER COLUMN note SET NOT NULL", True),
        ("ALTER TABLE deliveries ADD CONSTRAINT c CHECK (n > 0)", True),
        ("DROP TABLE deliveries", True),
    ],
)
def test_the_rule_of_expanding(statement: str, refused: bool) -> None:
    assert takes_away(statement, {"deliveries"}) == refused


def test_migrations_only_expand(old: str) -> None:
    """What they run on the tables of the version before leaves it able to serve."""
    with psycopg.connect(plain_url(old)) as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        known = {row[0] for row in connection.execute(query).fetchall()} - {"alembic_version"}
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        migrate(old)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert any("alembic_version" in statement for statement in statements)
    assert [statement for statement in statements if takes_away(statement, known)] == []
