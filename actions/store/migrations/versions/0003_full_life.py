"""the full life of a case: clocks, callbacks, visits, likenesses, escrow, groups, the roster"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_absences_span")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_absences_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_officer_id", "absences", ["officer_id", "until_at"], unique=False)
    op.create_table(
        "draws",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_draws_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    op.create_index("ux_draws_period", "draws", ["period", "unit_id"], unique=True)
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_shifts_span")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_shifts_officer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_shifts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint(
            "unit_id", "officer_id", "from_at", name=op.f("uq_shifts_unit_id_officer_id_from_at")
        ),
    )
    op.create_index("ix_shifts_unit_id", "shifts", ["unit_id", "until_at"], unique=False)
    op.create_table(
        "callback_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts_at_most", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("form_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("aspects", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('first', 'revisit', 'spot_check', 'stayed_solved', 'retaliation')",
            name=op.f("ck_callback_tasks_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'unreachable', 'dropped')",
            name=op.f("ck_callback_tasks_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_callback_tasks_case_id")),
        sa.ForeignKeyConstraint(
            ["done_by"], ["officers.id"], name=op.f("fk_callback_tasks_done_by")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_callback_tasks_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_tasks")),
    )
    op.create_index("ix_callback_tasks_case_id", "callback_tasks", ["case_id"], unique=False)
    op.create_index(
        "ix_callback_tasks_open",
        "callback_tasks",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("likeness", sa.REAL(), nullable=False),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'linked', 'dismissed', 'merged')",
            name=op.f("ck_case_links_state"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_case_links_other_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_links")),
    )
    op.create_index("ix_case_links_other_id", "case_links", ["other_id"], unique=False)
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "pauses",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_deadlines_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
    )
    op.create_index("ix_deadlines_case_id", "deadlines", ["case_id"], unique=False)
    op.create_index(
        "ix_deadlines_uncertain",
        "deadlines",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("stopped_at IS NULL AND NOT certain"),
    )
    op.create_index(
        "ux_deadlines_running",
        "deadlines",
        ["case_id", "clock"],
        unique=True,
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "escrow_openings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asked_by",
            name=op.f("ck_escrow_openings_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["officers.id"], name=op.f("fk_escrow_openings_asked_by")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_escrow_openings_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["officers.id"], name=op.f("fk_escrow_openings_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escrow_openings")),
    )
    op.create_index("ix_escrow_openings_case_id", "escrow_openings", ["case_id"], unique=False)
    op.create_table(
        "reveals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reveals_case_id")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_reveals_officer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
    )
    op.create_index("ix_reveals_case_id", "reveals", ["case_id"], unique=False)
    op.create_table(
        "visits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_visits_case_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name=op.f("fk_visits_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    op.create_index("ix_visits_case_id", "visits", ["case_id"], unique=False)
    op.create_table(
        "alarms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_alarms_deadline_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_index("ix_alarms_deadline_id", "alarms", ["deadline_id"], unique=False)
    op.create_index(
        "ix_alarms_waiting",
        "alarms",
        ["at"],
        unique=False,
        postgresql_where=sa.text("fired_at IS NULL"),
    )
    op.drop_constraint(op.f("uq_case_events_inbox_id_verb"), "case_events", type_="unique")
    op.create_unique_constraint(
        op.f("uq_case_events_inbox_id_verb_case_id"), "case_events", ["inbox_id", "verb", "case_id"]
    )
    op.add_column("cases", sa.Column("phone_digest", sa.LargeBinary(), nullable=True))
    op.add_column(
        "cases",
        sa.Column(
            "signature",
            postgresql.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column("cases", sa.Column("policy", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "cases", sa.Column("escrow", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("cases", sa.Column("answered_by", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("finding", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("revisit_grade", sa.Text(), nullable=True))
    op.add_column(
        "cases",
        sa.Column("disputed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("cases", sa.Column("stayed_solved", sa.Boolean(), nullable=True))
    op.add_column(
        "cases", sa.Column("rounds", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column(
        "cases", sa.Column("reopened", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "cases", sa.Column("extensions", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("cases", sa.Column("extension_asked", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column(
        "cases",
        sa.Column("certain", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column("cases", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("closed_as", sa.Text(), nullable=True))
    op.create_index(
        "ix_cases_accepted_by",
        "cases",
        ["accepted_by", "due_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_cases_closed_at", "cases", ["closed_at"], unique=False)
    op.create_index("ix_cases_created_at", "cases", ["created_at"], unique=False)
    op.create_index(
        "ix_cases_merged_into",
        "cases",
        ["merged_into"],
        unique=False,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_index("ix_cases_phone_digest", "cases", ["phone_digest", "created_at"], unique=False)
    op.create_foreign_key(
        op.f("fk_cases_answered_by"), "cases", "officers", ["answered_by"], ["id"]
    )
    op.create_foreign_key(op.f("fk_cases_merged_into"), "cases", "cases", ["merged_into"], ["id"])
    op.add_column("deliveries", sa.Column("card", sa.Text(), nullable=True))
    op.add_column("deliveries", sa.Column("revised_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("deliveries", sa.Column("revised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "deliveries",
        sa.Column("pieces_sent", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.create_index(
        "ix_deliveries_card",
        "deliveries",
        ["card"],
        unique=False,
        postgresql_where=sa.text("card IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_held",
        "deliveries",
        ["identity_id"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
    )
    op.add_column(
        "identities", sa.Column("kind", sa.Text(), server_default="person", nullable=False)
    )
    op.add_column("identities", sa.Column("unit_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_identities_groups",
        "identities",
        ["unit_id"],
        unique=False,
        postgresql_where=sa.text("kind = 'group'"),
    )
    op.create_foreign_key(op.f("fk_identities_unit_id"), "identities", "units", ["unit_id"], ["id"])
    op.create_check_constraint("kind", "identities", "kind IN ('person', 'group')")
    op.drop_constraint("state", "deliveries", type_="check")
    op.create_check_constraint(
        "state", "deliveries", "state IN ('queued', 'held', 'merged', 'sent', 'failed')"
    )
    op.execute(
        """
        CREATE TRIGGER reveals_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON reveals
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """
    )
