"""Bringing the database to this version's schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, text

from actions.store.engine import sqlalchemy_url

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x68756979  # advisory lock: two starting processes do not migrate at once


def migrate(database_url: str, revision: str = "head") -> None:
    """Runs what is missing; does nothing when the schema is current. Blocking."""
    from alembic import command  # only here: every other start is that much shorter

    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()
            try:
                command.upgrade(_config(connection), revision)
                connection.commit()
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                connection.commit()
    finally:
        engine.dispose()


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
