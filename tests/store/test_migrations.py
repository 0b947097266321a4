"""The migrations lead to the tables that the program works with, however often they are run."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from actions.store.engine import plain_url, sqlalchemy_url
from actions.store.migrate import migrate
from actions.store.tables import metadata
from tests.installation import Servers, execute


@pytest.fixture
def empty(databases: Servers) -> Iterator[str]:
    """The address of a database with nothing in it."""
    name = f"test_{secrets.token_hex(6)}"
    execute(databases.postgres, f"CREATE DATABASE {name}")
    yield databases.settings(name)["DATABASE_URL"]
    execute(databases.postgres, f"DROP DATABASE {name} WITH (FORCE)")


def test_two_processes_at_once_lead_to_the_declared_tables(empty: str) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(migrate, [empty, empty, empty]))
    engine = create_engine(sqlalchemy_url(empty))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": False,
                "include_object": lambda _, name, kind, *__: (
                    not (kind == "table" and str(name).startswith(("procrastinate", "alembic")))
                ),
            },
        )
        differences = compare_metadata(context, metadata)
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
        assert len(version.all()) == 1
    engine.dispose()
    assert differences == []


@pytest.mark.parametrize(
    "given", ["postgresql://u:p%40ss@h:5432/d", "postgresql+psycopg://u:p%40ss@h:5432/d"]
)
def test_an_address_is_spelled_for_each_reader(given: str) -> None:
    assert sqlalchemy_url(given) == "postgresql+psycopg://u:p%40ss@h:5432/d"
    assert plain_url(given) == "postgresql://u:p%40ss@h:5432/d"
