"""Jobs as rows: deferred in the transaction of the change that they tell of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import procrastinate
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.store.engine import plain_url

OPEN_FED = "open_fed"  # what a feed handed over and waits, by feed id
FEED_RESULT = "feed_result"  # one result for another system, by id
DELIVER = "deliver"  # one delivery, by id
REVISE = "revise"  # replace what a delivery has sent: by id, with the new text, sealed
KEEP_MEDIA = "keep_media"  # fetch an attachment's bytes, by inbox id

DELIVERIES = "deliveries"  # the queue of DELIVER: the worker takes those in batches
OTHERS = "default"  # the queue of everything else: done one by one
SOON, CAN_WAIT = 0, -1  # priorities: what is one of many lets everything else go first
RECONNECT_SECONDS = 1.0  # after which the next attempt to connect begins


def create_queue(database_url: str) -> procrastinate.App:
    """The queue. Deferring with `defer` needs nothing opened; a worker opens it."""
    connector = procrastinate.PsycopgConnector(
        conninfo=plain_url(database_url), max_size=6, pool_factory=steady_pool
    )
    return procrastinate.App(connector=connector)


def steady_pool(**given: Any) -> AsyncConnectionPool[Any]:
    """A pool that tries every second to connect while the database is away. By itself it would wait
    twice as long after each attempt, and go on late when the database has long been back.
    """
    return AsyncConnectionPool(
        **given, reconnect_timeout=RECONNECT_SECONDS, reconnect_failed=_connect_again
    )


async def _connect_again(pool: AsyncConnectionPool[Any]) -> None:
    await pool.check()  # an empty pool begins to grow


async def defer(
    queue: procrastinate.App,
    connection: AsyncConnection,
    task: str,
    *,
    lock: str | None = None,
    after: int = 0,
    priority: int = SOON,
    **arguments: Any,
) -> None:
    """Adds a job in the connection's own transaction: it exists exactly if the change does. It
    begins `after` so many seconds at the earliest.

    Jobs with the same lock run one after the other, the higher priority first, then in the order
    they were deferred.
    """
    driver = (await connection.get_raw_connection()).driver_connection
    job = queue.configure_task(
        task,
        connection=driver,
        queue=_queue_of(task),
        lock=lock,
        priority=priority,
        schedule_in={"seconds": after} if after else None,
    )
    await job.defer_async(**arguments)


async def defer_all(
    queue: procrastinate.App,
    connection: AsyncConnection,
    task: str,
    each: Sequence[tuple[str, Mapping[str, str]]],
    *,
    priority: int = SOON,
) -> None:
    """Adds many jobs of one task, each a lock and its arguments, in one statement; see `defer`."""
    if not each:
        return
    driver = (await connection.get_raw_connection()).driver_connection
    job = queue.configure_task(task, queue=_queue_of(task), priority=priority).job
    found = [job.evolve(lock=lock, task_kwargs=dict(arguments)) for lock, arguments in each]
    await queue.job_manager.batch_defer_jobs_async(found, connection=driver)


def _queue_of(task: str) -> str:
    return DELIVERIES if task == DELIVER else OTHERS
