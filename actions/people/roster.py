"""Leave and duty: who is not told while away, and who is told while on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.people.people import OfficerView, People
from actions.store.engine import reading
from actions.store.tables import absences, officers, shifts, units
from actions.turn import Turn


@dataclass(frozen=True, slots=True)
class Shift:
    """A line of the roster; moments aware."""

    unit_code: str
    badge: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on duty at a unit now, until when (aware, UTC)."""

    called: str
    unit_label: str
    until_at: datetime


class Roster:
    def __init__(self, engine: AsyncEngine, people: People) -> None:
        self._engine = engine
        self._people = people

    async def take_leave(self, turn: Turn, from_at: datetime, until_at: datetime) -> None:
        """The officer is away from then until then (aware); an earlier leave is replaced."""
        officer = await self._me(turn)
        if until_at <= max(from_at, clock.now()):
            raise Refusal("leave_over")
        async with self._engine.begin() as connection:
            await connection.execute(
                delete(absences).where(
                    absences.c.officer_id == officer.id, absences.c.until_at > clock.now()
                )
            )
            await connection.execute(
                insert(absences).values(officer_id=officer.id, from_at=from_at, until_at=until_at)
            )

    async def come_back(self, turn: Turn) -> bool:
        """Ends the officer's leave now; False when there was none."""
        officer = await self._me(turn)
        now = clock.now()
        mine = absences.c.officer_id == officer.id
        async with self._engine.begin() as connection:
            await connection.execute(delete(absences).where(mine, absences.c.from_at >= now))
            ended = await connection.execute(
                update(absences)
                .where(mine, absences.c.until_at > now)
                .values(until_at=now)
                .returning(absences.c.id)
            )
            return bool(ended.all())

    async def on_duty(self, turn: Turn) -> list[OnDuty]:
        """Who is on duty now in the officer's unit and below it."""
        officer = await self._me(turn)
        now = clock.now()
        query = (
            select(shifts.c.officer_id, shifts.c.until_at, units.c.name)
            .join(units, units.c.id == shifts.c.unit_id)
            .join(officers, officers.c.id == shifts.c.officer_id)
            .where(
                shifts.c.from_at <= now,
                shifts.c.until_at > now,
                officers.c.active,
                units.c.path.startswith(officer.unit_path, autoescape=True),
            )
            .order_by(units.c.path, shifts.c.until_at)
            .limit(20)
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
            found = [(await self._people.officer(connection, r.officer_id), r) for r in rows]
        return [OnDuty(who.called, r.name, r.until_at) for who, r in found if who is not None]

    async def load(self, lines: Sequence[Shift]) -> list[str]:
        """Adds the lines to the roster; lines that name nobody come back as sentences.

        A line given twice is there once; all or nothing.
        """
        async with self._engine.begin() as connection:
            places = {u.code: u.id for u in (await connection.execute(select(units))).all()}
            known = {o.badge: o.id for o in (await connection.execute(select(officers))).all()}
            mistakes = [_mistake(line, places, known) for line in lines]
            found = [mistake for mistake in mistakes if mistake]
            if found:
                return found
            for line in lines:
                statement = upsert(shifts).values(
                    unit_id=places[line.unit_code],
                    officer_id=known[line.badge],
                    from_at=line.from_at,
                    until_at=line.until_at,
                )
                await connection.execute(
                    statement.on_conflict_do_update(
                        index_elements=["unit_id", "officer_id", "from_at"],
                        set_={"until_at": line.until_at},
                    )
                )
        return []

    async def _me(self, turn: Turn) -> OfficerView:
        officer = (await self._people.whoami(turn)).officer
        if officer is None:
            raise Refusal("officers_only")
        return officer


def _mistake(line: Shift, places: dict[str, int], known: dict[str, int]) -> str:
    if line.unit_code not in places:
        return f"There is no unit {line.unit_code!r}; write a code of units.csv."
    if line.badge not in known:
        return f"There is no officer {line.badge!r}; write a badge of officers.csv."
    if line.until_at <= line.from_at:
        return f"The shift of {line.badge} ends before it begins."
    return ""
