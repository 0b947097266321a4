"""What rules about units have said by month, the proposals that came of it, and who decided; an
index for what an officer did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_evaluations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("evidence", JSONB(), nullable=False),
        sa.Column("evaluated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_evaluations")),
        sa.UniqueConstraint("rule", "period", name=op.f("uq_rule_evaluations_rule_period")),
    )
    _proposals()
    _events()
    op.create_index("ix_case_events_officer_id_at", "case_events", ["officer_id", "at"])
    op.execute(
        """
        CREATE FUNCTION keep_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR (NEW.evidence, NEW.evaluation_id,
                NEW.rule, NEW.unit_id, NEW.period, NEW.level, NEW.proposed_at) IS DISTINCT FROM
                (OLD.evidence, OLD.evaluation_id, OLD.rule, OLD.unit_id, OLD.period, OLD.level,
                OLD.proposed_at)
            THEN
                RAISE EXCEPTION 'a proposal is decided once; what it rests on is never changed';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER proposals_kept BEFORE UPDATE OR DELETE ON proposals
        FOR EACH ROW EXECUTE FUNCTION keep_proposal()
        """
    )
    for table in ("rule_evaluations", "proposal_events"):
        op.execute(
            f"""
            CREATE TRIGGER {table}_append_only
            BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
            """
        )


def _proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("evidence", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'adopted', 'declined')", name=op.f("ck_proposals_state")
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_by IS NULL) AND (decided_by IS NULL) = "
            "(decided_at IS NULL) AND (decided_by IS NULL) = (reason_sealed IS NULL)",
            name=op.f("ck_proposals_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["rule_evaluations.id"], name=op.f("fk_proposals_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_proposals_unit_id")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["officers.id"], name=op.f("fk_proposals_decided_by")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_proposals")),
        sa.UniqueConstraint(
            "rule", "unit_id", "period", name=op.f("uq_proposals_rule_unit_id_period")
        ),
    )
    op.create_index("ix_proposals_state_number", "proposals", ["state", "number"])


def _events() -> None:
    op.create_table(
        "proposal_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("inbox_id", sa.Uuid(), nullable=True),
        sa.Column("evidence", JSONB(), nullable=True),
        sa.CheckConstraint(
            "verb IN ('proposed', 'adopted', 'declined', 'compared')",
            name=op.f("ck_proposal_events_verb"),
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["proposals.number"], name=op.f("fk_proposal_events_number")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_proposal_events_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_events")),
        sa.UniqueConstraint(
            "inbox_id", "verb", "number", name=op.f("uq_proposal_events_inbox_id_verb_number")
        ),
    )
    op.create_index("ix_proposal_events_number", "proposal_events", ["number"])
