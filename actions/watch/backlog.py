"""What waits in the database, as numbers: looked up when somebody reads them, never more often."""

from __future__ import annotations

import asyncio
from time import monotonic

import structlog
from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.store.engine import reading
from actions.watch.metrics import Metrics

FRESH = 5.0  # seconds for which a look serves all readers

# Each reads only what is open: ix_inbox_open, ix_deliveries_open, ix_deliveries_held, ix_alarms_waiting
# and procrastinate's index of jobs to do. Ages in seconds, 0 where nothing waits.
_LOOKS = {
    "inbox": """
        SELECT count(*) AS number,
            coalesce(extract(epoch FROM :now - min(received_at)), 0) AS age
        FROM inbox WHERE done_at IS NULL
    """,
    "deliveries": """
        SELECT count(*) AS number, coalesce(extract(epoch FROM :now - min(created_at)), 0) AS age
        FROM deliveries WHERE state = 'queued'
    """,
    "held": "SELECT count(*) AS number, 0 AS age FROM deliveries WHERE state = 'held'",
    "jobs": """
        WITH due AS (
            SELECT id, scheduled_at FROM procrastinate_jobs
            WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
        ), oldest AS (SELECT id, scheduled_at FROM due ORDER BY id LIMIT 100)
        SELECT (SELECT count(*) FROM due) AS number,
            coalesce(extract(epoch FROM now() - min(coalesce(scheduled_at, added.at))), 0) AS age
        FROM oldest CROSS JOIN LATERAL (
            SELECT min(at) AS at FROM procrastinate_events WHERE job_id = oldest.id
        ) AS added
    """,
    "alarms": """
        SELECT count(*) AS number, coalesce(extract(epoch FROM :now - min(at)), 0) AS age
        FROM alarms WHERE fired_at IS NULL AND at <= :now
    """,
}
log = structlog.get_logger()


class Backlog:
    """`huiyin_waiting` and `huiyin_waiting_oldest_seconds` by what waits; the same numbers from
    every process of one installation, so that they are there while only one of them lives.
    """

    def __init__(self, engine: AsyncEngine, metrics: Metrics) -> None:
        registry = metrics.registry
        self._engine = engine
        self._looking = asyncio.Lock()
        self._looked = -FRESH
        self._number = Gauge("huiyin_waiting", "Rows that wait.", ["what"], registry=registry)
        self._age = Gauge(
            "huiyin_waiting_oldest_seconds",
            "How long the oldest of them has waited; jobs and alarms count from when they fell due.",
            ["what"],
            registry=registry,
        )
        self._up = Gauge("huiyin_database_up", "1 while PostgreSQL answers.", registry=registry)
        in_use = Gauge("huiyin_database_connections", "Connections in use.", registry=registry)
        in_use.set_function(self._in_use)

    def _in_use(self) -> float:
        return float(self._engine.pool.checkedout())  # type: ignore[attr-defined]

    async def look(self) -> None:
        """Brings the numbers up to date; without a database they go, and the rest is still told."""
        async with self._looking:
            if monotonic() - self._looked < FRESH:
                return
            try:
                async with asyncio.timeout(3):
                    await self._look()
                self._up.set(1)
            except (SQLAlchemyError, TimeoutError) as error:
                log.warning("database not reachable", error=type(error).__name__)
                self._number.clear()
                self._age.clear()
                self._up.set(0)
            self._looked = monotonic()

    async def _look(self) -> None:
        now = clock.now()
        async with reading(self._engine) as connection:
            for what, query in _LOOKS.items():
                bound = {"now": now} if ":now" in query else {}
                row = (await connection.execute(text(query), bound)).one()
                self._number.labels(what).set(row.number)
                self._age.labels(what).set(max(float(row.age), 0))
