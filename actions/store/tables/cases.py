"""Cases, their history and what hangs on them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from actions.store.tables.base import metadata, moment

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("short_code_digest", LargeBinary, nullable=False, unique=True),
    Column("short_code_sealed", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False, server_default=""),  # the channel or feed it came by
    Column("state", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("subject_id", Integer, ForeignKey("officers.id")),  # the officer it is about
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("rating_id", Uuid, ForeignKey("ratings.id"), unique=True),
    Column("reason", Text),
    Column("matter_sealed", LargeBinary, nullable=False),  # JSON: what, when, where, who, fed
    Column("phone_sealed", LargeBinary),
    Column("anonymous", Boolean, nullable=False),
    Column("phone_digest", LargeBinary),
    Column("signature", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),
    Column(
        "policy", Text, nullable=False, server_default=""
    ),  # digest of the policy it began under
    Column("escrow", Boolean, nullable=False, server_default=text("false")),
    Column("accepted_by", Integer, ForeignKey("officers.id")),
    Column("answered_by", Integer, ForeignKey("officers.id")),  # who rectified: another re-visits
    Column("answer_sealed", LargeBinary),
    Column("finding", Text),  # substantiated, partly, unsubstantiated
    Column("outcome", Text),  # rectified, explained
    Column("result_grade", Text),  # the citizen's own, the latest
    Column("revisit_grade", Text),  # as told to whoever re-visited
    Column("disputed", Boolean, nullable=False, server_default=text("false")),
    Column("stayed_solved", Boolean),
    Column(
        "rounds", Integer, nullable=False, server_default=text("1")
    ),  # one more per sending back
    Column("reopened", Integer, nullable=False, server_default=text("0")),
    Column("extensions", Integer, nullable=False, server_default=text("0")),
    Column("extension_asked", Text),  # the span asked for, until granted or refused
    Column("merged_into", Uuid, ForeignKey("cases.id")),
    Column("closed_as", Text),  # rated, revisited, reviewed, silent, withdrawn
    moment("answer_by"),
    moment("wanted_by", optional=True),  # by when the feed that handed it over wants the answer
    Column("certain", Boolean, nullable=False, server_default=text("true")),  # of all due times
    moment("due_at", optional=True),  # the earliest of the clocks that run
    moment("created_at"),
    moment("updated_at"),
    moment("closed_at", optional=True),
    Index("ix_cases_identity_id_created_at", "identity_id", "created_at"),
    Index("ix_cases_unit_id_created_at", "unit_id", "created_at"),
    Index("ix_cases_open", "unit_id", postgresql_where=text("closed_at IS NULL")),
    Index("ix_cases_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    Index("ix_cases_phone_digest", "phone_digest", "created_at"),
    Index(
        "ix_cases_accepted_by", "accepted_by", "due_at", postgresql_where=text("closed_at IS NULL")
    ),
    Index("ix_cases_created_at", "created_at"),
    Index("ix_cases_closed_at", "closed_at"),
)

case_followers = Table(  # who opened a case by its short code, from whatever channel
    "case_followers",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("identity_id", Uuid, ForeignKey("identities.id"), primary_key=True),
    Index("ix_case_followers_identity_id", "identity_id"),
)

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    moment("at"),
    Column("verb", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("identity_id", Uuid, ForeignKey("identities.id")),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("detail_sealed", LargeBinary),
    Column("inbox_id", Uuid, nullable=False),
    UniqueConstraint("inbox_id", "verb", "case_id"),
    Index("ix_case_events_case_id_id", "case_id", "id"),
    Index("ix_case_events_officer_id_at", "officer_id", "at"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("inbox_id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id")),
    Column("channel", Text, nullable=False),
    Column("media_sealed", LargeBinary, nullable=False),  # JSON: bot.message.Media
    Column("content_type", Text),
    Column("content_sealed", LargeBinary),
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting, kept, failed
    Column("error", Text),
    moment("created_at"),
    Index("ix_attachments_case_id", "case_id"),
)
