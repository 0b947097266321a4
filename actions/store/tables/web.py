"""The web chat: browsers that talk with us, what their pages show, files on their way."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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

web_visitors = Table(
    "web_visitors",
    metadata,
    Column("digest", LargeBinary, primary_key=True),  # as identities.sender_digest
    # Counts what was added or changed; taken under this row's lock, so that nobody who reads on
    # from a number misses what is committed later.
    Column("last_change", Integer, nullable=False, server_default=text("0")),
    moment("created_at"),
    moment("active_at"),  # the last time that something was said
    moment("ended_at", optional=True),  # the visitor cleared it; the row bars the old cookie
    Index("ix_web_visitors_active_at", "active_at"),
)

web_files = Table(
    "web_files",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("visitor", LargeBinary, ForeignKey("web_visitors.digest"), nullable=False),
    Column("content_type", Text, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),
    moment("created_at"),
    Index("ix_web_files_visitor", "visitor"),
)

web_messages = Table(
    "web_messages",
    metadata,
    Column("visitor", LargeBinary, ForeignKey("web_visitors.digest"), primary_key=True),
    Column("number", Integer, primary_key=True),  # its place in the conversation
    Column("change", Integer, nullable=False),  # like number; a later one when it was revised
    Column("key", Text, nullable=False),  # the same message is never shown twice
    Column("mine", Boolean, nullable=False),  # said by the visitor
    Column("content_sealed", LargeBinary, nullable=False),  # JSON: kind, text, choices
    Column("file_id", Uuid, ForeignKey("web_files.id")),
    moment("sent_at"),
    UniqueConstraint("visitor", "key"),
    Index("ix_web_messages_change", "visitor", "change"),
    Index("ix_web_messages_file_id", "file_id"),
)
