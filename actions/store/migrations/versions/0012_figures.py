"""Counters of ratings and cases by unit, day, channel and way; triggers note every change."""
# ruff: noqa: S608 - every statement is put together of constants

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BEIJING = "AT TIME ZONE 'Asia/Shanghai'"
_RATINGS = f"""
SELECT unit_id, (rated_at {_BEIJING})::date AS day, grade AS measure, channel, way, {{n}} AS n
FROM {{source}}"""
_CASES = f"""
SELECT unit_id, (created_at {_BEIJING})::date AS day, 'opened' AS measure, '' AS channel,
  kind AS way, {{n}} AS n FROM {{source}}
UNION ALL
SELECT unit_id, (closed_at {_BEIJING})::date, 'closed', '', coalesce(closed_as, ''), {{n}}
FROM {{source}} WHERE closed_at IS NOT NULL"""


def upgrade() -> None:
    _tables()
    _triggers("ratings", _RATINGS)
    _one_by_one()
    _triggers("cases", _CASES)
    op.execute(_insert(_RATINGS.format(n=1, source="ratings")))
    op.execute(_insert(_CASES.format(n=1, source="cases")))


def _tables() -> None:
    for table in ("figure_days", "figure_months"):
        op.create_table(
            table,
            sa.Column("unit_id", sa.Integer(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("measure", sa.Text(), nullable=False),
            sa.Column("channel", sa.Text(), nullable=False),
            sa.Column("way", sa.Text(), nullable=False),
            sa.Column("n", sa.BigInteger(), nullable=False),
            sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f(f"fk_{table}_unit_id")),
            sa.PrimaryKeyConstraint(
                "unit_id", "day", "measure", "channel", "way", name=op.f(f"pk_{table}")
            ),
        )
    op.create_table(
        "figure_totals",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_figure_totals_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_figure_totals")),
    )
    op.create_table(
        "figure_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(cache=50), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_changes")),
    )


def _triggers(table: str, counted: str) -> None:
    """One function and three triggers, each once a statement, however many rows it writes. What a
    statement changes without moving it to another counter leaves no trace.
    """
    gone, come = counted.format(n=-1, source="gone"), counted.format(n=1, source="come")
    op.execute(f"""
CREATE FUNCTION count_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN {_insert(come)};
  ELSIF TG_OP = 'DELETE' THEN {_insert(gone)};
  ELSE {_insert(f"{gone} UNION ALL {come}")};
  END IF;
  RETURN NULL;
END $$""")
    for event, seen in (
        *([("INSERT", "NEW TABLE AS come")] if table != "ratings" else []),
        ("UPDATE", "OLD TABLE AS gone NEW TABLE AS come"),
        ("DELETE", "OLD TABLE AS gone"),
    ):
        op.execute(
            f"CREATE TRIGGER count_{event.lower()} AFTER {event} ON {table} REFERENCING {seen} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION count_{table}()"
        )


def _one_by_one() -> None:
    """Ratings come one by one: without a table of new rows each costs a third as much."""
    op.execute(f"""
CREATE FUNCTION count_rating() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO figure_changes (unit_id, day, measure, channel, way, n)
  VALUES (NEW.unit_id, (NEW.rated_at {_BEIJING})::date, NEW.grade, NEW.channel, NEW.way, 1);
  RETURN NULL;
END $$""")
    op.execute(
        "CREATE TRIGGER count_insert AFTER INSERT ON ratings "
        "FOR EACH ROW EXECUTE FUNCTION count_rating()"
    )


def _insert(counted: str) -> str:
    columns = "unit_id, day, measure, channel, way"
    return (
        f"INSERT INTO figure_changes ({columns}, n) SELECT {columns}, sum(n) FROM ({counted}) AS c "
        f"GROUP BY {columns} HAVING sum(n) <> 0"
    )
