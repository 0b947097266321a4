"""Taking events in: all of a batch or nothing, each of a feed's numbers once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.invitations import intake_sql as sql
from actions.invitations.event import Places, ServiceEvent, read_event
from actions.invitations.feeds import Feed, Feeds
from actions.invitations.kinds import REPLACEABLE, Reach
from actions.invitations.wrongs import MOST, EventMistakes, Placed, Wrong
from actions.privacy.vault import Vault

ACCOUNT = "wechat"  # the channel in which a feed may know the citizen

MOST_NAMED = 1000  # numbers that are told one by one

type Fields = Mapping[str, object]


class Outcome(StrEnum):
    """What became of a number that a feed sent."""

    NEW = "new"
    KNOWN = "known"  # the same as before: nothing happens
    CORRECTED = "corrected"  # other content, taken over: nothing had been sent yet
    KEPT = "kept"  # other content, but the citizen has been asked already: stays as it was


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of each outcome; `outcomes` by number: what was changed, and in a batch of at most
    MOST_NAMED also what was known. `unreadable` are the numbers of events whose phone could not be
    read, of so many at most.
    """

    counts: Mapping[Outcome, int]
    outcomes: Mapping[str, Outcome]
    unreadable: Sequence[str]


class Intake:
    def __init__(self, engine: AsyncEngine, vault: Vault, feeds: Feeds) -> None:
        self._engine = engine
        self._vault = vault
        self._feeds = feeds

    async def take(
        self, feed: Feed, given: Iterable[tuple[int, Fields | Wrong]], file: str = ""
    ) -> Taken:
        """Takes every event of `given`: its place, and its fields or what is wrong with the place.

        One transaction. Raises EventMistakes, and keeps nothing, when any of them is wrong; the
        places are told as in `file`. Memory does not grow with their number.
        """
        async with self._engine.begin() as connection:
            await connection.execute(sql.PATIENT)
            places = await self._feeds.places(connection, feed)
            await connection.execute(sql.STAGE)
            reading = _Reading(given, places, clock.now())
            await self._stage(connection, reading)
            if not reading.mistakes:
                reading.mistakes += await _twice(connection)
            if reading.mistakes:
                raise EventMistakes(reading.mistakes, file)
            return await self._merge(connection, feed, reading)

    async def _stage(self, connection: AsyncConnection, reading: _Reading) -> None:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        async with driver.cursor() as cursor, cursor.copy(sql.COPY) as copy:
            for place, event in reading:
                await copy.write_row((place, *self._row(event)))

    def _row(self, event: ServiceEvent) -> tuple[Any, ...]:
        """The columns of the stage, behind the place."""
        seal, digest = self._vault.seal, self._vault.digest
        return (
            clock.new_id(),
            event.number,
            event.kind.value,
            event.unit_id,
            event.officer_id,
            seal(event.phone) if event.phone else None,
            digest(f"phone:{event.phone}") if event.phone else None,
            event.reach.value,
            digest(f"{ACCOUNT}:{event.account}") if event.account else None,
            event.language,
            event.finished_at,
            event.excluded.value if event.excluded else None,
            self._vault.seal_json(list(event.flags)) if event.flags else None,
            digest(f"event:{event.content}"),
        )

    async def _merge(self, connection: AsyncConnection, feed: Feed, reading: _Reading) -> Taken:
        await connection.execute(sql.LOCK)
        given = {"feed": feed.id, "now": clock.now()}
        changed = (await connection.execute(sql.CHANGED, {"feed": feed.id})).all()
        corrected = await self._correct(connection, feed, [row.id for row in changed])
        outcomes = {
            row.number: Outcome.CORRECTED if row.id in corrected else Outcome.KEPT
            for row in changed
        }
        if reading.count <= MOST_NAMED:
            known = (await connection.execute(sql.KNOWN, {"feed": feed.id})).scalars()
            outcomes = dict.fromkeys(known, Outcome.KNOWN) | outcomes
        new = (await connection.execute(sql.NEW, given)).rowcount
        counts = {
            Outcome.NEW: new,
            Outcome.CORRECTED: len(corrected),
            Outcome.KEPT: len(changed) - len(corrected),
        }
        counts[Outcome.KNOWN] = reading.count - sum(counts.values())
        return Taken(counts, outcomes, reading.unreadable)

    @staticmethod
    async def _correct(connection: AsyncConnection, feed: Feed, events: list[Any]) -> set[Any]:
        """Takes over what was changed, where nobody has been asked or has rated; those events."""
        if not events:
            return set()
        states = [state.value for state in REPLACEABLE]
        rated = set((await connection.execute(sql.RATED, {"events": events})).scalars())
        free = [event for event in events if event not in rated]
        given = {"events": free, "replaceable": states}
        await connection.execute(sql.UNSENT, given)
        asked = set((await connection.execute(sql.ASKED, {"events": free})).scalars())
        free = [event for event in free if event not in asked]
        await connection.execute(sql.CORRECT, {"feed": feed.id, "events": free})
        await connection.execute(sql.AGAIN, {"events": free})
        return set(free)


class _Reading:
    """Reads one event after the other; keeps count, mistakes and what was odd."""

    def __init__(
        self, given: Iterable[tuple[int, Fields | Wrong]], places: Places, now: datetime
    ) -> None:
        self._given = given
        self._places = places
        self._now = now
        self.count = 0
        self.mistakes: list[Placed] = []
        self.unreadable: list[str] = []

    def __iter__(self) -> Iterator[tuple[int, ServiceEvent]]:
        """What is right; ends early when there are more mistakes than anybody reads."""
        for place, fields in self._given:
            read = (
                [fields]
                if isinstance(fields, Wrong)
                else read_event(fields, self._places, self._now)
            )
            if isinstance(read, list):
                self.mistakes += [Placed(place, wrong) for wrong in read]
                if len(self.mistakes) > MOST:
                    return
                continue
            self.count += 1
            if read.reach is Reach.UNREADABLE and len(self.unreadable) < MOST_NAMED:
                self.unreadable.append(read.number)
            if not self.mistakes:
                yield place, read


async def _twice(connection: AsyncConnection) -> list[Placed]:
    rows = (await connection.execute(sql.TWICE)).all()
    return [
        Placed(row.place, Wrong("number", "twice", {"value": row.number, "other": str(row.other)}))
        for row in rows
    ]
