"""The statements of a round of sending, each for many invitations at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, text

from actions.store.tables import identities, invitations, ratings, service_events

# By the primary key of opt_outs.
OPTED_OUT = text("""
SELECT person_digest FROM opt_outs WHERE person_digest = ANY(CAST(:people AS bytea[]))
""")

# By the unique index on (channel, sender_digest).
FOLLOWERS = text("""
SELECT id, sender_digest, language FROM identities
WHERE channel = :channel AND sender_digest = ANY(CAST(:accounts AS bytea[]))
  AND kind = 'person' AND state = 'active'
""")

# By ux_invitations_code_digest.
CODES_IN_USE = text("""
SELECT code_digest FROM invitations WHERE code_digest = ANY(CAST(:digests AS bytea[]))
""")

# By the unique index on deliveries.key.
LOST = text("SELECT key FROM deliveries WHERE key = ANY(:keys) AND state = 'failed'")

DROPPED = text("""
UPDATE invitations AS i SET state = 'dropped', why_not = v.why_not
FROM unnest(CAST(:ids AS uuid[]), CAST(:reasons AS text[])) AS v (id, why_not) WHERE i.id = v.id
""")

SENT = text("""
UPDATE invitations AS i SET state = 'sent', identity_id = v.reader, code_digest = v.digest,
  code_sealed = v.sealed, sent_at = :now, remind_at = :remind_at, expires_at = :expires_at
FROM unnest(CAST(:ids AS uuid[]), CAST(:readers AS uuid[]), CAST(:digests AS bytea[]),
  CAST(:sealed AS bytea[])) AS v (id, reader, digest, sealed)
WHERE i.id = v.id
""")

REMINDED = text("""
UPDATE invitations SET remind_at = NULL,
  reminded_at = CASE WHEN id = ANY(CAST(:reminded AS uuid[])) THEN :now ELSE reminded_at END
WHERE id = ANY(CAST(:ids AS uuid[]))
""")


def asked_about() -> Select[Any]:
    """Invitations with what their event says, and whom they went to, if they have gone out."""
    event = service_events.c
    return (
        select(
            invitations,
            event.kind,
            event.unit_id,
            event.phone_sealed,
            event.phone_digest,
            event.reach,
            event.account_digest,
            event.language,
            event.finished_at,
            ratings.c.id.label("rating_id"),
            identities.c.channel.label("reader_channel"),
            identities.c.language.label("reader_language"),
        )
        .join(service_events, event.id == invitations.c.event_id)
        .outerjoin(ratings, ratings.c.event_id == invitations.c.event_id)
        .outerjoin(identities, identities.c.id == invitations.c.identity_id)
    )
