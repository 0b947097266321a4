"""An officer asks for one-time codes to show to citizens; each is good for one rating."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.codes.spelling import letters, new_scene, shown
from actions.codes.wishes import spoken_label
from actions.errors import Refusal
from actions.invitations import one_time_rules as rules
from actions.invitations.kinds import EventKind
from actions.invitations.one_time_rules import Terms, Wish
from actions.org.org import Org
from actions.people.people import OfficerView, People, Person
from actions.store.tables import codes, officers, one_time_codes
from actions.turn import Turn

# The officer's own service, or one that names nobody in a unit where they serve. By the unique
# (feed_id, number), feed by feed.
_EVENT = text("""
SELECT e.id, e.unit_id, e.kind, e.excluded, r.id IS NOT NULL AS rated
FROM feeds AS f JOIN service_events AS e ON e.feed_id = f.id AND e.number = :number
JOIN units AS u ON u.id = e.unit_id LEFT JOIN ratings AS r ON r.event_id = e.id
WHERE (e.officer_id = :officer OR e.officer_id IS NULL AND EXISTS (
    SELECT FROM posts AS p JOIN units AS o ON o.id = p.unit_id
    WHERE p.officer_id = :officer AND starts_with(u.path, o.path)))
  AND e.kind <> 'enterprise' AND e.kind = coalesce(CAST(:kind AS text), e.kind)
