"""Deliveries are taken in batches: what that looks up in a long queue."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # An attempt that was broken off leaves an index that nobody may use.
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_jobs_lock")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_jobs_deliveries")
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_jobs_lock ON procrastinate_jobs (lock) "
            "WHERE status IN ('todo', 'doing')"
        )
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_jobs_deliveries ON procrastinate_jobs "
            "(priority DESC, id) WHERE status = 'todo' AND queue_name = 'deliveries'"
        )
