"""What other systems report as done, and asking the citizens about it."""

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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from actions.store.tables.base import metadata, moment

feeds = Table(  # a system that reports, known by its key
    "feeds",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("key_digest", LargeBinary, nullable=False, unique=True),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    moment("created_at"),
)

service_events = Table(
    "service_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("feed_id", Integer, ForeignKey("feeds.id"), nullable=False),
    Column("number", Text, nullable=False),  # the feed's own
    Column("kind", Text, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("officer_id", Integer, ForeignKey("officers.id")),
    Column("phone_sealed", LargeBinary),
    Column("phone_digest", LargeBinary),
    Column("reach", Text, nullable=False),
    Column("account_digest", LargeBinary),  # of the citizen's identity in the official account
    Column("language", Text, nullable=False),
    moment("finished_at"),
    Column("excluded", Text),  # do_not_ask, not_screened
    Column("flags_sealed", LargeBinary),  # JSON: which flags; nobody is shown them one by one
    Column("content_digest", LargeBinary, nullable=False),
    moment("received_at"),
    UniqueConstraint("feed_id", "number"),
    Index("ix_service_events_phone_digest", "phone_digest"),
    Index("ix_service_events_account_digest", "account_digest"),
    Index("ix_service_events_finished_at", "finished_at"),
    Index("ix_service_events_officer_id", "officer_id", "finished_at"),
)

unplanned_events = Table(  # not looked at yet; narrow, so that planning many of them is quick
    "unplanned_events",
    metadata,
    Column("event_id", Uuid, ForeignKey("service_events.id"), primary_key=True),
    moment("finished_at"),
    Index("ix_unplanned_events_finished_at", "finished_at"),
)

invitations = Table(  # one a planned event, also where nobody is asked: then it says why
    "invitations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("event_id", Uuid, ForeignKey("service_events.id"), nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("why_not", Text),
    moment("planned_at"),
    moment("due_at", optional=True),
    moment("remind_at", optional=True),
    moment("expires_at", optional=True),
    Column("identity_id", Uuid, ForeignKey("identities.id")),  # whom it went to
    Column("code_digest", LargeBinary),
    Column("code_sealed", LargeBinary),  # stands in the message; finds it from anywhere
    moment("sent_at", optional=True),
    moment("reminded_at", optional=True),
    moment("answered_at", optional=True),
    Column("answered_by", Uuid),  # the message that answered, by its inbox id
    Column("aspects", JSONB),  # aspect → 1 to 5
    CheckConstraint(
        "state IN ('left_out', 'chosen', 'dropped', 'sent', 'answered', 'expired')", name="state"
    ),
    Index(
        "ux_invitations_code_digest",
        "code_digest",
        unique=True,
        postgresql_where=text("code_digest IS NOT NULL"),
    ),
    Index("ix_invitations_due", "due_at", postgresql_where=text("state = 'chosen'")),
    Index("ix_invitations_remind", "remind_at", postgresql_where=text("state = 'sent'")),
    Index("ix_invitations_expire", "expires_at", postgresql_where=text("state = 'sent'")),
    Index(
        "ix_invitations_identity_id",
        "identity_id",
        "sent_at",
        postgresql_where=text("identity_id IS NOT NULL"),
    ),
)

invitation_draws = Table(  # a month's seed: every lot of that month can be drawn again from it
    "invitation_draws",
    metadata,
    Column("period", Text, primary_key=True),
    Column("seed", Text, nullable=False),
    moment("drawn_at"),
)

opt_outs = Table(  # who does not want to be asked any more, by number or account
    "opt_outs",
    metadata,
    Column("person_digest", LargeBinary, primary_key=True),
    Column("channel", Text, nullable=False),  # where they said so
    Column("officer_id", Integer, ForeignKey("officers.id")),  # who noted it for them
    moment("at"),
)
