"""The connection pool to PostgreSQL."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_MOST_PLANNED = 300  # statements a connection has the server keep planned; the driver's own is 100
_SINGLE: WeakKeyDictionary[AsyncEngine, AsyncEngine] = WeakKeyDictionary()  # made in 0.2 ms each


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
    engine = create_async_engine(
        sqlalchemy_url(database_url),
        pool_size=pool,
        pool_use_lifo=True,  # few connections do most, so their statements are planned already
        max_overflow=0,
        pool_timeout=15,
        hide_parameters=True,
        pool_recycle=1800,
        connect_args={
            "options": "-c statement_timeout=15000 -c timezone=UTC -c jit=off "
            "-c max_parallel_workers_per_gather=0",
            "connect_timeout": 10,
            "prepare_threshold": 1,
        },
    )
    event.listen(engine.sync_engine, "connect", _keep_more_planned)
    return engine


def single(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, where each statement is a transaction of its own: two trips less for one."""
    if engine not in _SINGLE:
        _SINGLE[engine] = engine.execution_options(isolation_level="AUTOCOMMIT")
    return _SINGLE[engine]


def reading(engine: AsyncEngine) -> AbstractAsyncContextManager[AsyncConnection]:
    """A connection for statements that only read, each of which sees what is committed by then.

    No BEGIN and no ROLLBACK go around them: the driver throws everything away that the server has
    planned for it when it has to roll back.
    """
    return single(engine).connect()


def _keep_more_planned(connection: Any, _: Any) -> None:
    connection.driver_connection.prepared_max = _MOST_PLANNED
