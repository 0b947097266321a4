"""Who had services to ask about and never asked: counted by officer and shift, never judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.deadlines.hours import Pair
from actions.errors import Refusal
from actions.invitations.one_time_rules import FEW, Terms
from actions.invitations.shifts import Shift, shift_of, undivided
from actions.org.org import Org
from actions.people.people import People
from actions.people.roles import SEES_FIGURES
from actions.reports.periods import Period
from actions.reports.scopes import Scopes
from actions.store.engine import reading
from actions.store.tables import officers, shifts
from actions.turn import Turn

# What counts: services that may be asked about, codes by when they were asked for, and ratings of
# any way; in spans that no shift divides. Served by the indices on the moment.
_HAPPENED = text("""
SELECT what, officer_id, date_bin(:span, at, '2000-01-01 00:00+00') AS at, count(*) AS n,
  count(*) FILTER (WHERE used) AS used
FROM (
  SELECT 'event' AS what, e.officer_id, e.unit_id, e.finished_at AS at, false AS used
  FROM service_events AS e
  WHERE e.finished_at >= :since AND e.finished_at < :until AND e.officer_id IS NOT NULL
    AND e.excluded IS NULL AND e.kind <> 'enterprise'
  UNION ALL
  SELECT 'code', c.officer_id, c.unit_id, c.made_at, c.used_at IS NOT NULL
  FROM one_time_codes AS c WHERE c.made_at >= :since AND c.made_at < :until
  UNION ALL
  SELECT 'rating', r.officer_id, r.unit_id, r.rated_at, false
  FROM ratings AS r
  WHERE r.rated_at >= :since AND r.rated_at < :until AND r.officer_id IS NOT NULL
) AS h JOIN units AS u ON u.id = h.unit_id
WHERE starts_with(u.path, :path) AND (CAST(:officer AS int) IS NULL OR h.officer_id = :officer)
GROUP BY 1, 2, 3
""")

type Roster = Mapping[int, Sequence[tuple[datetime, datetime]]]


@dataclass(frozen=True, slots=True)
class Record:
    """What an officer, or all of them together, had and asked in a period.

    `events` may be asked about and lie in `shifts` shifts; in `never` of these no code was asked
    for.
    """

    events: int
    shifts: int
    never: int
    asked: int
    used: int
    ratings: int

    @property
    def used_shown(self) -> int | None:
        """How many codes were used; None where there are too few to tell."""
        return self.used if self.asked >= FEW else None


@dataclass(frozen=True, slots=True)
class OfficersRecord:
    """The record of one officer, with how they are called: 李警官, the unit and the badge."""

    badge: str
    called: str
    unit_label: str
    record: Record


@dataclass(frozen=True, slots=True)
class Covered:
    """`mine`: the officer's own record, `unit_label` and `by_officer` are empty. Else everybody who
    had events or asked, those with most shifts in which they never asked in front.
    """

    period: Period
    unit_label: str
    whole: Record
    by_officer: tuple[OfficersRecord, ...]
    mine: bool
    as_of: datetime


class Coverage:
    def __init__(
        self, engine: AsyncEngine, people: People, org: Org, scopes: Scopes, terms: Terms | None
    ) -> None:
        self._engine = engine
        self._people = people
        self._org = org
        self._scopes = scopes
        self._terms = terms

    async def asked(self, turn: Turn, words: str) -> Covered:
        """What the words ask for: a period (this month by default), a unit of one's own subtree.

        Whose post sees no figures gets their own record. Refuses citizens.
        """
        officer = (await self._people.whoami(turn)).officer
        if officer is None:
            raise Refusal("not_allowed")
        if self._terms is None:
            raise Refusal("invite_off")
        if officer.role not in SEES_FIGURES:
            period = self._scopes.period(words, otherwise="本月")
            return await self._covered(period, "/", "", officer.id)
        period, unit = await self._scopes.scope(turn, words, otherwise="本月")
        return await self._covered(period, unit.path, unit.label)

    async def between(self, since: datetime, until: datetime, below: str = "/") -> Covered:
        """The same for the administrator: everybody at the units whose paths begin so."""
        if self._terms is None:
            raise Refusal("invite_off")
        return await self._covered(Period("", since, until), below, "")

    async def _covered(
        self, period: Period, path: str, label: str, officer_id: int | None = None
    ) -> Covered:
        plan = self._terms.shifts if self._terms else ()
        given = {"since": period.start, "until": period.end, "path": path, "officer": officer_id}
        async with reading(self._engine) as connection:
            roster = await _roster(connection, period)
            span = undivided(plan, (line for lines in roster.values() for line in lines))
            rows = (await connection.execute(_HAPPENED, {**given, "span": span})).all()
            counts = count(rows, roster, plan)
            told = [await self._told(connection, *pair) for pair in counts.items()]
        told.sort(key=lambda one: (-one.record.never, -one.record.events, one.badge))
        mine = officer_id is not None
        whole = _together(list(counts.values()))
        return Covered(period, label, whole, () if mine else tuple(told), mine, clock.now())

    async def _told(
        self, connection: AsyncConnection, officer_id: int, record: Record
    ) -> OfficersRecord:
        """A leaver has no name any more, only a badge."""
        query = select(officers.c.badge).where(officers.c.id == officer_id)
        badge = (await connection.execute(query)).scalar_one()
        officer = await self._people.officer(connection, officer_id)
        if officer is None:
            return OfficersRecord(badge, "", "", record)
        unit = await self._org.unit_label(officer.unit_id, connection)
        return OfficersRecord(badge, officer.called, unit, record)


@dataclass(slots=True)
class _Tally:
    """What one officer had and asked, by shift."""

    events: dict[Shift, int] = field(default_factory=lambda: defaultdict(int))
    codes: dict[Shift, int] = field(default_factory=lambda: defaultdict(int))
    used: int = 0
    ratings: int = 0

    def record(self) -> Record:
        return Record(
            events=sum(self.events.values()),
            shifts=len(self.events),
            never=len(self.events.keys() - self.codes.keys()),
            asked=sum(self.codes.values()),
            used=self.used,
            ratings=self.ratings,
        )


def count(rows: Iterable[Row[Any]], roster: Roster, plan: Sequence[Pair]) -> dict[int, Record]:
    """The record of each officer. `rows` say what happened how often in a span that lies in one
    shift; whoever is not in the roster then worked one of the usual shifts.
    """
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    usual: dict[datetime, Shift] = {}
    for row in rows:
        tally = tallies[row.officer_id]
        if row.what == "rating":
            tally.ratings += row.n
            continue
        own = roster.get(row.officer_id)
        if own:
            shift = shift_of(row.at, own, plan)
        elif (known := usual.get(row.at)) is not None:
            shift = known
        else:
            shift = usual[row.at] = shift_of(row.at, (), plan)
        if row.what == "event":
            tally.events[shift] += row.n
        else:
            tally.codes[shift] += row.n
            tally.used += row.used
    return {officer: tallies[officer].record() for officer in sorted(tallies)}


def _together(records: Sequence[Record]) -> Record:
    return Record(
        events=sum(one.events for one in records),
        shifts=sum(one.shifts for one in records),
        never=sum(one.never for one in records),
        asked=sum(one.asked for one in records),
        used=sum(one.used for one in records),
        ratings=sum(one.ratings for one in records),
    )


async def _roster(connection: AsyncConnection, period: Period) -> Roster:
    """Every officer's lines of the duty roster that touch the period."""
    query = select(shifts.c.officer_id, shifts.c.from_at, shifts.c.until_at).where(
        shifts.c.from_at < period.end, shifts.c.until_at > period.start
    )
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in (await connection.execute(query)).all():
        found[row.officer_id].append((row.from_at, row.until_at))
    return found
