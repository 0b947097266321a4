"""What is never changed may still be sealed with another key, or have its words deleted."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows differ in sealed columns only, and the transaction has said that it is about these:
    a rotation of keys or the rules' deletion, never a slip.
    """
    op.execute(
        r"""
CREATE FUNCTION only_resealed(old_row jsonb, new_row jsonb) RETURNS boolean LANGUAGE sql AS $$
  SELECT coalesce(current_setting('huiyin.resealing', true), '') = 'on' AND NOT EXISTS (
    SELECT FROM jsonb_each(old_row) AS o (name, value)
    WHERE name NOT LIKE '%\_sealed' AND value IS DISTINCT FROM new_row -> name
  )
$$"""
    )
    op.execute(
        """
CREATE FUNCTION refuse_but_resealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF only_resealed(to_jsonb(OLD), to_jsonb(NEW)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME;
END $$"""
    )
    op.execute("DROP TRIGGER case_events_append_only ON case_events")
    op.execute(
        "CREATE TRIGGER case_events_append_only BEFORE DELETE OR TRUNCATE ON case_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER case_events_unchanged BEFORE UPDATE ON case_events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_but_resealing()"
    )
    op.execute("DROP TRIGGER proposals_kept ON proposals")
    op.execute(
        "CREATE TRIGGER proposals_kept BEFORE DELETE ON proposals "
        "FOR EACH ROW EXECUTE FUNCTION keep_proposal()"
    )
    op.execute(
        """
CREATE TRIGGER proposals_unchanged BEFORE UPDATE ON proposals FOR EACH ROW
WHEN (NOT only_resealed(to_jsonb(OLD), to_jsonb(NEW))) EXECUTE FUNCTION keep_proposal()"""
    )
