"""Numbers that citizens have proved to be theirs; who noted that somebody is not to be asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("phone_digest", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("inbox_id", sa.Uuid(), nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_contacts_identity_id")
        ),
        sa.PrimaryKeyConstraint("identity_id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("phone_digest", name=op.f("uq_contacts_phone_digest")),
    )
    op.create_table(
        "contact_proofs",
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("phone_digest", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identities.id"], name=op.f("fk_contact_proofs_identity_id")
        ),
        sa.PrimaryKeyConstraint("identity_id", name=op.f("pk_contact_proofs")),
    )
    op.add_column("opt_outs", sa.Column("officer_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_opt_outs_officer_id"), "opt_outs", "officers", ["officer_id"], ["id"]
    )
