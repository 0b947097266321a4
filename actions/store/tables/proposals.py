"""What rules about units have said by month, the proposals that came of it, and who decided."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from actions.store.tables.base import metadata, moment

rule_evaluations = Table(  # a rule at the end of a month, once; never changed
    "rule_evaluations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("period", Date, nullable=False),  # the month's first day, in Beijing
    Column("evidence", JSONB, nullable=False),  # see actions/accountability/evidence.py
    moment("evaluated_at"),
    UniqueConstraint("rule", "period"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("number", BigInteger, Identity(), primary_key=True),
    Column("evaluation_id", Uuid, ForeignKey("rule_evaluations.id"), nullable=False),
    Column("rule", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("period", Date, nullable=False),
    Column("level", Text, nullable=False),  # who decides: sub_centre, centre, inspector
    Column("evidence", JSONB, nullable=False),  # what was known then
    Column("state", Text, nullable=False, server_default="proposed"),
    moment("proposed_at"),
    Column("decided_by", Integer, ForeignKey("officers.id")),
    moment("decided_at", optional=True),
    Column("reason_sealed", LargeBinary),
    UniqueConstraint("rule", "unit_id", "period"),
    CheckConstraint("state IN ('proposed', 'adopted', 'declined')", name="state"),
    CheckConstraint(
        "(state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)"
        " AND (decided_by IS NULL) = (reason_sealed IS NULL)",
        name="decided",
    ),
    Index("ix_proposals_state_number", "state", "number"),
)

proposal_events = Table(  # only ever added to
    "proposal_events",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("number", BigInteger, ForeignKey("proposals.number"), nullable=False),
    moment("at"),
    Column("verb", Text, nullable=False),  # proposed, adopted, declined, compared
    Column("officer_id", Integer, ForeignKey("officers.id")),  # null: the month's round
    Column("inbox_id", Uuid),  # the message that asked for it
    Column("evidence", JSONB),  # of a comparison: what is known now
    UniqueConstraint("inbox_id", "verb", "number"),
    CheckConstraint("verb IN ('proposed', 'adopted', 'declined', 'compared')", name="verb"),
    Index("ix_proposal_events_number", "number"),
)
