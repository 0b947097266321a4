"""What became of text messages, part by part, and what they cost."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)

from actions.store.tables.base import metadata, moment

# A row per part, or per message where the gateway reports on it as a whole. A receipt may come
# before the sending is committed: then the row has no delivery yet.
sms_parts = Table(
    "sms_parts",
    metadata,
    Column("platform_id", Text, primary_key=True),  # the gateway's own id
    Column("delivery_id", Uuid, ForeignKey("deliveries.id")),
    Column("parts", Integer, nullable=False, server_default=text("0")),
    Column("fen", Numeric(10, 2), nullable=False, server_default=text("0")),
    Column("state", Text, nullable=False),
    Column("reason", Text),  # the gateway's words, where it failed
    moment("sent_at", optional=True),
    moment("noted_at"),
    CheckConstraint("state IN ('sent', 'delivered', 'failed')", name="state"),
    Index("ix_sms_parts_delivery_id", "delivery_id"),
    Index("ix_sms_parts_sent_at", "sent_at"),
    Index("ix_sms_parts_early", "noted_at", postgresql_where=text("delivery_id IS NULL")),
)
