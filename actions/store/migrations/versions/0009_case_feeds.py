"""Cases that other systems hand over, and what these are told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("cases", sa.Column("source", sa.Text(), server_default="", nullable=False))
    op.add_column("cases", sa.Column("wanted_by", _MOMENT, nullable=True))
    op.create_table(
        "case_feeds",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("tells", sa.Text(), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=True),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_until", _MOMENT, nullable=True),
        sa.Column("stopped_at", _MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("resting_until", _MOMENT, nullable=True),
        sa.CheckConstraint("tells IN ('feed', 'us', 'both')", name=op.f("ck_case_feeds_tells")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_case_feeds_feed_id")),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_case_feeds")),
    )
    op.create_table(
        "fed_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        sa.Column("pending_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("pending_digest", sa.LargeBinary(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=True),
        sa.Column("waiting_since", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_fed_cases_case_id")),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["case_feeds.feed_id"], name=op.f("fk_fed_cases_feed_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fed_cases")),
        sa.UniqueConstraint("feed_id", "number", name=op.f("uq_fed_cases_feed_id_number")),
    )
    op.create_index(
        "ux_fed_cases_case_id",
        "fed_cases",
        ["case_id"],
        unique=True,
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
    op.create_index(
        "ix_fed_cases_waiting",
        "fed_cases",
        ["feed_id", "id"],
        unique=False,
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    )
    op.create_table(
        "feed_results",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fed_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sent', 'failed', 'dropped')", name=op.f("ck_feed_results_state")
        ),
        sa.ForeignKeyConstraint(["fed_id"], ["fed_cases.id"], name=op.f("fk_feed_results_fed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_results")),
        sa.UniqueConstraint("fed_id", "seq", name=op.f("uq_feed_results_fed_id_seq")),
    )
    op.create_index(
        "ix_feed_results_open",
        "feed_results",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'sent'"),
    )
