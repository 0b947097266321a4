"""What a case's work needs beside the case: clocks, calls, visits, likenesses, escrow."""

from __future__ import annotations

from sqlalchemy import (
    REAL,
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
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from actions.store.tables.base import metadata, moment

deadlines = Table(  # a clock of a case; it keeps the rule it began with. Only verbs write here.
    "deadlines",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("clock", Text, nullable=False),
    Column("rule", JSONB, nullable=False),  # within, warn, escalate; see actions.deadlines.ladder
    Column("hours", JSONB, nullable=False),
    moment("started_at"),
    Column("pauses", JSONB, nullable=False, server_default=text("'[]'")),  # [[from, to or null], …]
    moment("due_at", optional=True),  # null while it stands still
    Column("certain", Boolean, nullable=False),  # false: the year's holidays are not known yet
    Column("revision", Integer, nullable=False, server_default=text("0")),
    moment("stopped_at", optional=True),
    Column("met", Boolean),  # stopped in time; null while it runs or when it was dropped
    Index(
        "ux_deadlines_running",
        "case_id",
        "clock",
        unique=True,
        postgresql_where=text("stopped_at IS NULL"),
    ),
    Index("ix_deadlines_case_id", "case_id"),
    Index(
        "ix_deadlines_uncertain",
        "due_at",
        postgresql_where=text("stopped_at IS NULL AND NOT certain"),
    ),
)

alarms = Table(  # the moments of a deadline; of an older revision they mean nothing any more
    "alarms",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("deadline_id", Uuid, ForeignKey("deadlines.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("stage", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # warn, supervise, escalate
    Column("level", Text, nullable=False),  # whom an escalation tells
    moment("at"),
    moment("fired_at", optional=True),
    Index("ix_alarms_waiting", "at", postgresql_where=text("fired_at IS NULL")),
    Index("ix_alarms_deadline_id", "deadline_id"),
)

draws = Table(  # a month's spot checks: who was drawn can be drawn again from the seed
    "draws",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("period", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("seed", Text, nullable=False),
    Column("population", Integer, nullable=False),
    Column("chosen", Integer, nullable=False),
    moment("drawn_at"),
    Index("ux_draws_period", "period", "unit_id", unique=True),
)

callback_tasks = Table(
    "callback_tasks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("role", Text, nullable=False),  # unit, sub_centre, centre, inspector
    Column("draw_id", Uuid, ForeignKey("draws.id")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("attempts_at_most", Integer, nullable=False),
    moment("next_at"),  # not before; each attempt at another hour
    moment("due_at", optional=True),
    Column("state", Text, nullable=False, server_default="open"),
    Column("form_sealed", LargeBinary),  # JSON: what was asked and said
    Column("aspects", JSONB),  # aspect → 1 to 5
    Column("done_by", Integer, ForeignKey("officers.id")),
    moment("created_at"),
    moment("done_at", optional=True),
    CheckConstraint("state IN ('open', 'done', 'unreachable', 'dropped')", name="state"),
    CheckConstraint(
        "kind IN ('first', 'revisit', 'spot_check', 'stayed_solved', 'retaliation')", name="kind"
    ),
    Index("ix_callback_tasks_case_id", "case_id"),
    Index("ix_callback_tasks_open", "next_at", postgresql_where=text("state = 'open'")),
)

visits = Table(
    "visits",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    moment("at"),
    Column("code_digest", LargeBinary),  # the citizen types it to confirm
    moment("confirmed_at", optional=True),
    Index("ix_visits_case_id", "case_id"),
)

case_links = Table(  # two cases that may be one matter
    "case_links",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("other_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("why", Text, nullable=False),  # same_citizen, same_matter
    Column("likeness", REAL, nullable=False),
    Column("state", Text, nullable=False, server_default="proposed"),
    moment("at"),
    CheckConstraint("state IN ('proposed', 'linked', 'dismissed', 'merged')", name="state"),
    Index("ix_case_links_other_id", "other_id"),
)

escrow_openings = Table(  # asked by one authorised person, granted by another
    "escrow_openings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("asked_by", Integer, ForeignKey("officers.id"), nullable=False),
    Column("reason_sealed", LargeBinary, nullable=False),
    moment("asked_at"),
    Column("decided_by", Integer, ForeignKey("officers.id")),
    Column("granted", Boolean),
    moment("decided_at", optional=True),
    CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_persons"),
    Index("ix_escrow_openings_case_id", "case_id"),
)

reveals = Table(  # who saw a citizen's number in full, and why they could; only ever added to
    "reveals",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id"), nullable=False),
    Column("because", Text, nullable=False),  # holder, caller, escrow
    moment("at"),
    Index("ix_reveals_case_id", "case_id"),
)