ORDER BY e.officer_id NULLS LAST, e.finished_at DESC LIMIT 1
""")


@dataclass(frozen=True, slots=True)
class PlaceOffer:
    """A unit where the officer serves, to choose from."""

    unit_id: int
    label: str


@dataclass(frozen=True, slots=True)
class Handed:
    """Codes for the officer to show: `scenes` as people type them, good until `expires_at` (UTC).

    With `offers` there is none yet: the officer serves in several units and says in which.
    """

    scenes: tuple[str, ...] = ()
    unit_id: int | None = None
    label: str = ""
    expires_at: datetime | None = None
    kind: EventKind | None = None
    event: str = ""
    offers: tuple[PlaceOffer, ...] = ()


@dataclass(frozen=True, slots=True)
class _For:
    unit_id: int
    kind: EventKind | None
    event_id: uuid.UUID | None


class OneTimeCodes:
    def __init__(self, engine: AsyncEngine, people: People, org: Org, terms: Terms | None) -> None:
        """`terms` None: this deployment has no one-time codes."""
        self._engine = engine
        self._people = people
        self._org = org
        self._terms = terms

    async def ask(self, turn: Turn, words: str = "", unit_id: int | None = None) -> Handed:
        """Makes the codes that the words ask for; the same message gets the same ones again.

        Refuses who is no officer, more than the policy allows, a service that is not theirs, is
        rated already or must not be asked about.
        """
        terms, wish = self._terms, rules.said_wish(words)
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            officer = person.officer
            if officer is None:
                raise Refusal("officers_only")
            if terms is None:
                raise Refusal("invite_off")
            message = uuid.UUID(turn.inbox_id)
            before = await _asked_by(connection, message)
            if before:
                return _handed(before, wish)
            where = await self._where(connection, officer, wish, unit_id)
            if not isinstance(where, _For):
                return Handed(kind=wish.kind, offers=tuple(where))
            await _check_caps(connection, terms, officer, wish)
            await self._make(connection, terms, person, officer, where, wish, message)
            return _handed(await _asked_by(connection, message), wish)

    # --- what for -------------------------------------------------------------------------------

    async def _where(
        self, connection: AsyncConnection, officer: OfficerView, wish: Wish, unit_id: int | None
    ) -> _For | Sequence[PlaceOffer]:
        """What the code is for, or the units to choose from."""
        if wish.event:
            return await _event(connection, officer, wish)
        places = list(dict.fromkeys(post.unit_id for post in officer.posts))
        if unit_id in places:
            return _For(unit_id, wish.kind, None)
        if len(places) == 1:
            return _For(places[0], wish.kind, None)
        labels = [await self._org.unit_label(place, connection) for place in places]
        return [PlaceOffer(*pair) for pair in zip(places, labels, strict=True)]

    # --- making ---------------------------------------------------------------------------------

    async def _make(
        self,
        connection: AsyncConnection,
        terms: Terms,
        person: Person,
        officer: OfficerView,
        where: _For,
        wish: Wish,
        message: uuid.UUID,
    ) -> None:
        now, ahead = clock.now(), wish.count > 1
        expires, counts = rules.until(terms, now, ahead=ahead)
        unit = await self._org.unit(where.unit_id, connection)
        common = {
            "officer_id": officer.id,
            "unit_id": unit.id,
            "label": spoken_label(unit, officer.name, officer.title),
            "identity_id": person.identity_id,
            "inbox_id": message,
            "in_pack": ahead,
            "kind": where.kind,
            "event_id": where.event_id,
            "made_at": now,
            "expires_at": expires,
            "counts_until": counts,
        }
        for number in range(1, wish.count + 1):
            await _add(connection, {**common, "number": number})


async def _event(connection: AsyncConnection, officer: OfficerView, wish: Wish) -> _For:
    given = {"number": wish.event, "officer": officer.id, "kind": wish.kind}
    row = (await connection.execute(_EVENT, given)).one_or_none()
    if row is None:
        raise Refusal("event_unknown", event=wish.event)
    if row.excluded is not None:  # which reason it was is told to nobody
        raise Refusal("event_not_to_ask")
    if row.rated:
        raise Refusal("event_rated_before", event=wish.event)
    return _For(row.unit_id, EventKind(row.kind), row.id)


async def _check_caps(
    connection: AsyncConnection, terms: Terms, officer: OfficerView, wish: Wish
) -> None:
    """Refuses what is too many. Holds the officer's row: two questions at once are two in turn."""
    lock = select(officers.c.id).where(officers.c.id == officer.id)
    await connection.execute(lock.with_for_update(key_share=True))
    now, ahead = clock.now(), wish.count > 1
    if ahead and wish.count > terms.pack:
        raise Refusal("invite_pack" if terms.pack else "invite_no_pack", cap=str(terms.pack))
    since = min(rules.day_of(now), now - timedelta(hours=1))
    query = select(one_time_codes.c.made_at, one_time_codes.c.in_pack).where(
        one_time_codes.c.officer_id == officer.id, one_time_codes.c.made_at >= since
    )
    rows = (await connection.execute(query)).all()
    left = rules.left_today(terms, sum(row.made_at >= rules.day_of(now) for row in rows))
    if wish.count > left:
        key = "invite_day" if left == 0 else "invite_day_left"
        raise Refusal(key, cap=str(terms.per_day), left=str(left))
    again = rules.next_in_hour(terms, [row.made_at for row in rows if not row.in_pack], now)
    if not ahead and again is not None:
        at = f"{clock.beijing(again + timedelta(minutes=1)):%H:%M}"
        raise Refusal("invite_hour", cap=str(terms.per_hour), at=at)


async def _add(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """One code that nothing else is typed like."""
    while True:
        scene = new_scene()
        spelled = letters(scene)
        taken = select(codes.c.id).where(codes.c.letters == spelled).limit(1)
        if (await connection.execute(taken)).one_or_none() is not None:
            continue
        row = {**values, "id": clock.new_id(), "scene": scene, "letters": spelled}
        statement = insert(one_time_codes).values(row)
        statement = statement.on_conflict_do_nothing(index_elements=["letters"])
        new = statement.returning(one_time_codes.c.id)
        if (await connection.execute(new)).one_or_none() is not None:
            return


async def _asked_by(connection: AsyncConnection, message: uuid.UUID) -> Sequence[Row[Any]]:
    """What this message was given already; by uq_one_time_codes_inbox_id_number."""
    query = select(one_time_codes).where(one_time_codes.c.inbox_id == message)
    return (await connection.execute(query.order_by(one_time_codes.c.number))).all()


def _handed(rows: Sequence[Row[Any]], wish: Wish) -> Handed:
    first = rows[0]
    kind = EventKind(first.kind) if first.kind else None
    scenes = tuple(shown(row.scene) for row in rows)
    return Handed(scenes, first.unit_id, first.label, first.expires_at, kind, wish.event)
