"""Taking records in: all of a request or file or nothing, each of a feed's numbers once.

A record is only kept here. Opening its case, or telling the case what changed, is done one by one
afterwards (opening.py): by whoever took it in, and by the worker, whichever is first.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

import procrastinate
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock, jobs
from actions.feeds.case_feeds import CaseFeed
from actions.feeds.record import Record, read_record
from actions.invitations.wrongs import MOST, EventMistakes, Placed, Wrong
from actions.privacy.vault import Vault
from actions.store.tables import fed_cases

AT_ONCE = 500  # records that are compared with what is there in one trip
HEAD_START = 15  # seconds for whoever handed them over to open them and answer with the numbers

type Fields = Mapping[str, object]

# One feed's records are taken in one request after the other; 102 is "f".
_LOCK = text("SELECT pg_advisory_xact_lock(102, :feed)")


@dataclass(slots=True)
class Staged:
    """What was taken in. `waiting`: by number, the ids of records with something to do; `numbers`:
    the feed's numbers in the order they came, each once; `unreadable` those whose phone could not
    be read.
    """

    known: int = 0
    new: int = 0
    changed: int = 0
    waiting: dict[str, uuid.UUID] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


class Staging:
    def __init__(self, engine: AsyncEngine, vault: Vault, queue: procrastinate.App) -> None:
        self._engine = engine
        self._vault = vault
        self._queue = queue

    async def take(
        self, feed: CaseFeed, given: Iterable[tuple[int, Fields | Wrong]], file: str = ""
    ) -> Staged:
        """Keeps every record of `given`: its place, and its fields or what is wrong there.

        One transaction. Raises EventMistakes, and keeps nothing, when any of them is wrong.
        """
        records, mistakes = self._read(given)
        if mistakes:
            raise EventMistakes(mistakes, file)
        staged = Staged()
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK, {"feed": feed.id})
            for some in batched(records.values(), AT_ONCE):
                await self._keep(connection, feed, some, staged)
            if staged.waiting:
                await jobs.defer(
                    self._queue,
                    connection,
                    jobs.OPEN_FED,
                    lock=f"open_fed:{feed.id}",
                    after=HEAD_START,
                    feed_id=feed.id,
                )
        return staged

    @staticmethod
    def _read(
        given: Iterable[tuple[int, Fields | Wrong]],
    ) -> tuple[dict[str, Record], list[Placed]]:
        """The records by their numbers, and the mistakes: not many more than anybody reads."""
        records: dict[str, Record] = {}
        places: dict[str, int] = {}
        mistakes: list[Placed] = []
        now = clock.now()
        for place, fields in given:
            read = [fields] if isinstance(fields, Wrong) else read_record(fields, now)
            if isinstance(read, Record):
                before = records.setdefault(read.number, read)
                first = places.setdefault(read.number, place)
                if before == read:
                    continue
                told = {"value": read.number, "other": str(first)}
                read = [Wrong("number", "twice", told)]
            mistakes += [Placed(place, wrong) for wrong in read]
            if len(mistakes) > MOST:
                break
        return records, mistakes

    async def _keep(
        self,
        connection: AsyncConnection,
        feed: CaseFeed,
        records: Sequence[Record],
        staged: Staged,
    ) -> None:
        """Adds what is new and notes what came with other content."""
        there = await self._there(connection, feed, [record.number for record in records])
        now = clock.now()
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for record in records:
            staged.numbers.append(record.number)
            if record.unreadable:
                staged.unreadable.append(record.number)
            digest = self._vault.digest(f"fed:{record.content}")
            row = there.get(record.number)
            if row is not None and digest == _latest(row):
                staged.known += 1
                continue
            kept = {"sealed": self._vault.seal_json(record.to_json()), "digest": digest}
            if row is None:
                new.append(_new(feed, record, kept, now))
                staged.waiting[record.number] = new[-1]["id"]
            else:
                changed.append({"row": row.id, "now": now, "category_": record.category, **kept})
                staged.waiting[record.number] = row.id
        if new:
            await connection.execute(insert(fed_cases), new)
        if changed:
            await connection.execute(_CHANGED, changed)
        staged.new += len(new)
        staged.changed += len(changed)

    @staticmethod
    async def _there(
        connection: AsyncConnection, feed: CaseFeed, numbers: Sequence[str]
    ) -> dict[str, Any]:
        """Locked, so that none is opened with the old content meanwhile; by its unique index."""
        query = (
            select(
                fed_cases.c.id,
                fed_cases.c.number,
                fed_cases.c.content_digest,
                fed_cases.c.pending_digest,
                fed_cases.c.waiting_since,
                fed_cases.c.error,
            )
            .where(fed_cases.c.feed_id == feed.id, fed_cases.c.number.in_(numbers))
            .order_by(fed_cases.c.id)
            .with_for_update()
        )
        return {row.number: row for row in (await connection.execute(query)).all()}


def _latest(row: Any) -> bytes | None:
    """The content that was taken in last; None where that failed for good, so that it is tried anew
    when it comes again.
    """
    if row.error is not None and row.waiting_since is None:
        return None
    return bytes(row.pending_digest or row.content_digest)


def _new(feed: CaseFeed, record: Record, kept: Mapping[str, Any], now: Any) -> dict[str, Any]:
    return {
        "id": clock.new_id(),
        "feed_id": feed.id,
        "number": record.number,
        "category": record.category,
        "content_sealed": kept["sealed"],
        "content_digest": kept["digest"],
        "received_at": now,
        "waiting_since": now,
    }


_CHANGED = (
    update(fed_cases)
    .where(fed_cases.c.id == bindparam("row"))
    .values(
        category=bindparam("category_"),
        pending_sealed=bindparam("sealed"),
        pending_digest=bindparam("digest"),
        waiting_since=bindparam("now"),
        attempts=0,
        error=None,
    )
)
