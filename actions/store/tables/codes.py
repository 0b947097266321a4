"""Codes that people scan: where they lead now, what happened to them, their platform pictures."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
)

from actions.store.tables.base import metadata, moment

codes = Table(
    "codes",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("scene", Text, nullable=False, unique=True),
    Column("letters", Text, nullable=False),  # the scene as anybody may type it: codes/spelling.py
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("label", Text, nullable=False),
    Column("printed", Text),  # the label on the stickers outside, where it is not `label` any more
    Column("replaced_by", Integer, ForeignKey("codes.id")),
    moment("retired_at", optional=True),
    CheckConstraint("replaced_by IS NULL OR retired_at IS NOT NULL", name="replaced"),
    CheckConstraint("replaced_by <> id", name="itself"),
    Index("ix_codes_letters", "letters"),
    Index("ix_codes_unit_id", "unit_id"),
)

code_events = Table(  # only ever added to
    "code_events",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("code_id", Integer, ForeignKey("codes.id"), nullable=False),
    Column("verb", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),  # where it led afterwards
    Column("label", Text, nullable=False),  # what it was called afterwards
    Column("replaced_by", Integer, ForeignKey("codes.id")),
    Column("by", Text, nullable=False),  # the shell's user, or the file that was loaded
    moment("at"),
    CheckConstraint(
        "verb IN ('made', 'loaded', 'moved', 'retired', 'replaced', 'printed')", name="verb"
    ),
    Index("ix_code_events_code_id", "code_id", "id"),
)

code_tickets = Table(  # a platform's code for ever: made once, it cannot be taken back
    "code_tickets",
    metadata,
    Column("code_id", Integer, ForeignKey("codes.id"), primary_key=True),
    Column("app_id", Text, primary_key=True),
    Column("ticket", Text, nullable=False),
    Column("url", Text, nullable=False),
    moment("made_at"),
)
