"""How far the rules on keeping have been followed, by kind."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, Uuid

from actions.store.tables.base import metadata, moment

retention_marks = Table(  # everything up to here has been looked at
    "retention_marks",
    metadata,
    Column("kind", Text, primary_key=True),
    moment("after_at"),
    Column("after_id", Uuid, nullable=False),
)
