"""Ratings by grade in one row, of days and of months: what a ranking of many units reads."""
# ruff: noqa: S608 - every statement is put together of constants

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for span in ("day", "month"):
        table = f"figure_{span}_grades"
        op.create_table(
            table,
            sa.Column("unit_id", sa.Integer(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("satisfied", sa.BigInteger(), nullable=False),
            sa.Column("basically", sa.BigInteger(), nullable=False),
            sa.Column("unsatisfied", sa.BigInteger(), nullable=False),
            sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f(f"fk_{table}_unit_id")),
            sa.PrimaryKeyConstraint("unit_id", "day", name=op.f(f"pk_{table}")),
        )
        op.execute(f"""
INSERT INTO {table} (unit_id, day, satisfied, basically, unsatisfied)
SELECT unit_id, day, coalesce(sum(n) FILTER (WHERE measure = 'satisfied'), 0),
  coalesce(sum(n) FILTER (WHERE measure = 'basically'), 0),
  coalesce(sum(n) FILTER (WHERE measure = 'unsatisfied'), 0)
FROM figure_{span}s WHERE measure IN ('satisfied', 'basically', 'unsatisfied') GROUP BY 1, 2""")
    op.drop_table("figure_totals")
