"""The statements by which events are taken in: a stage of its own, then one merge."""

from __future__ import annotations

from sqlalchemy import text

# ON COMMIT DROP: whatever ends the transaction takes the stage with it.
STAGE = text("""
CREATE TEMP TABLE staged (
  place int, id uuid, number text, kind text, unit_id int, officer_id int, phone_sealed bytea,
  phone_digest bytea, reach text, account_digest bytea, language text, finished_at timestamptz,
  excluded text, flags_sealed bytea, content_digest bytea
) ON COMMIT DROP
""")

COPY = """
COPY staged (place, id, number, kind, unit_id, officer_id, phone_sealed, phone_digest, reach,
  account_digest, language, finished_at, excluded, flags_sealed, content_digest) FROM STDIN
"""

# Numbers that stand twice with other content: which one holds, nobody can say.
TWICE = text("""
SELECT s.place, s.number, f.place AS other FROM staged AS s
JOIN (SELECT number, min(place) AS place, (array_agg(content_digest ORDER BY place))[1] AS digest
      FROM staged GROUP BY number HAVING count(*) > 1) AS f
  ON f.number = s.number AND f.digest <> s.content_digest
ORDER BY s.place LIMIT 20
""")

KNOWN = text("""
SELECT e.number FROM service_events AS e
WHERE e.feed_id = :feed AND e.number IN (SELECT number FROM staged)
""")

# By uq_service_events_feed_id_number. Of several alike in one batch the first is meant.
NEW = text("""
WITH taken AS (
  INSERT INTO service_events (feed_id, received_at, id, number, kind, unit_id, officer_id,
    phone_sealed, phone_digest, reach, account_digest, language, finished_at, excluded,
    flags_sealed, content_digest)
  SELECT :feed, :now, id, number, kind, unit_id, officer_id, phone_sealed, phone_digest, reach,
    account_digest, language, finished_at, excluded, flags_sealed, content_digest
  FROM (SELECT DISTINCT ON (number) * FROM staged ORDER BY number, place) AS s
  ON CONFLICT (feed_id, number) DO NOTHING
  RETURNING id, finished_at
)
INSERT INTO unplanned_events (event_id, finished_at) SELECT id, finished_at FROM taken
""")

# Known numbers with other content: locked until the end, so that none is planned meanwhile.
CHANGED = text("""
SELECT e.id, e.number FROM service_events AS e
JOIN (SELECT DISTINCT ON (number) number, content_digest FROM staged) AS s
  ON e.feed_id = :feed AND e.number = s.number AND e.content_digest <> s.content_digest
ORDER BY e.id FOR UPDATE OF e
""")

UNSENT = text("DELETE FROM invitations WHERE event_id = ANY(:events) AND state = ANY(:replaceable)")
ASKED = text("SELECT event_id FROM invitations WHERE event_id = ANY(:events)")
RATED = text("SELECT event_id FROM ratings WHERE event_id = ANY(:events)")

CORRECT = text("""
UPDATE service_events AS e SET
  kind = s.kind, unit_id = s.unit_id, officer_id = s.officer_id,
  phone_sealed = s.phone_sealed, phone_digest = s.phone_digest, reach = s.reach,
  account_digest = s.account_digest, language = s.language, finished_at = s.finished_at,
  excluded = s.excluded, flags_sealed = s.flags_sealed, content_digest = s.content_digest
FROM (SELECT DISTINCT ON (number) * FROM staged) AS s
WHERE e.feed_id = :feed AND e.number = s.number AND e.id = ANY(:events)
""")

AGAIN = text("""
INSERT INTO unplanned_events (event_id, finished_at)
SELECT id, finished_at FROM service_events WHERE id = ANY(:events)
ON CONFLICT (event_id) DO UPDATE SET finished_at = excluded.finished_at
""")

# Events are taken in and planned one after the other; 101 is "e".
LOCK = text("SELECT pg_advisory_xact_lock(101)")
PATIENT = text("SET LOCAL statement_timeout = 0")
