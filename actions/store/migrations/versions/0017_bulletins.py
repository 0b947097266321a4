"""Bulletins that are made once and sent by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("inbox_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["officers.id"], name=op.f("fk_bulletins_asked_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_bulletins_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_bulletins_inbox_id")),
        sa.UniqueConstraint("number", name=op.f("uq_bulletins_number")),
        sa.UniqueConstraint("seq", name=op.f("uq_bulletins_seq")),
    )
    op.create_index("ix_bulletins_made_at", "bulletins", ["made_at"])
    op.create_index(
        "ux_bulletins_scheduled",
        "bulletins",
        ["kind", "unit_id", "first_day"],
        unique=True,
        postgresql_where=sa.text("kind <> 'asked'"),
    )
    op.create_table(
        "bulletin_copies",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("bulletin_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletins.id"], name=op.f("fk_bulletin_copies_bulletin_id")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_bulletin_copies_identity_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_bulletin_copies_officer_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_bulletin_copies")),
    )
    op.create_index("ix_bulletin_copies_bulletin_id", "bulletin_copies", ["bulletin_id"])
    op.create_index("ix_bulletin_copies_officer_id", "bulletin_copies", ["officer_id", "made_at"])
    op.create_table(
        "bulletin_rounds",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_bulletin_rounds")),
    )
