"""What citizens give: ratings."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
)

from actions.store.tables.base import metadata, moment

ratings = Table(
    "ratings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("code_id", Integer, ForeignKey("codes.id")),
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("way", Text, nullable=False),  # see actions.ratings.rating.Way
    Column("grade", Text, nullable=False),
    Column("comment_sealed", LargeBinary),
    Column("inbox_id", Uuid, nullable=False, unique=True),
    Column("event_id", Uuid, ForeignKey("service_events.id"), unique=True),  # one event, one rating
    Column("one_time_id", Uuid, ForeignKey("one_time_codes.id"), unique=True),  # spent by it
    moment("rated_at"),
    CheckConstraint("grade IN ('satisfied', 'basically', 'unsatisfied')", name="grade"),
    Index("ix_ratings_unit_id_rated_at", "unit_id", "rated_at"),
    Index("ix_ratings_officer_id", "officer_id", "rated_at"),
)
