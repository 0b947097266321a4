"""The audit trail, and the triggers that write it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Table, the columns that name its row, and what of it is noted.
_ADDED = "AFTER INSERT"
_AUDITED = (
    ("case_events", ("id",), _ADDED),
    ("reveals", ("id",), _ADDED),
    ("code_events", ("id",), _ADDED),
    ("proposal_events", ("id",), _ADDED),
    ("escrow_openings", ("id",), "AFTER INSERT OR UPDATE"),
    ("desk_entries", ("id",), _ADDED),
    ("bulletin_copies", ("key",), _ADDED),
    ("binding_codes", ("officer_id",), _ADDED),
    ("sessions", ("officer_id",), _ADDED),
    ("posts", ("officer_id", "unit_id", "role"), "AFTER INSERT OR UPDATE OR DELETE"),
    ("officers", ("id",), "AFTER INSERT OR UPDATE OR DELETE"),
    ("feeds", ("id",), "AFTER INSERT OR UPDATE OR DELETE"),
    ("contacts", ("identity_id",), "AFTER INSERT OR DELETE"),
    ("opt_outs", ("person_digest",), "AFTER INSERT OR DELETE"),
)


def upgrade() -> None:
    _tables()
    _functions()
    for table, key, events in _AUDITED:
        columns = ", ".join(f"'{column}'" for column in key)
        op.execute(
            f"CREATE TRIGGER audited {events} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION audit({columns})"
        )
    _bindings()
    _guards()


def _tables() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_source_key", "audit_entries", ["source", "key"])
    op.create_table(
        "audit_chain",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_chain")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_chain_entry_id")),
    )
    op.create_table(
        "audit_waiting",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_waiting")),
    )


def _functions() -> None:
    """`audit_plain`: a row without what is sealed, and without hashes by which people are found."""
    op.execute(
        r"""
CREATE FUNCTION audit_plain(given jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(name, value), '{}') FROM jsonb_each(given) AS e (name, value)
  WHERE name NOT LIKE '%\_sealed' AND name NOT LIKE '%\_digest' AND name <> 'digest'
$$"""
    )
    op.execute(
        """
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
  given jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
  plain jsonb := audit_plain(given);
  before jsonb;
  named text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    before := audit_plain(to_jsonb(OLD));
    IF before = plain THEN
      RETURN NULL;
    END IF;
    plain := plain || jsonb_build_object('before', before);
  END IF;
  SELECT string_agg(given ->> column_name, ':' ORDER BY place) INTO named
  FROM unnest(TG_ARGV) WITH ORDINALITY AS k (column_name, place);
  INSERT INTO audit_entries (source, key, verb, content) VALUES (
    TG_TABLE_NAME,
    named,
    coalesce(
      given ->> 'verb',
      CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END
    ),
    plain
  );
  RETURN NULL;
END $$"""
    )
    op.execute(
        """
CREATE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_waiting (entry_id) SELECT id FROM come;
  RETURN NULL;
END $$"""
    )
    op.execute(
        "CREATE TRIGGER waiting AFTER INSERT ON audit_entries REFERENCING NEW TABLE AS come "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_wait()"
    )


def _bindings() -> None:
    """Who stands behind a chat: officers, and units' groups. Citizens' chats are not noted."""
    op.execute(
        "CREATE TRIGGER audited_new AFTER INSERT ON identities FOR EACH ROW "
        "WHEN (NEW.officer_id IS NOT NULL OR NEW.kind = 'group') EXECUTE FUNCTION audit('id')"
    )
    op.execute(
        "CREATE TRIGGER audited AFTER UPDATE ON identities FOR EACH ROW WHEN "
        "((OLD.officer_id, OLD.kind, OLD.unit_id) IS DISTINCT FROM "
        "(NEW.officer_id, NEW.kind, NEW.unit_id)) EXECUTE FUNCTION audit('id')"
    )


def _guards() -> None:
    for table in ("audit_entries", "audit_chain"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
