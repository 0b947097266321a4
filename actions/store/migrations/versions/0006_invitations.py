"""Service events, invitations and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_feeds_key_digest")),
        sa.UniqueConstraint("name", name=op.f("uq_feeds_name")),
    )
    op.create_table(
        "invitation_draws",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_invitation_draws")),
    )
    op.create_table(
        "opt_outs",
        sa.Column("person_digest", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_digest", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "service_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_digest", sa.LargeBinary(), nullable=True),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("account_digest", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("excluded", sa.Text(), nullable=True),
        sa.Column("flags_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_service_events_feed_id")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_service_events_officer_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_service_events_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_events")),
        sa.UniqueConstraint("feed_id", "number", name=op.f("uq_service_events_feed_id_number")),
    )
    op.create_index(
        "ix_service_events_account_digest", "service_events", ["account_digest"], unique=False
    )
    op.create_index(
        "ix_service_events_finished_at", "service_events", ["finished_at"], unique=False
    )
    op.create_index(
        "ix_service_events_phone_digest", "service_events", ["phone_digest"], unique=False
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why_not", sa.Text(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("aspects", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "state IN ('left_out', 'chosen', 'dropped', 'sent', 'answered', 'expired')",
            name=op.f("ck_invitations_state"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["service_events.id"], name=op.f("fk_invitations_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_invitations_identity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("event_id", name=op.f("uq_invitations_event_id")),
    )
    op.create_index(
        "ix_invitations_due",
        "invitations",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'chosen'"),
    )
    op.create_index(
        "ix_invitations_expire",
        "invitations",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_index(
        "ix_invitations_identity_id",
        "invitations",
        ["identity_id", "sent_at"],
        unique=False,
        postgresql_where=sa.text("identity_id IS NOT NULL"),
    )
    op.create_index(
        "ix_invitations_remind",
        "invitations",
        ["remind_at"],
        unique=False,
        postgresql_where=sa.text("state = 'sent'"),
    )
    op.create_index(
        "ux_invitations_code_digest",
        "invitations",
        ["code_digest"],
        unique=True,
        postgresql_where=sa.text("code_digest IS NOT NULL"),
    )
    op.create_table(
        "unplanned_events",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["service_events.id"], name=op.f("fk_unplanned_events_event_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_unplanned_events")),
    )
    op.create_index(
        "ix_unplanned_events_finished_at", "unplanned_events", ["finished_at"], unique=False
    )
    op.add_column("ratings", sa.Column("event_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("uq_ratings_event_id"), "ratings", ["event_id"])
    op.create_foreign_key(
        op.f("fk_ratings_event_id"), "ratings", "service_events", ["event_id"], ["id"]
    )
