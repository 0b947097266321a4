"""The audit trail: who did what to which case or personal data, each entry linked to the one before.

Entries are written by triggers of the database, whoever changes a row and by whatever statement,
and by commands that say what they did. None of these three tables is ever changed by hand.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, LargeBinary, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from actions.store.tables.base import metadata, moment

audit_entries = Table(  # only ever added to
    "audit_entries",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("source", Text, nullable=False),  # the table it tells of, or command, round, chat
    Column("key", Text, nullable=False),  # of the table's row; of a command what it was done to
    Column("verb", Text, nullable=False),
    Column("content", JSONB, nullable=False),  # the row without what is sealed or a hash
    # By the database's own clock, which no setting of ours moves.
    Column(
        "written_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    Index("ix_audit_entries_source_key", "source", "key"),
)

audit_chain = Table(  # only ever added to
    "audit_chain",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", BigInteger, nullable=False, unique=True),
    Column("link", LargeBinary, nullable=False),  # over the link before and all of this one
    Column("words", LargeBinary),  # a hash of what the row sealed, so that words are not exchanged
    moment("linked_at"),
)

audit_waiting = Table(  # entries that are not linked yet
    "audit_waiting",
    metadata,
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
)
