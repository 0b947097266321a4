"""Bulletins: what was made, to whom it went, and up to which period each kind has been sent."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)

from actions.store.tables.base import metadata, moment

bulletins = Table(
    "bulletins",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("seq", BigInteger, Identity(), nullable=False, unique=True),  # gives the number
    Column("number", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("end_day", Date, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # JSON: actions/bulletins/content.py
    Column("asked_by", Integer, ForeignKey("officers.id")),
    Column("inbox_id", Uuid, unique=True),  # the message that asked for it
    moment("made_at"),
    Index(
        "ux_bulletins_scheduled",
        "kind",
        "unit_id",
        "first_day",
        unique=True,
        postgresql_where=text("kind <> 'asked'"),
    ),
    Index("ix_bulletins_made_at", "made_at"),
)

bulletin_copies = Table(  # one for each chat; one without a chat for whoever has none
    "bulletin_copies",
    metadata,
    Column("key", Text, primary_key=True),  # of its delivery
    Column("bulletin_id", Uuid, ForeignKey("bulletins.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    Column("identity_id", Uuid, ForeignKey("identities.id")),
    moment("made_at"),
    Index("ix_bulletin_copies_bulletin_id", "bulletin_id"),
    Index("ix_bulletin_copies_officer_id", "officer_id", "made_at"),
)

bulletin_rounds = Table(  # the period up to which a kind has been sent, by its first day
    "bulletin_rounds",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("first_day", Date, nullable=False),
    moment("done_at"),
)
