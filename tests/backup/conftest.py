"""Databases that come and go: one to be backed up, others to restore into."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

import pytest

from actions.settings import Settings, read
from tests.installation import Servers, execute

type Fresh = Callable[[], Settings]


@pytest.fixture
def fresh(databases: Servers) -> Iterator[Fresh]:
    """Makes empty databases, without even a schema, with this run's keys."""
    names: list[str] = []

    def make() -> Settings:
        names.append(f"test_{secrets.token_hex(6)}")
        execute(databases.postgres, f"CREATE DATABASE {names[-1]}")
        return read(Settings, databases.settings(names[-1]))

    yield make
    for name in names:
        execute(databases.postgres, f"DROP DATABASE {name} WITH (FORCE)")
