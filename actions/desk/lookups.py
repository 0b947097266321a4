"""What staff look up while they write down: what they may choose, which unit is meant, what is there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.cases import rows, standing
from actions.cases.ledger import Ledger
from actions.desk.checking import who_writes
from actions.desk.entry import EntryKind, Source, kinds_of, may_grade, reaches, sources_of
from actions.org.org import Org, Unit
from actions.people.people import OfficerView, People
from actions.people.roles import REVIEWS, Role
from actions.phones import normalise
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import cases, desk_entries
from actions.turn import Turn

MOST_SUGGESTED = 6
MOST_OPEN = 3
MOST_TODAY = 30
_ONE_UNIT = frozenset({Role.OFFICER, Role.UNIT_LEAD})


@dataclass(frozen=True, slots=True)
class Written:
    """A line of what somebody wrote down today: `number` is empty for a rating without a case.

    `at` is aware, UTC.
    """

    at: datetime
    source: Source
    number: str


class DeskLookups:
    """Answers only those who write things down; refuses everybody else."""

    def __init__(self, engine: AsyncEngine, vault: Vault, people: People, org: Org) -> None:
        self._engine = engine
        self._people = people
        self._org = org
        self._ledger = Ledger(vault)

    async def sources(self, turn: Turn) -> tuple[Source, ...]:
        """How citizens may come to this officer. Refuses whoever writes nothing down."""
        return sources_of((await self._officer(turn)).roles)

    async def kinds(self, turn: Turn) -> tuple[EntryKind, ...]:
        """What this officer may write down. Refuses whoever writes nothing down."""
        return kinds_of((await self._officer(turn)).roles)

    async def gradable(self, turn: Turn, unit_id: int) -> bool:
        """Whether this officer may write down a grade for the unit."""
        officer, unit = await self._officer(turn), await self._org.unit(unit_id)
        return may_grade(officer.held, unit.path)

    async def subject(self, turn: Turn, badge: str) -> int | None:
        """The serving officer (id) with this badge number, or None."""
        await self._officer(turn)
        async with reading(self._engine) as connection:
            found = await self._people.by_badge(connection, badge)
        return found.id if found is not None else None

    async def within_reach(self, turn: Turn, unit_id: int | None) -> Unit | None:
        """The unit, if this officer may name it in an entry; for None the only one that is theirs.

        What lies beyond is left as it was said, for the centre to assign.
        """
        officer = await self._officer(turn)
        if unit_id is None:
            mine = {post.unit_id for post in officer.posts if post.role in _ONE_UNIT}
            own = len(mine) == 1 and not officer.roles & REVIEWS
            return await self._org.unit(mine.pop()) if own else None
        unit = await self._org.unit(unit_id)
        return unit if reaches(officer.held, unit.path) else None

    async def suggested(self, turn: Turn, words: str) -> list[Unit]:
        """The units within reach that the words may mean, the likeliest first."""
        officer = await self._officer(turn)
        found = [await self._org.unit(m.unit_id) for m in await self._org.match_units(words, 20)]
        near = [unit for unit in found if reaches(officer.held, unit.path)]
        return near[:MOST_SUGGESTED]

    async def named(self, turn: Turn, words: str) -> Unit | None:
        """The unit that the words name beyond doubt, anywhere in the city; None: ask which."""
        await self._officer(turn)
        best = (await self._org.tree()).index.best(words)
        return await self._org.unit(best) if best is not None else None

    async def is_written(self, turn: Turn) -> bool:
        """Whether this message or form has been written down already."""
        query = select(desk_entries.c.id).where(desk_entries.c.id == uuid.UUID(turn.inbox_id))
        async with reading(self._engine) as connection:
            return (await connection.execute(query)).one_or_none() is not None

    async def same_number(self, turn: Turn, phone: str) -> list[str]:
        """Open cases with this number that this officer, working above the units, may see."""
        officer, kept = await self._officer(turn), normalise(phone)
        if kept is None or not officer.roles & REVIEWS:
            return []
        query = (
            rows.base_query()
            .where(
                cases.c.phone_digest == self._ledger.phone_digest(kept),
                cases.c.closed_at.is_(None),
            )
            .order_by(cases.c.created_at.desc())
            .limit(20)
        )
        async with reading(self._engine) as connection:
            found = (await connection.execute(query)).all()
        seen = [
            row.number
            for row in found
            if officer.holds(REVIEWS, row.path) and not standing.barred(row, officer)
        ]
        return seen[:MOST_OPEN]

    async def today(self, turn: Turn) -> list[Written]:
        """What this officer wrote down since midnight in Beijing, the latest first."""
        officer = await self._officer(turn)
        midnight = datetime.combine(clock.beijing(clock.now()).date(), time(), clock.BEIJING)
        query = (
            select(desk_entries.c.created_at, desk_entries.c.source, cases.c.number)
            .join(cases, cases.c.id == desk_entries.c.case_id, isouter=True)
            .where(desk_entries.c.officer_id == officer.id, desk_entries.c.created_at >= midnight)
            .order_by(desk_entries.c.created_at.desc())
            .limit(MOST_TODAY)
        )
        async with reading(self._engine) as connection:
            found = (await connection.execute(query)).all()
        return [Written(row.created_at, Source(row.source), row.number or "") for row in found]

    async def _officer(self, turn: Turn) -> OfficerView:
        return who_writes(await self._people.whoami(turn))
