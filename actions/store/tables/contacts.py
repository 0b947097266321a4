"""Numbers that citizens have proved to be theirs."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Uuid

from actions.store.tables.base import metadata, moment

contacts = Table(  # one number a conversation, one conversation a number
    "contacts",
    metadata,
    Column("identity_id", Uuid, ForeignKey("identities.id"), primary_key=True),
    Column("phone_digest", LargeBinary, nullable=False, unique=True),
    Column("phone_sealed", LargeBinary, nullable=False),
    Column("inbox_id", Uuid, nullable=False),  # the message that proved it
    moment("proved_at"),
)

contact_proofs = Table(  # what waits to be proved
    "contact_proofs",
    metadata,
    Column("identity_id", Uuid, ForeignKey("identities.id"), primary_key=True),
    Column("phone_digest", LargeBinary, nullable=False),
    Column("phone_sealed", LargeBinary, nullable=False),
    Column("code_digest", LargeBinary, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("inbox_id", Uuid, nullable=False),  # the message that asked for it
    moment("expires_at"),
)
