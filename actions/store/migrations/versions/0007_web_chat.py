"""What the web chat shows after a reload."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_visitors",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("last_change", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_visitors")),
    )
    op.create_index("ix_web_visitors_active_at", "web_visitors", ["active_at"], unique=False)
    op.create_table(
        "web_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visitor", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["visitor"], ["web_visitors.digest"], name=op.f("fk_web_files_visitor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_files")),
    )
    op.create_index("ix_web_files_visitor", "web_files", ["visitor"], unique=False)
    op.create_table(
        "web_messages",
        sa.Column("visitor", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["web_files.id"], name=op.f("fk_web_messages_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["visitor"], ["web_visitors.digest"], name=op.f("fk_web_messages_visitor")
        ),
        sa.PrimaryKeyConstraint("visitor", "number", name=op.f("pk_web_messages")),
        sa.UniqueConstraint("visitor", "key", name=op.f("uq_web_messages_visitor_key")),
    )
    op.create_index("ix_web_messages_change", "web_messages", ["visitor", "change"], unique=False)
    op.create_index("ix_web_messages_file_id", "web_messages", ["file_id"], unique=False)
