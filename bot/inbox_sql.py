"""The inbox's statements on the usual way of a message, each one trip and built once."""

from __future__ import annotations

from sqlalchemy import Label, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from actions.store.tables import inbox

_UUID, _BYTES = inbox.c.id.type, inbox.c.message_sealed.type

# One trip for the usual message: meets the person (UNIQUE channel, sender_digest), stores the row
# (UNIQUE channel, message_digest), leases it if that is wished and nothing of the conversation is
# unfinished, and looks whether an earlier one is kept (ix_inbox_open). No row comes back when
# somebody else makes the same identity at this moment; `new` is NULL for a message that is known
# already.
STORE = text("""
WITH made AS (
    INSERT INTO identities (id, channel, sender_digest, sender_sealed, conversation, created_at)
    VALUES (:identity, :channel, :sender_digest, :sender_sealed, :conversation, :now)
    ON CONFLICT (channel, sender_digest) DO NOTHING
    RETURNING id, conversation, language, state
), who AS (
    SELECT id, conversation, language, state FROM made
    UNION ALL
    SELECT id, conversation, language, state FROM identities
    WHERE channel = :channel AND sender_digest = :sender_digest
), free AS (
    SELECT CAST(:lease AS uuid) IS NOT NULL AND NOT EXISTS (
        SELECT FROM inbox AS earlier WHERE earlier.conversation = who.conversation
        AND earlier.done_at IS NULL
    ) AS at_once FROM who
), new AS (
    INSERT INTO inbox (id, channel, message_digest, identity_id, conversation, message_sealed,
                       push, next_attempt_at, received_at, state, attempts, lease, leased_until)
    SELECT :id, :channel, :digest, who.id, who.conversation, :sealed, :push, :due, :now,
           CASE WHEN at_once THEN 'working' ELSE 'received' END, CASE WHEN at_once THEN 1 ELSE 0 END,
           CASE WHEN at_once THEN CAST(:lease AS uuid) END,
           CASE WHEN at_once THEN CAST(:until AS timestamptz) END
    FROM who, free
    ON CONFLICT (channel, message_digest) DO NOTHING
    RETURNING id, lease
)
SELECT who.*, new.id AS new, new.lease, EXISTS (
    SELECT FROM inbox AS earlier WHERE earlier.conversation = who.conversation
    AND earlier.done_at IS NULL AND earlier.told_kept
) AS behind_kept
FROM who LEFT JOIN new ON true
""").bindparams(
    *(bindparam(name, type_=_UUID) for name in ("identity", "id", "lease")),
    *(
        bindparam(name, type_=_BYTES)
        for name in ("digest", "sealed", "sender_digest", "sender_sealed")
    ),
)

# The same for many at once, in the order in which they came: `number` counts from 1. Identities are
# made in the order of their digests, so that two gateways do not wait for each other in a circle.
STORE_MANY = text("""
WITH given AS (
    SELECT * FROM unnest(
        CAST(:identity AS uuid[]), CAST(:conversation AS text[]), CAST(:channel AS text[]),
        CAST(:sender_digest AS bytea[]), CAST(:sender_sealed AS bytea[]), CAST(:id AS uuid[]),
        CAST(:digest AS bytea[]), CAST(:sealed AS bytea[]), CAST(:push AS boolean[]),
        CAST(:due AS timestamptz[]), CAST(:now AS timestamptz[])
    ) WITH ORDINALITY AS given (identity, conversation, channel, sender_digest, sender_sealed, id,
                                digest, sealed, push, due, now, number)
), made AS (
    INSERT INTO identities (id, channel, sender_digest, sender_sealed, conversation, created_at)
    SELECT identity, channel, sender_digest, sender_sealed, conversation, now FROM given
    ORDER BY channel, sender_digest, number
    ON CONFLICT (channel, sender_digest) DO NOTHING
    RETURNING id, channel, sender_digest, conversation, language, state
), who AS (
    SELECT given.number, given.id AS message, known.* FROM given JOIN (
        SELECT id, channel, sender_digest, conversation, language, state FROM made
        UNION ALL
        SELECT identities.id, identities.channel, identities.sender_digest,
               identities.conversation, identities.language, identities.state
        FROM (SELECT DISTINCT channel, sender_digest FROM given) AS sender
        JOIN identities USING (channel, sender_digest)
    ) AS known USING (channel, sender_digest)
), new AS (
    INSERT INTO inbox (id, channel, message_digest, identity_id, conversation, message_sealed,
                       push, next_attempt_at, received_at)
    SELECT given.id, given.channel, given.digest, who.id, who.conversation, given.sealed,
           given.push, given.due, given.now
    FROM given JOIN who USING (number) ORDER BY number
    ON CONFLICT (channel, message_digest) DO NOTHING
    RETURNING id
)
SELECT who.number, who.id, who.conversation, who.language, who.state, new.id AS new,
       CAST(NULL AS uuid) AS lease, EXISTS (
    SELECT FROM inbox AS earlier WHERE earlier.conversation = who.conversation
    AND earlier.done_at IS NULL AND earlier.told_kept
) AS behind_kept
FROM who LEFT JOIN new ON new.id = who.message
""")

# The oldest unfinished row of the conversation, by ix_inbox_open.
CLAIM = text("""
UPDATE inbox SET state = 'working', lease = :lease, leased_until = :until, attempts = attempts + 1
WHERE id = (SELECT id FROM inbox WHERE conversation = :conversation AND done_at IS NULL
            ORDER BY seq LIMIT 1)
AND (state = 'received' AND (attempts = 0 OR next_attempt_at <= :now)
     OR state = 'working' AND leased_until < :now)
RETURNING id, conversation, identity_id, message_sealed, attempts, received_at, told_kept,
    (SELECT language FROM identities WHERE identities.id = identity_id) AS language
""").bindparams(bindparam("lease", type_=_UUID))

# By the primary key; whether the conversation has another unfinished row, by ix_inbox_open.
FINISH = text("""
UPDATE inbox SET state = :state, answer_sealed = :sealed, done_at = :now, lease = NULL
WHERE id = :id AND lease = :lease AND done_at IS NULL AND NOT push
RETURNING EXISTS (SELECT FROM inbox AS other WHERE other.conversation = inbox.conversation
                  AND other.done_at IS NULL AND other.id <> inbox.id) AS more
""").bindparams(
    *(bindparam(name, type_=_UUID) for name in ("id", "lease")), bindparam("sealed", type_=_BYTES)
)

# Those that this process works on, by ux_inbox_one_at_a_time: a few at any time.
RENEW = text("""
UPDATE inbox SET leased_until = :until WHERE state = 'working' AND lease = ANY(:leases)
""").bindparams(bindparam("leases", type_=ARRAY(_UUID)))


def behind_kept(conversation: str) -> Label[bool]:
    """Whether an earlier message of the conversation waits and its sender was told so."""
    earlier = inbox.alias()
    return (
        select(earlier.c.id)
        .where(
            earlier.c.conversation == conversation,
            earlier.c.done_at.is_(None),
            earlier.c.told_kept,
        )
        .exists()
        .label("behind_kept")
    )
