"""Text messages: parts, receipts and what came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "deliveries", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "sms_parts",
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("parts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fen", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'delivered', 'failed')", name=op.f("ck_sms_parts_state")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_sms_parts_delivery_id")
        ),
        sa.PrimaryKeyConstraint("platform_id", name=op.f("pk_sms_parts")),
    )
    op.create_index("ix_sms_parts_delivery_id", "sms_parts", ["delivery_id"], unique=False)
    op.create_index("ix_sms_parts_sent_at", "sms_parts", ["sent_at"], unique=False)
    op.create_index(
        "ix_sms_parts_early",
        "sms_parts",
        ["noted_at"],
        unique=False,
        postgresql_where=sa.text("delivery_id IS NULL"),
    )
