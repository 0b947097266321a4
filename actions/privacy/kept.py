"""The SQL by which the rules on keeping empty what is old; each by rows that are named by id."""

from __future__ import annotations

from sqlalchemy import text

# What comes next, the oldest first: (moment, id) after the mark. Ids begin with the time they were
# made, so the primary keys serve; cases by ix_cases_closed_at, services by ix_service_events_finished_at.
NEXT = {
    "inbox": text("""
SELECT received_at AS at, id FROM inbox
WHERE id > :id AND received_at < :before AND done_at IS NOT NULL ORDER BY id LIMIT :batch"""),
    "deliveries": text("""
SELECT created_at AS at, id FROM deliveries
WHERE id > :id AND created_at < :before AND state IN ('sent', 'failed', 'merged')
ORDER BY id LIMIT :batch"""),
    "ratings": text("""
SELECT rated_at AS at, id FROM ratings
WHERE id > :id AND rated_at < :before AND comment_sealed IS NOT NULL ORDER BY id LIMIT :batch"""),
    "cases": text("""
SELECT closed_at AS at, id FROM cases
WHERE (closed_at, id) > (:at, :id) AND closed_at < :before ORDER BY closed_at, id LIMIT :batch"""),
    "services": text("""
SELECT finished_at AS at, id FROM service_events
WHERE (finished_at, id) > (:at, :id) AND finished_at < :before
ORDER BY finished_at, id LIMIT :batch"""),
}

EMPTY = {
    "inbox": (
        "UPDATE inbox SET message_sealed = :nothing, answer_sealed = NULL WHERE id = ANY(:ids)",
    ),
    "deliveries": (
        "UPDATE deliveries SET content_sealed = :nothing, revised_sealed = NULL "
        "WHERE id = ANY(:ids)",
    ),
    "ratings": ("UPDATE ratings SET comment_sealed = NULL WHERE id = ANY(:ids)",),
    "cases": (
        "UPDATE cases SET matter_sealed = :matter, phone_sealed = NULL, phone_digest = NULL, "
        "answer_sealed = NULL, signature = '{}' WHERE id = ANY(:ids)",
        "UPDATE case_events SET detail_sealed = NULL "
        "WHERE case_id = ANY(:ids) AND detail_sealed IS NOT NULL",
        "UPDATE attachments SET content_sealed = NULL, media_sealed = :nothing "
        "WHERE case_id = ANY(:ids)",
        "UPDATE callback_tasks SET form_sealed = NULL WHERE case_id = ANY(:ids)",
        "UPDATE feed_results AS r SET body_sealed = :nothing FROM fed_cases AS f "
        "WHERE f.case_id = ANY(:ids) AND r.fed_id = f.id AND r.state IN ('sent', 'dropped')",
        "UPDATE fed_cases SET content_sealed = :record, pending_sealed = NULL, "
        "pending_digest = NULL WHERE case_id = ANY(:ids)",
    ),
    "services": (
        "UPDATE service_events SET phone_sealed = NULL, phone_digest = NULL, "
        "account_digest = NULL, flags_sealed = NULL WHERE id = ANY(:ids)",
    ),
}

# Small tables, as a whole.
QUESTIONS = (
    "UPDATE figure_queries SET answer_sealed = NULL "
    "WHERE asked_at < :before AND answer_sealed IS NOT NULL",
    "DELETE FROM topic_reports WHERE computed_at < :before",
)
PROOFS = "DELETE FROM contact_proofs WHERE expires_at < :before"
