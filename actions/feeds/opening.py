"""Opening what was taken in: a case for each new record, a word to the case for a changed one.

One record, one transaction, with the record locked: whoever does it first, it is done once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.cases.ledger import Ledger
from actions.cases.readers import FEED
from actions.cases.rows import CaseRow
from actions.cases.service import Cases
from actions.cases.states import State, Verb
from actions.duty.duty import Duty
from actions.errors import Refusal
from actions.feeds.alarm import alarm_in
from actions.feeds.case_feeds import CaseFeed, CaseFeeds, Tells
from actions.feeds.drafts import draft_of
from actions.feeds.mapping import CENTRE
from actions.feeds.record import Record, changes, stored_record
from actions.notices.notices import Wording
from actions.org.org import Org
from actions.people.people import People
from actions.phones import text_number
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import fed_cases
from actions.turn import Turn

MOST_ATTEMPTS = 5
LATE = timedelta(minutes=5)

log = structlog.get_logger()


class Became(StrEnum):
    """What became of a record that was handed over."""

    OPENED = "opened"
    KNOWN = "known"  # the same as before: nothing happens
    UPDATED = "updated"  # the case was told what changed
    KEPT = "kept"  # the case is over and stays as it was
    WAITING = "waiting"  # kept; its case is opened in a moment


@dataclass(frozen=True, slots=True)
class Ran:
    """How many records were done, and how many still wait."""

    done: int
    left: int


class Openings:
    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        org: Org,
        cases: Cases,
        duty: Duty,
        feeds: CaseFeeds,
        say: Wording,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._cases = cases
        self._duty = duty
        self._feeds = feeds
        self._wording = say
        self._ledger = Ledger(vault)

    async def run(self, feed_id: int) -> Ran:
        """Does all that waits of the feed. A record that fails is passed over, and given up when it
        has failed too often. Raises ConfigurationError while the mapping is broken.
        """
        waits = (fed_cases.c.feed_id == feed_id, fed_cases.c.waiting_since.is_not(None))
        done, last = 0, uuid.UUID(int=0)
        while True:
            query = select(fed_cases.c.id).where(*waits, fed_cases.c.id > last)
            async with reading(self._engine) as connection:
                found = await connection.execute(query.order_by(fed_cases.c.id).limit(200))
                ids = list(found.scalars())
                if not ids:
                    count = select(func.count()).select_from(fed_cases).where(*waits)
                    return Ran(done, int((await connection.execute(count)).scalar_one()))
            done += len(await self.open(feed_id, ids))
            last = ids[-1]

    async def late(self) -> list[int]:
        """Feeds with records that have waited for longer than any job takes to begin."""
        query = (
            select(fed_cases.c.feed_id)
            .where(fed_cases.c.waiting_since < clock.now() - LATE)
            .distinct()
            .order_by(fed_cases.c.feed_id)
        )
        async with reading(self._engine) as connection:
            return list((await connection.execute(query)).scalars())

    async def open(
        self,
        feed_id: int,
        ids: Iterable[uuid.UUID],
        *,
        enough: Callable[[], bool] = lambda: False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> dict[uuid.UUID, Became]:
        """Does what waits of these records, until `enough`; what became of those that were done.

        `progress` is told how many are over, done by us or by somebody else.
        """
        feed = await self._feeds.by_id(feed_id)
        if feed is None:
            return {}
        found: dict[uuid.UUID, Became] = {}
        for count, record_id in enumerate(ids, 1):
            if enough():
                break
            became = await self._try(feed, record_id)
            if became is not None:
                found[record_id] = became
            progress(count)
        return found

    async def _try(self, feed: CaseFeed, record_id: uuid.UUID) -> Became | None:
        mapping = self._feeds.mapping(feed)
        try:
            async with self._engine.begin() as connection:
                row = await self._locked(connection, record_id)
                if row is None:  # somebody else has it, or it is done
                    return None
                if row.case_id is None:
                    return await self._open(connection, feed, row, mapping)
                return await self._update(connection, row)
        except Exception as fault:  # one record stops no other; its words stay out of the log
            name = type(fault).__name__
            log.error("a record cannot be opened", record=str(record_id), fault=name)
            await self._failed(record_id, name)
        return None

    async def _locked(self, connection: AsyncConnection, record_id: uuid.UUID) -> Row[Any] | None:
        query = (
            select(fed_cases)
            .where(fed_cases.c.id == record_id, fed_cases.c.waiting_since.is_not(None))
            .with_for_update(skip_locked=True)
        )
        return (await connection.execute(query)).one_or_none()

    async def _open(
        self, connection: AsyncConnection, feed: CaseFeed, row: Row[Any], mapping: Any
    ) -> Became:
        sealed, digest = row.pending_sealed, row.pending_digest
        if sealed is None:
            sealed, digest = row.content_sealed, row.content_digest
        record = stored_record(self._vault.open_json(sealed))
        turn = await self._turn(connection, feed, record, row.id)
        await self._alarm(connection, turn, record)
        tree = await self._org.tree(connection)
        codes = {unit.code: unit.id for unit in tree.units.values()}
        labels = {unit.id: unit.label for unit in tree.units.values()}
        codes[CENTRE] = next(u.id for u in tree.units.values() if u.parent_id is None)
        draft = draft_of(record, mapping, codes, labels)
        case, _ = await self._cases.submit_in(connection, turn, draft)
        await _done(
            connection,
            row.id,
            case_id=case.id,
            opened_at=clock.now(),
            content_sealed=sealed,
            content_digest=digest,
        )
        return Became.OPENED

    async def _turn(
        self, connection: AsyncConnection, feed: CaseFeed, record: Record, record_id: uuid.UUID
    ) -> Turn:
        """On whose behalf the case is opened: the citizen's phone where we are to tell them, else
        somebody behind whom nobody is.
        """
        number = text_number(record.phone) if record.phone else None
        if feed.tells is not Tells.FEED and number and not record.do_not_contact:
            person = await self._people.meet(connection, "sms", number)
        else:
            person = await self._people.meet(connection, FEED, f"{feed.id}:{record.number}")
        return Turn(person.conversation, str(record_id))

    async def _alarm(self, connection: AsyncConnection, turn: Turn, record: Record) -> None:
        kind = alarm_in(record, clock.now())
        if kind is not None:
            text = f"{record.what[:300]}（{record.number}）"
            await self._duty.alert_in(connection, turn, f"fed_{kind}", text)

    async def _update(self, connection: AsyncConnection, row: Row[Any]) -> Became:
        """Tells the case what changed; a question to the citizen is answered by it."""
        old = stored_record(self._vault.open_json(row.content_sealed))
        new = stored_record(self._vault.open_json(row.pending_sealed))
        if old == new:
            await _done(connection, row.id)
            return Became.KNOWN
        person = await self._people.meet(connection, FEED, f"{row.feed_id}:{row.number}")
        turn = Turn(person.conversation, str(clock.new_id()))
        changed = changes(old, new)
        try:
            if changed:
                await self._tell(connection, turn, row.case_id, changed, new.language)
        except Refusal:
            await _done(connection, row.id)
            return Became.KEPT
        if "phone" in changed:
            phone = "" if new.do_not_contact else new.phone
            await self._ledger.note_phone(connection, row.case_id, phone)
        if "words" in changed:
            await self._alarm(connection, turn, new)
        await _done(
            connection,
            row.id,
            content_sealed=row.pending_sealed,
            content_digest=row.pending_digest,
        )
        return Became.UPDATED

    async def _tell(
        self,
        connection: AsyncConnection,
        turn: Turn,
        case_id: uuid.UUID,
        changed: dict[str, str],
        language: str,
    ) -> CaseRow:
        say = self._wording.say
        lines = [say(f"fed_change_{name}", language, value=v) for name, v in changed.items()]
        seen = await self._cases.seen_by_feed(connection, turn, case_id)
        answers = seen.state is State.WAITING and "words" in changed
        verb = Verb.REPLY if answers else Verb.ADD_FACTS
        return await self._cases.for_feed(connection, turn, case_id, verb, text="\n".join(lines))

    async def _failed(self, record_id: uuid.UUID, error: str) -> None:
        """Counts the attempt; after the last one it waits no more, and is counted as failed."""
        async with self._engine.begin() as connection:
            key = fed_cases.c.id == record_id
            values = {"attempts": fed_cases.c.attempts + 1, "error": error}
            await connection.execute(update(fed_cases).where(key).values(values))
            given_up = fed_cases.c.attempts >= MOST_ATTEMPTS
            await connection.execute(
                update(fed_cases).where(key, given_up).values(waiting_since=None)
            )


async def _done(connection: AsyncConnection, record_id: uuid.UUID, **values: Any) -> None:
    """Nothing is to be done with the record any more."""
    settled = {"waiting_since": None, "error": None, "pending_sealed": None, "pending_digest": None}
    statement = update(fed_cases).where(fed_cases.c.id == record_id)
    await connection.execute(statement.values({**settled, **values}))
