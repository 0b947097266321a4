"""Bringing the database to this version's schema."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from actions.errors import ConfigurationError
from actions.store.engine import sqlalchemy_url

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_TIMEOUT = "2s"  # what waits behind a migration that waits for a table waits no longer
TRIES, PAUSE = 100, 1.0  # and seconds between them
ASK_EVERY = 0.05  # seconds between looks whether another process has finished migrating
_LOCK = 0x68756979  # advisory lock: two starting processes do not migrate at once


def migrate(database_url: str, revision: str = "head") -> None:
    """Runs what is missing; does nothing when the schema is current. Blocking.

    May run while everything serves: it waits LOCK_TIMEOUT for a table and then gives way, so that
    nobody queues behind it for longer, and tries again. Raises ConfigurationError when somebody
    holds a table all the while.
    """
    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.connect() as connection:
            _wait_for_turn(connection)
            connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.commit()
            try:
                _upgrade(connection, revision)
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                connection.commit()
    finally:
        engine.dispose()


def _wait_for_turn(connection: Connection) -> None:
    """Asks until nobody else migrates. Whoever waited inside PostgreSQL would itself be waited for
    by the other's CREATE INDEX CONCURRENTLY.
    """
    asked = text("SELECT pg_try_advisory_lock(:lock)")
    while not connection.execute(asked, {"lock": _LOCK}).scalar_one():
        connection.commit()
        time.sleep(ASK_EVERY)


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command  # only here: every other start is that much shorter

    for _ in range(TRIES):
        try:
            command.upgrade(_config(connection), revision)  # each migration commits by itself
            connection.commit()
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            connection.rollback()
            time.sleep(PAUSE)
        else:
            return
    raise ConfigurationError(
        "A table is in use all the while and cannot be changed; end long transactions (a backup, a "
        "report) and run ./huiyin migrate again. Nothing is left in half."
    )


def revisions() -> tuple[str, ...]:
    """The schema's versions that this program knows, the oldest first. Blocking: reads files."""
    from alembic.script import ScriptDirectory

    newest_first = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return tuple(script.revision for script in newest_first)[::-1]


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
