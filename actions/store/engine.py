"""The connection pool to PostgreSQL."""

from __future__ import annotations

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


def sqlalchemy_url(database_url: str) -> str:
    """A plain postgresql:// address as SQLAlchemy wants it, with the psycopg 3 driver."""
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def plain_url(database_url: str) -> str:
    """The same address as libpq wants it, without a driver name."""
    url = make_url(database_url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def create_engine(database_url: str, pool: int) -> AsyncEngine:
    """A pool of at most `pool` connections; nothing is opened yet.

    Statements time out after 15 s, so that a stuck lock cannot hold a turn for ever. None is worth
    parallel workers or compiling: starting those takes longer than what is asked here.
    """
    return create_async_engine(
        sqlalchemy_url(database_url),
        pool_size=pool,
        max_overflow=0,
        pool_timeout=15,
        hide_parameters=True,
        pool_recycle=1800,
        connect_args={
            "options": "-c statement_timeout=15000 -c timezone=UTC -c jit=off "
            "-c max_parallel_workers_per_gather=0",
            "connect_timeout": 10,
            "prepare_threshold": 3,
        },
    )
