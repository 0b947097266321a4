"""Topic reports that are kept, so that whoever asks need not wait."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, Table

from actions.store.tables.base import metadata, moment

topic_reports = Table(
    "topic_reports",
    metadata,
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    moment("starts_at"),
    moment("ends_at"),
    Column("report_sealed", LargeBinary, nullable=False),  # JSON: TopicReport.plain()
    moment("computed_at"),
    PrimaryKeyConstraint("unit_id", "starts_at", "ends_at"),
)
