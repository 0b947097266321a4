"""Cases from elsewhere: what a feed may do, what it handed over, what it is told."""

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

case_feeds = Table(  # a feed that hands over cases; its key stands in `feeds`
    "case_feeds",
    metadata,
    Column("feed_id", Integer, ForeignKey("feeds.id"), primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),  # see actions.feeds.sources
    Column("mapping", Text, nullable=False),  # name of a shipped file, or a path
    Column("tells", Text, nullable=False),  # who tells the citizen
    Column("webhook", Text),
    Column("secret_sealed", LargeBinary),
    Column("old_secret_sealed", LargeBinary),  # signs beside the new one for a while
    moment("old_secret_until", optional=True),
    moment("stopped_at", optional=True),  # the other side wants nothing more (410)
    Column("failures", Integer, nullable=False, server_default=text("0")),  # one after the other
    moment("resting_until", optional=True),  # nothing is sent there before
    CheckConstraint("tells IN ('feed', 'us', 'both')", name="tells"),
)

fed_cases = Table(  # a record; the feed's own number makes it one
    "fed_cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("feed_id", Integer, ForeignKey("case_feeds.feed_id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),  # JSON: actions.feeds.record.Record
    Column("content_digest", LargeBinary, nullable=False),
    Column("pending_sealed", LargeBinary),  # the same with other content, not told the case yet
    Column("pending_digest", LargeBinary),
    Column("case_id", Uuid, ForeignKey("cases.id")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("error", Text),
    moment("received_at"),
    moment("opened_at", optional=True),
    moment("waiting_since", optional=True),  # something is to be done with it
    UniqueConstraint("feed_id", "number"),
    Index(
        "ux_fed_cases_case_id", "case_id", unique=True, postgresql_where=text("case_id IS NOT NULL")
    ),
    Index(
        "ix_fed_cases_waiting",
        "feed_id",
        "id",
        postgresql_where=text("waiting_since IS NOT NULL"),
    ),
)

feed_results = Table(  # what the other side is told, in the order it happened to each record
    "feed_results",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("fed_id", Uuid, ForeignKey("fed_cases.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("happened", Text, nullable=False),
    Column("body_sealed", LargeBinary, nullable=False),  # JSON, as it is sent
    Column("state", Text, nullable=False, server_default="queued"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("note", Text),
    moment("created_at"),
    moment("sent_at", optional=True),
    UniqueConstraint("fed_id", "seq"),
    CheckConstraint("state IN ('queued', 'sent', 'failed', 'dropped')", name="state"),
    Index("ix_feed_results_open", "created_at", postgresql_where=text("state <> 'sent'")),
)
