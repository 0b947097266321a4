"""Every table. Columns named *_sealed hold personal data sealed by the vault, *_digest its hash."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _moment(name: str, *, optional: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=optional)


units = Table(
    "units",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("aliases", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("kind", Text, nullable=False),
    Column("parent_id", Integer, ForeignKey("units.id")),
    Column("path", Text, nullable=False),  # "/1/5/9/": ids from the city down to the unit itself
    Index("ix_units_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
)

officers = Table(
    "officers",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("badge", Text, nullable=False, unique=True),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("title", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

posts = Table(
    "posts",
    metadata,
    Column("officer_id", Integer, ForeignKey("officers.id"), primary_key=True),
    Column("unit_id", Integer, ForeignKey("units.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Index("ix_posts_unit_id", "unit_id"),
)

identities = Table(
    "identities",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("sender_digest", LargeBinary, nullable=False),
    Column("sender_sealed", LargeBinary, nullable=False),
    Column("conversation", Text, nullable=False, unique=True),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("language", Text, nullable=False, server_default="zh"),
    Column("state", Text, nullable=False, server_default="active"),
    _moment("created_at"),
    UniqueConstraint("channel", "sender_digest"),
    CheckConstraint("state IN ('active', 'unsubscribed', 'dead')", name="state"),
    Index("ix_identities_officer_id", "officer_id"),
)

binding_codes = Table(
    "binding_codes",
    metadata,
    Column("code_digest", LargeBinary, primary_key=True),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    _moment("expires_at"),
    _moment("used_at", optional=True),
    Column("used_by", Uuid, ForeignKey("identities.id")),
)

codes = Table(
    "codes",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("scene", Text, nullable=False, unique=True),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("label", Text, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("code_id", Integer, ForeignKey("codes.id")),
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("way", Text, nullable=False),  # scan: the code was scanned; typed: the unit was named
    Column("grade", Text, nullable=False),
    Column("comment_sealed", LargeBinary),
    Column("inbox_id", Uuid, nullable=False, unique=True),
    _moment("rated_at"),
    CheckConstraint("grade IN ('satisfied', 'basically', 'unsatisfied')", name="grade"),
    Index("ix_ratings_unit_id_rated_at", "unit_id", "rated_at"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("short_code_digest", LargeBinary, nullable=False, unique=True),
    Column("short_code_sealed", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("subject_id", Integer, ForeignKey("officers.id")),  # the officer it is about
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("rating_id", Uuid, ForeignKey("ratings.id"), unique=True),
    Column("reason", Text),
    Column("matter_sealed", LargeBinary, nullable=False),  # JSON: what, when, where, who
    Column("phone_sealed", LargeBinary),
    Column("anonymous", Boolean, nullable=False),
    Column("accepted_by", Integer, ForeignKey("officers.id")),
    Column("answer_sealed", LargeBinary),
    Column("result_grade", Text),
    _moment("answer_by"),
    _moment("created_at"),
    _moment("updated_at"),
    _moment("closed_at", optional=True),
    Index("ix_cases_identity_id_created_at", "identity_id", "created_at"),
    Index("ix_cases_unit_id_created_at", "unit_id", "created_at"),
    Index("ix_cases_open", "unit_id", postgresql_where=text("closed_at IS NULL")),
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
    _moment("at"),
    Column("verb", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("identity_id", Uuid, ForeignKey("identities.id")),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("detail_sealed", LargeBinary),
    Column("inbox_id", Uuid, nullable=False),
    UniqueConstraint("inbox_id", "verb"),
    Index("ix_case_events_case_id_id", "case_id", "id"),
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
    _moment("created_at"),
    Index("ix_attachments_case_id", "case_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("seq", BigInteger, Identity(), nullable=False),
    Column("channel", Text, nullable=False),
    Column("message_digest", LargeBinary, nullable=False),
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("conversation", Text, nullable=False),
    Column("message_sealed", LargeBinary, nullable=False),  # JSON: bot.message.Incoming
    Column("state", Text, nullable=False, server_default="received"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease", Uuid),  # names the claim of whoever works on the row
    _moment("leased_until", optional=True),
    _moment("next_attempt_at"),
    Column("told_kept", Boolean, nullable=False, server_default=text("false")),
    Column("answer_sealed", LargeBinary),  # JSON: list of bot.message.Outgoing
    Column("push", Boolean, nullable=False, server_default=text("false")),  # nobody waits any more
    _moment("received_at"),
    _moment("done_at", optional=True),
    UniqueConstraint("channel", "message_digest"),
    CheckConstraint("state IN ('received', 'working', 'done', 'failed')", name="state"),
    Index("ix_inbox_open", "conversation", "seq", postgresql_where=text("done_at IS NULL")),
    Index("ix_inbox_due", "next_attempt_at", postgresql_where=text("done_at IS NULL")),
    Index(
        "ux_inbox_one_at_a_time",
        "conversation",
        unique=True,
        postgresql_where=text("state = 'working'"),
    ),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # the same notice is never queued twice
    Column("identity_id", Uuid, ForeignKey("identities.id"), nullable=False),
    Column("case_id", Uuid, ForeignKey("cases.id")),
    Column("topic", Text, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("via", Text),
    Column("note", Text),
    Column("platform_id", Text),  # the platform's own id of the message, for its receipts
    _moment("created_at"),
    _moment("sent_at", optional=True),
    CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
    Index("ix_deliveries_created_at", "created_at"),
    Index("ix_deliveries_platform_id", "platform_id"),
    Index("ix_deliveries_open", "created_at", postgresql_where=text("state = 'queued'")),
)
