"""Reports that are kept, sealed, by unit and period."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.org.org import Unit
from actions.privacy.vault import Vault
from actions.reports.periods import Period
from actions.store.engine import reading
from actions.store.tables import topic_reports
from actions.topics.report import TopicReport
from actions.topics.texts import anything_new

FRESH = timedelta(hours=1)  # a report of a period that runs, where more has been written since
KEPT = timedelta(days=7)


class KeptReports:
    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    async def read(self, unit: Unit, period: Period) -> TopicReport | None:
        """The report, if what it says still holds: computed in the last week, and after the period
        was over, or within the hour, or nothing was written since.
        """
        async with reading(self._engine) as connection:
            query = select(topic_reports).where(*_of(unit, period))
            row = (await connection.execute(query)).one_or_none()
            if row is None or row.computed_at < clock.now() - KEPT:
                return None
            holds = _holds(row.computed_at, period)
            if not holds and await anything_new(connection, unit, row.computed_at):
                return None
        return TopicReport.from_plain(self._vault.open_json(row.report_sealed))

    async def keep(self, unit: Unit, report: TopicReport) -> None:
        """Keeps the report in the place of an older one; what is a week old goes."""
        values = {
            "report_sealed": self._vault.seal_json(report.plain()),
            "computed_at": report.as_of,
        }
        period = report.period
        statement = insert(topic_reports).values(
            unit_id=unit.id, starts_at=period.start, ends_at=period.end, **values
        )
        old = topic_reports.c.computed_at < clock.now() - KEPT
        async with self._engine.begin() as connection:
            await connection.execute(delete(topic_reports).where(old))
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["unit_id", "starts_at", "ends_at"], set_=values
                )
            )


def _holds(computed_at: datetime, period: Period) -> bool:
    return computed_at >= period.end or computed_at >= clock.now() - FRESH


def _of(unit: Unit, period: Period) -> tuple[Any, ...]:
    return (
        topic_reports.c.unit_id == unit.id,
        topic_reports.c.starts_at == period.start,
        topic_reports.c.ends_at == period.end,
    )
