"""One-time codes that officers ask for, and the ratings that came by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scene", sa.Text(), nullable=False),
        sa.Column("letters", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("inbox_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("in_pack", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
        sa.UniqueConstraint("letters", name=op.f("uq_one_time_codes_letters")),
        sa.UniqueConstraint("inbox_id", "number", name=op.f("uq_one_time_codes_inbox_id_number")),
        sa.CheckConstraint(
            "(used_at IS NULL) = (used_by IS NULL)", name=op.f("ck_one_time_codes_used")
        ),
        sa.CheckConstraint(
            "made_at < expires_at AND expires_at <= counts_until",
            name=op.f("ck_one_time_codes_span"),
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_one_time_codes_officer_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_one_time_codes_unit_id")),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_one_time_codes_identity_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["service_events.id"], name=op.f("fk_one_time_codes_event_id")
        ),
    )
    op.create_index(
        "ix_one_time_codes_officer_id", "one_time_codes", ["officer_id", "made_at"], unique=False
    )
    op.create_index("ix_one_time_codes_made_at", "one_time_codes", ["made_at"], unique=False)
    op.add_column("ratings", sa.Column("one_time_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint(op.f("uq_ratings_one_time_id"), "ratings", ["one_time_id"])
    op.create_foreign_key(
        op.f("fk_ratings_one_time_id"), "ratings", "one_time_codes", ["one_time_id"], ["id"]
    )
    op.create_index("ix_ratings_officer_id", "ratings", ["officer_id", "rated_at"], unique=False)
    op.create_index("ix_service_events_officer_id", "service_events", ["officer_id", "finished_at"])
