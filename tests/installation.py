"""One installation for all tests of a module, where each of them brings its own cases."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, text

from actions.bootstrap import Services, bootstrap
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import Settings, read
from actions.store.engine import sqlalchemy_url

SAMPLE = Path(__file__).parents[1] / "data" / "sample"


class Servers(Protocol):
    """The fixture `databases`."""

    postgres: str
    template: str

    def settings(self, database: str) -> dict[str, str]: ...


@contextlib.asynccontextmanager
async def installation(
    servers: Servers, city: Path | None = SAMPLE, policy: str = ""
) -> AsyncIterator[Services]:
    """Wired services over a database of their own, with the city loaded; dropped at the end.

    `policy` is the name of a shipped one or a file's path, as tests/policies.py writes them.
    """
    name = f"test_{secrets.token_hex(6)}"
    execute(
        servers.postgres, f"CREATE DATABASE {name} TEMPLATE {servers.template} STRATEGY FILE_COPY"
    )
    wired = bootstrap(read(Settings, {**servers.settings(name), "POLICY": policy}))
    try:
        if city is not None:
            await load(wired.engine, wired.vault, load_city(city))
        yield wired
    finally:
        await wired.redis.flushdb()
        await wired.close()
        execute(servers.postgres, f"DROP DATABASE {name} WITH (FORCE)")


def execute(address: str, statement: str) -> None:
    engine = create_engine(sqlalchemy_url(address), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
