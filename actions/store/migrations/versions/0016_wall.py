"""Wall screens: a link and a session of their own, which show one unit and do nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("login_links", "sessions"):
        op.add_column(table, sa.Column("wall_unit_id", sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_wall_unit_id"), table, "units", ["wall_unit_id"], ["id"]
        )
    op.add_column("sessions", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_sessions_walls",
        "sessions",
        ["officer_id"],
        postgresql_where=sa.text("wall_unit_id IS NOT NULL"),
    )
