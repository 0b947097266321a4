"""The unit tree, officers and their posts, identities in channels."""

from __future__ import annotations

from sqlalchemy import (
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
from sqlalchemy.dialects.postgresql import ARRAY

from actions.store.tables.base import metadata, moment

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
    Column("kind", Text, nullable=False, server_default="person"),  # person, or a unit's group chat
    Column("unit_id", Integer, ForeignKey("units.id")),  # of a group chat
    Column("language", Text, nullable=False, server_default="zh"),
    Column("state", Text, nullable=False, server_default="active"),
    moment("created_at"),
    UniqueConstraint("channel", "sender_digest"),
    CheckConstraint("state IN ('active', 'unsubscribed', 'dead')", name="state"),
    CheckConstraint("kind IN ('person', 'group')", name="kind"),
    Index("ix_identities_officer_id", "officer_id"),
    Index("ix_identities_groups", "unit_id", postgresql_where=text("kind = 'group'")),
)

binding_codes = Table(
    "binding_codes",
    metadata,
    Column("code_digest", LargeBinary, primary_key=True),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    moment("expires_at"),
    moment("used_at", optional=True),
    Column("used_by", Uuid, ForeignKey("identities.id")),
)

absences = Table(  # leave: nobody is told while away
    "absences",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    moment("from_at"),
    moment("until_at"),
    CheckConstraint("from_at < until_at", name="span"),
    Index("ix_absences_officer_id", "officer_id", "until_at"),
)

shifts = Table(  # the duty roster: who of a unit is told while on duty
    "shifts",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    moment("from_at"),
    moment("until_at"),
    CheckConstraint("from_at < until_at", name="span"),
    UniqueConstraint("unit_id", "officer_id", "from_at"),
    Index("ix_shifts_unit_id", "unit_id", "until_at"),
)
