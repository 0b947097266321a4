"""Where codes lead, and what became of old ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# The same folding as actions/codes/spelling.py, for the codes that were loaded before.
LETTERS = "translate(upper(regexp_replace(scene, '[-_]', '', 'g')), 'OILBSZ', '011852')"


def upgrade() -> None:
    op.add_column("codes", sa.Column("letters", sa.Text(), nullable=True))
    op.execute(f"UPDATE codes SET letters = {LETTERS}")  # noqa: S608 - a constant
    op.alter_column("codes", "letters", nullable=False)
    op.add_column("codes", sa.Column("printed", sa.Text(), nullable=True))
    op.add_column("codes", sa.Column("replaced_by", sa.Integer(), nullable=True))
    op.add_column("codes", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f("fk_codes_replaced_by"), "codes", "codes", ["replaced_by"], ["id"])
    op.create_check_constraint(
        op.f("ck_codes_replaced"), "codes", "replaced_by IS NULL OR retired_at IS NOT NULL"
    )
    op.create_check_constraint(op.f("ck_codes_itself"), "codes", "replaced_by <> id")
    op.create_index("ix_codes_letters", "codes", ["letters"])
    op.create_index("ix_codes_unit_id", "codes", ["unit_id"])
    _events()
    _tickets()


def _events() -> None:
    op.create_table(
        "code_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verb IN ('made', 'loaded', 'moved', 'retired', 'replaced', 'printed')",
            name=op.f("ck_code_events_verb"),
        ),
        sa.ForeignKeyConstraint(["code_id"], ["codes.id"], name=op.f("fk_code_events_code_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_code_events_unit_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["codes.id"], name=op.f("fk_code_events_replaced_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_events")),
    )
    op.create_index("ix_code_events_code_id", "code_events", ["code_id", "id"])
    op.execute(
        "INSERT INTO code_events (code_id, verb, unit_id, label, by, at) "
        "SELECT id, 'loaded', unit_id, label, 'codes.csv', now() FROM codes ORDER BY id"
    )
    op.execute(
        """
        CREATE TRIGGER code_events_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON code_events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """
    )


def _tickets() -> None:
    op.create_table(
        "code_tickets",
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["code_id"], ["codes.id"], name=op.f("fk_code_tickets_code_id")),
        sa.PrimaryKeyConstraint("code_id", "app_id", name=op.f("pk_code_tickets")),
    )
