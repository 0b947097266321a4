"""The worker's statements on deliveries, their readers and their jobs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Result, Row, Select, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.store.tables import deliveries, identities

# The jobs of deliveries that are due and of which no other to the same person goes first, as the
# queue's own procrastinate_fetch_job would take them one by one: by ix_jobs_deliveries and, for each
# person's others, ix_jobs_lock. They stay "todo" and are held by their row locks: a
# worker that dies gives them back at once. OFFSET 0: looked up for each job in turn up to the limit,
# however many the planner, whose statistics are older than the queue, thinks there are. The queue's
# name, jobs.DELIVERIES, is written out as in the index.
_TAKE = text("""
SELECT id, attempts, priority, CAST(args ->> 'delivery_id' AS uuid) AS delivery_id
FROM procrastinate_jobs AS job
WHERE status = 'todo' AND queue_name = 'deliveries' AND priority >= :least
AND (scheduled_at IS NULL OR scheduled_at <= now())
AND NOT EXISTS (
    SELECT FROM procrastinate_jobs AS other
    WHERE other.lock = job.lock AND other.status IN ('todo', 'doing')
    AND (other.status = 'doing' OR other.priority > job.priority
         OR other.priority = job.priority AND other.id < job.id)
    OFFSET 0
)
ORDER BY priority DESC, id LIMIT :most
FOR UPDATE OF job SKIP LOCKED
""")

_DONE = text("DELETE FROM procrastinate_jobs WHERE id = ANY(:jobs)")

_LATER = text("""
UPDATE procrastinate_jobs AS job SET attempts = attempts + 1,
    scheduled_at = clock_timestamp() + make_interval(secs => again.seconds)
FROM unnest(CAST(:jobs AS bigint[]), CAST(:seconds AS float8[])) AS again(job, seconds)
WHERE job.id = again.job
""")

# By the primary key.
_SENT = text("""
UPDATE deliveries AS delivery SET state = 'sent', via = sent.via, note = sent.note,
    platform_id = sent.platform_id, attempts = sent.attempts, sent_at = sent.at
FROM unnest(:ids, CAST(:vias AS text[]), CAST(:notes AS text[]), CAST(:platform_ids AS text[]),
    CAST(:attempts AS int[]), CAST(:moments AS timestamptz[]))
    AS sent(id, via, note, platform_id, attempts, at)
WHERE delivery.id = sent.id
""").bindparams(bindparam("ids", type_=ARRAY(deliveries.c.id.type)))


async def take(connection: AsyncConnection, *, least: int, most: int) -> Sequence[Row[Any]]:
    """Up to `most` jobs of deliveries, the most urgent first and none below the priority `least`:
    id, attempts, priority, delivery_id. Nobody else gets them until the transaction ends.
    """
    return (await connection.execute(_TAKE, {"least": least, "most": most})).all()


async def done(connection: AsyncConnection, taken: Sequence[int]) -> None:
    """Nothing more is to be done for these jobs."""
    await connection.execute(_DONE, {"jobs": list(taken)})


async def later(connection: AsyncConnection, seconds: Mapping[int, float]) -> None:
    """These jobs are due again after so many seconds."""
    values = {"jobs": list(seconds), "seconds": list(seconds.values())}
    await connection.execute(_LATER, values)


def _with_reader() -> Select[Any]:
    return (
        select(
            deliveries,
            identities.c.channel,
            identities.c.sender_sealed,
            identities.c.conversation,
            identities.c.state.label("person_state"),
        )
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .with_for_update(of=deliveries)
    )


_LOCKED = _with_reader().where(
    deliveries.c.id == bindparam("delivery"), deliveries.c.state == bindparam("at_state")
)
_QUEUED = _with_reader().where(
    deliveries.c.id.in_(bindparam("those", expanding=True)), deliveries.c.state == "queued"
)


async def locked(connection: AsyncConnection, delivery: uuid.UUID, state: str) -> Row[Any] | None:
    """The delivery with its reader, locked until the end; None when it is in another state."""
    values = {"delivery": delivery, "at_state": state}
    rows: Result[Any] = await connection.execute(_LOCKED, values)
    return rows.one_or_none()


async def queued(
    connection: AsyncConnection, those: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Row[Any]]:
    """Of these deliveries the queued ones with their readers, locked until the end."""
    rows = await connection.execute(_QUEUED, {"those": list(those)})
    return {row.id: row for row in rows}


async def note_sent(connection: AsyncConnection, sent: Sequence[Mapping[str, Any]]) -> None:
    """Writes of many deliveries that they have been sent: id, via, note, platform_id, attempt (how many
    there were) and moment of each.
    """
    names = ("id", "via", "note", "platform_id", "attempt", "moment")
    await connection.execute(_SENT, {f"{name}s": [each[name] for each in sent] for name in names})


async def note(connection: AsyncConnection, delivery: uuid.UUID, **values: object) -> None:
    """Writes what became of the delivery."""
    condition = deliveries.c.id == delivery
    await connection.execute(update(deliveries).where(condition).values(**values))


async def bury(connection: AsyncConnection, identity: uuid.UUID) -> None:
    """Nothing more is sent to whom the platform no longer reaches, until they write to us again."""
    condition = (identities.c.id == identity) & (identities.c.state == "active")
    await connection.execute(update(identities).where(condition).values(state="dead"))
