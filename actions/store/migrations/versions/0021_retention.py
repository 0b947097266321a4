"""How far the rules on keeping have been followed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_marks",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("after_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_marks")),
    )
