"""What came in and what goes out."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
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

from actions.store.tables.base import metadata, moment

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
    moment("leased_until", optional=True),
    moment("next_attempt_at"),
    Column("told_kept", Boolean, nullable=False, server_default=text("false")),
    Column("answer_sealed", LargeBinary),  # JSON: list of bot.message.Outgoing
    Column("push", Boolean, nullable=False, server_default=text("false")),  # nobody waits any more
    moment("received_at"),
    moment("done_at", optional=True),
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
    Column("card", Text),  # names what it shows, so that it can be revised
    Column("revised_sealed", LargeBinary),  # the text that replaces it
    moment("revised_at", optional=True),
    Column("state", Text, nullable=False, server_default="queued"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("pieces_sent", Integer, nullable=False, server_default=text("0")),
    Column("via", Text),
    Column("note", Text),
    Column("turn", Uuid),  # the message because of which it was queued: for the logs
    Column("platform_id", Text),  # the platform's own id of the message, for its receipts
    moment("created_at"),
    moment("sent_at", optional=True),
    moment("delivered_at", optional=True),  # the platform says that it has arrived
    # held: for the morning's digest; merged: told in a digest
    CheckConstraint("state IN ('queued', 'held', 'merged', 'sent', 'failed')", name="state"),
    Index("ix_deliveries_created_at", "created_at"),
    Index("ix_deliveries_platform_id", "platform_id"),
    Index("ix_deliveries_card", "card", postgresql_where=text("card IS NOT NULL")),
    Index("ix_deliveries_held", "identity_id", postgresql_where=text("state = 'held'")),
    Index("ix_deliveries_open", "created_at", postgresql_where=text("state = 'queued'")),
)
