"""What staff write down for citizens, their sessions in the browser, calls by a recorded voice."""

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
    UniqueConstraint,
    Uuid,
    text,
)

from actions.store.tables.base import metadata, moment

desk_entries = Table(  # who wrote down what for a citizen; the id is the message's or the form's
    "desk_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    Column("source", Text, nullable=False),  # see actions.desk.entry.Source
    Column("case_id", Uuid, ForeignKey("cases.id")),
    Column("rating_id", Uuid, ForeignKey("ratings.id")),
    moment("created_at"),
    Index("ix_desk_entries_officer_id_created_at", "officer_id", "created_at"),
)

login_links = Table(  # good once, for a few minutes, for the chat that asked for it
    "login_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    Column("wall_unit_id", Integer, ForeignKey("units.id")),  # it opens this unit's wall screen
    moment("expires_at"),
    moment("used_at", optional=True),
    Index("ix_login_links_expires_at", "expires_at"),
)

sessions = Table(  # an officer's browser; only the digest of its cookie is known here
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    Column("wall_unit_id", Integer, ForeignKey("units.id")),  # a wall screen, which only shows
    moment("created_at"),
    moment("expires_at"),
    moment("ended_at", optional=True),
    moment("seen_at", optional=True),  # of a wall screen, to a minute
    Index("ix_sessions_expires_at", "expires_at"),
    Index("ix_sessions_walls", "officer_id", postgresql_where=text("wall_unit_id IS NOT NULL")),
)

voice_calls = Table(  # a call by a recorded voice: one for each attempt of a task
    "voice_calls",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("task_id", Uuid, ForeignKey("callback_tasks.id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("vendor_id", Text),
    Column("state", Text, nullable=False),
    Column("outcome", Text),  # a grade, unreached, or human: left to people
    moment("created_at"),
    moment("reported_at", optional=True),
    UniqueConstraint("task_id", "attempt"),
    CheckConstraint("state IN ('placing', 'placed', 'reported', 'failed')", name="state"),
)
