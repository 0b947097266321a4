"""Results that wait to be sent: taken one at a time, noted sent, tried again, or given up."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import procrastinate
from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock, jobs
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import case_feeds, fed_cases, feed_results

LONGEST_REST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Letter:
    """A result on its way: `secrets` sign it, the newest first. `resting`: how long nothing is sent
    to that feed yet, because it failed a moment ago.
    """

    id: uuid.UUID
    feed_id: int
    url: str
    secrets: tuple[str, ...]
    body: str
    stopped: bool
    resting: timedelta
    failures: int


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result as the administrator sees it."""

    id: uuid.UUID
    number: str
    seq: int
    happened: str
    state: str
    attempts: int
    note: str
    created_at: datetime


class Outbox:
    def __init__(self, engine: AsyncEngine, vault: Vault, queue: procrastinate.App) -> None:
        self._engine = engine
        self._vault = vault
        self._queue = queue

    @asynccontextmanager
    async def taken(
        self, result_id: uuid.UUID
    ) -> AsyncIterator[tuple[AsyncConnection, Letter | None]]:
        """The result, locked until the end; None when it was sent or given up before."""
        query = (
            select(feed_results, case_feeds)
            .join(fed_cases, fed_cases.c.id == feed_results.c.fed_id)
            .join(case_feeds, case_feeds.c.feed_id == fed_cases.c.feed_id)
            .where(feed_results.c.id == result_id, feed_results.c.state == "queued")
            .with_for_update(of=feed_results)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(query)).one_or_none()
            yield connection, self._letter(row) if row is not None else None

    def _letter(self, row: Row[Any]) -> Letter:
        now = clock.now()
        sealed = [row.secret_sealed]
        if row.old_secret_until is not None and row.old_secret_until > now:
            sealed.append(row.old_secret_sealed)
        rest = row.resting_until - now if row.resting_until is not None else timedelta()
        return Letter(
            id=row.id,
            feed_id=row.feed_id,
            url=row.webhook or "",
            secrets=tuple(self._vault.open(each) for each in sealed if each is not None),
            body=self._vault.open(row.body_sealed),
            stopped=row.stopped_at is not None or not row.webhook,
            resting=max(rest, timedelta()),
            failures=row.failures,
        )

    async def sent(self, connection: AsyncConnection, letter: Letter, attempts: int) -> None:
        await _note(
            connection, letter, state="sent", attempts=attempts, sent_at=clock.now(), note=None
        )
        if letter.failures:
            await _feed(connection, letter, failures=0, resting_until=None)

    async def failed(
        self, connection: AsyncConnection, letter: Letter, attempts: int, why: str, *, final: bool
    ) -> None:
        """Notes why; the feed rests for a while, longer with each failure after another."""
        state = "failed" if final else "queued"
        await _note(connection, letter, state=state, attempts=attempts, note=why[:300])
        rest = min(timedelta(seconds=2 ** min(letter.failures, 12)), LONGEST_REST)
        await _feed(
            connection, letter, failures=letter.failures + 1, resting_until=clock.now() + rest
        )

    async def dropped(self, connection: AsyncConnection, letter: Letter) -> None:
        """The feed wants nothing any more, or has nowhere to send to."""
        await _note(connection, letter, state="dropped", note="the feed takes no results")

    async def stop(self, connection: AsyncConnection, letter: Letter, attempts: int) -> None:
        """The other side answered 410: nothing more is sent there until the feed is set anew."""
        note = "410 Gone: the other side wants no results any more"
        await _note(connection, letter, state="dropped", attempts=attempts, note=note)
        await _feed(connection, letter, stopped_at=clock.now())

    async def lines(self, feed_id: int, limit: int = 50) -> list[ResultLine]:
        """The feed's results that were not taken, the oldest first."""
        query = (
            select(feed_results, fed_cases.c.number)
            .join(fed_cases, fed_cases.c.id == feed_results.c.fed_id)
            .where(fed_cases.c.feed_id == feed_id, feed_results.c.state != "sent")
            .order_by(feed_results.c.created_at, feed_results.c.id)
            .limit(limit)
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [
            ResultLine(
                r.id, r.number, r.seq, r.happened, r.state, r.attempts, r.note or "", r.created_at
            )
            for r in rows
        ]

    async def again(self, feed_id: int) -> int:
        """Queues once more what was given up; how many."""
        of_feed = select(fed_cases.c.id).where(fed_cases.c.feed_id == feed_id)
        statement = (
            update(feed_results)
            .where(feed_results.c.state.in_(("failed", "dropped")))
            .where(feed_results.c.fed_id.in_(of_feed))
            .values(state="queued", note=None)
            .returning(feed_results.c.id, feed_results.c.fed_id, feed_results.c.seq)
        )
        async with self._engine.begin() as connection:
            rows = (await connection.execute(statement)).all()
            for row in sorted(rows, key=lambda each: each.seq):
                await jobs.defer(
                    self._queue,
                    connection,
                    jobs.FEED_RESULT,
                    lock=f"result:{row.fed_id.hex}",
                    result_id=str(row.id),
                )
        return len(rows)


async def _note(connection: AsyncConnection, letter: Letter, **values: object) -> None:
    key = feed_results.c.id == letter.id
    await connection.execute(update(feed_results).where(key).values(**values))


async def _feed(connection: AsyncConnection, letter: Letter, **values: object) -> None:
    key = case_feeds.c.feed_id == letter.feed_id
    await connection.execute(update(case_feeds).where(key).values(**values))
