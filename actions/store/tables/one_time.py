"""One-time codes that officers ask for and show to one citizen each."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from actions.store.tables.base import metadata, moment

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scene", Text, nullable=False),
    Column("letters", Text, nullable=False, unique=True),  # as anybody may type it
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),  # where they served then
    Column("label", Text, nullable=False),  # what the citizen sees: unit and 李警官
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),  # who asked
    Column("inbox_id", Uuid, nullable=False),  # the message that asked
    Column("number", SmallInteger, nullable=False),  # of those that it asked for
    Column("in_pack", Boolean, nullable=False),  # fetched ahead for the whole day
    Column("kind", Text),  # of service, as service_events has it; NULL: not said
    Column("event_id", Uuid, ForeignKey("service_events.id")),
    moment("made_at"),
    moment("expires_at"),  # what the officer is told
    moment("counts_until"),  # until when a grade is taken: a little later
    moment("used_at", optional=True),
    Column("used_by", Uuid),  # the message that rated, by its inbox id
    UniqueConstraint("inbox_id", "number"),
    CheckConstraint("(used_at IS NULL) = (used_by IS NULL)", name="used"),
    CheckConstraint("made_at < expires_at AND expires_at <= counts_until", name="span"),
    Index("ix_one_time_codes_officer_id", "officer_id", "made_at"),
    Index("ix_one_time_codes_made_at", "made_at"),
)
