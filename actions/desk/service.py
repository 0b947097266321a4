"""Writing down what citizens tell: a case or a rating that is theirs, with who wrote it down."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.cases import rows, standing
from actions.cases.case import CaseDraft, Receipt
from actions.cases.kinds import CaseKind, Reason
from actions.cases.ledger import Ledger
from actions.cases.reasons import reason_in
from actions.cases.rows import CaseRow
from actions.cases.service import Cases
from actions.desk.entry import (
    LONGEST,
    Entry,
    EntryKind,
    Source,
    kinds_of,
    may_grade,
    reaches,
    sources_of,
)
from actions.duty.duty import Duty
from actions.errors import Refusal
from actions.invitations.replies import is_alarming
from actions.notices.notices import Notices
from actions.org.org import Org, Unit
from actions.people.people import OfficerView, People, Person
from actions.people.roles import REVIEWS, Role
from actions.phones import normalise, text_number
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.ratings.rating import Grade
from actions.ratings.service import Ratings
from actions.store.tables import cases, desk_entries
from actions.turn import Turn

MOST_SUGGESTED = 6
MOST_OPEN = 3
MOST_TODAY = 30


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was made of an entry; `receipt` is None for a rating from which no case grew.

    `short_code` is empty where whoever wrote it down must not have it: the case is about them or
    one of theirs. `texted`: the citizen gets number and short code by text message.
    """

    unit_label: str
    grade: Grade | None = None
    receipt: Receipt | None = None
    short_code: str = ""
    texted: bool = False

    @property
    def withheld(self) -> bool:
        return self.receipt is not None and not self.short_code


@dataclass(frozen=True, slots=True)
class Written:
    """A line of what somebody wrote down today: `number` is empty for a rating without a case.

    `at` is aware, UTC.
    """

    at: datetime
    source: Source
    number: str


class Desk:
    """Who may write what down is decided here, from the channel identity."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        org: Org,
        policy: Policy,
        cases_: Cases,
        ratings: Ratings,
        notices: Notices,
        duty: Duty,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._policy = policy
        self._cases = cases_
        self._ratings = ratings
        self._notices = notices
        self._duty = duty

    async def sources(self, turn: Turn) -> tuple[Source, ...]:
        """How citizens may come to this officer. Refuses whoever writes nothing down."""
        return sources_of(_roles(await self._officer(turn)))

    async def kinds(self, turn: Turn) -> tuple[EntryKind, ...]:
        """What this officer may write down. Refuses whoever writes nothing down."""
        return kinds_of(_roles(await self._officer(turn)))

    async def gradable(self, turn: Turn, unit_id: int) -> bool:
        """Whether this officer may write down a grade for the unit."""
        officer, unit = await self._officer(turn), await self._org.unit(unit_id)
        return may_grade(_held(officer), unit.path)

    async def subject(self, turn: Turn, badge: str) -> int | None:
        """The serving officer (id) with this badge number, or None."""
        await self._officer(turn)
        async with self._engine.connect() as connection:
            found = await self._people.by_badge(connection, badge)
        return found.id if found is not None else None

    async def within_reach(self, turn: Turn, unit_id: int | None) -> Unit | None:
        """The unit, if this officer may name it in an entry; for None the only one that is theirs.

        What lies beyond is left as it was said, for the centre to assign.
        """
        officer = await self._officer(turn)
        if unit_id is None:
            mine = {post.unit_id for post in officer.posts if post.role in _ONE_UNIT}
            own = len(mine) == 1 and not _roles(officer) & REVIEWS
            return await self._org.unit(mine.pop()) if own else None
        unit = await self._org.unit(unit_id)
        return unit if reaches(_held(officer), unit.path) else None

    async def suggested(self, turn: Turn, words: str) -> list[Unit]:
        """The units within reach that the words may mean, the likeliest first."""
        officer = await self._officer(turn)
        found = [await self._org.unit(m.unit_id) for m in await self._org.match_units(words, 20)]
        near = [unit for unit in found if reaches(_held(officer), unit.path)]
        return near[:MOST_SUGGESTED]

    async def named(self, turn: Turn, words: str) -> Unit | None:
        """The unit that the words name beyond doubt, anywhere in the city; None: ask which."""
        await self._officer(turn)
        best = (await self._org.tree()).index.best(words)
        return await self._org.unit(best) if best is not None else None

    async def is_written(self, turn: Turn) -> bool:
        """Whether this message or form has been written down already."""
        query = select(desk_entries.c.id).where(desk_entries.c.id == uuid.UUID(turn.inbox_id))
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).one_or_none() is not None

    async def record(self, turn: Turn, entry: Entry) -> Recorded:
        """Writes the entry down. Again because of the same message or form: the same outcome.

        Raises ValueError for an entry that lacks what its kind needs, Refusal for one that this
        officer may not make.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            officer = _who_writes(person)
            entry = await self._checked(connection, officer, entry)
            await self._note(connection, turn, officer, entry)
            citizen = await self._citizen(connection, turn, entry)
            rating = await self._rating(connection, turn, citizen, entry)
            label = await self._label(connection, entry)
            outcome = Recorded(label, entry.grade)
            if entry.kind is not EntryKind.RATING or entry.grade is Grade.UNSATISFIED:
                draft = self._draft(entry, label, officer, rating)
                row, receipt = await self._cases.open_for(connection, turn, citizen, draft)
                await self._photos(connection, row, person, entry)
                told = await self._told(connection, turn, row, citizen, receipt)
                about_them = standing.barred(row, officer)
                code = "" if about_them else receipt.short_code
                outcome = Recorded(receipt.unit_label, entry.grade, receipt, code, told)
        return outcome

    async def alarm(self, turn: Turn, words: str) -> bool:
        """Whether the words may speak of danger; then the duty desk has been told."""
        if not is_alarming(words):
            return False
        await self._duty.alert(turn, "danger", words)
        return True

    async def same_number(self, turn: Turn, phone: str) -> list[str]:
        """Open cases with this number that this officer, working above the units, may see."""
        officer, kept = await self._officer(turn), normalise(phone)
        if kept is None or not _roles(officer) & REVIEWS:
            return []
        query = (
            rows.base_query()
            .where(
                cases.c.phone_digest == Ledger(self._vault).phone_digest(kept),
                cases.c.closed_at.is_(None),
            )
            .order_by(cases.c.created_at.desc())
            .limit(20)
        )
        async with self._engine.connect() as connection:
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
        async with self._engine.connect() as connection:
            found = (await connection.execute(query)).all()
        return [Written(row.created_at, Source(row.source), row.number or "") for row in found]

    # --- the steps of writing down ---------------------------------------------------------------

    async def _officer(self, turn: Turn) -> OfficerView:
        return _who_writes(await self._people.whoami(turn))

    async def _checked(
        self, connection: AsyncConnection, officer: OfficerView, entry: Entry
    ) -> Entry:
        """The entry with a unit within reach. Raises Refusal or ValueError."""
        if entry.source not in sources_of(_roles(officer)):
            raise Refusal("desk_source_not_yours")
        phone = normalise(entry.phone) if entry.phone else ""
        if phone is None:
            raise Refusal("desk_phone_wrong")
        entry = replace(entry, phone=phone, what=entry.what.strip())
        if entry.badge:
            subject = await self._people.by_badge(connection, entry.badge)
            if subject is None:
                raise Refusal("desk_badge_unknown")
            entry = replace(entry, officer_id=subject.id)
        if len(entry.what) > LONGEST:
            raise Refusal("desk_too_long", most_characters=str(LONGEST))
        unit = await self._org.unit(entry.unit_id, connection) if entry.unit_id else None
        if entry.kind is EntryKind.RATING:
            self._check_rating(officer, entry, unit)
            return entry
        if not entry.what:
            raise ValueError("an entry needs what happened")
        if unit is not None and not reaches(_held(officer), unit.path):
            words = entry.unit_words or unit.label
            return replace(entry, unit_id=None, unit_words=words)
        return entry

    def _check_rating(self, officer: OfficerView, entry: Entry, unit: Unit | None) -> None:
        if unit is None or entry.grade not in self._policy.scale:
            raise ValueError("a rating needs a unit and a grade of the scale")
        if not may_grade(_held(officer), unit.path):
            raise Refusal("desk_grade_not_yours")

    async def _note(
        self, connection: AsyncConnection, turn: Turn, officer: OfficerView, entry: Entry
    ) -> None:
        """Who wrote it down. The row is the first thing written: of two at once the other waits."""
        statement = insert(desk_entries).values(
            id=uuid.UUID(turn.inbox_id),
            officer_id=officer.id,
            source=entry.source,
            created_at=clock.now(),
        )
        await connection.execute(statement.on_conflict_do_nothing())

    async def _citizen(self, connection: AsyncConnection, turn: Turn, entry: Entry) -> Person:
        """Whose it is: the number's owner where texts are wanted, else nobody we could write to."""
        number = text_number(entry.phone) if entry.news and entry.phone else None
        if number is not None:
            return await self._people.meet(connection, "sms", number)
        return await self._people.nobody(connection, f"desk:{turn.inbox_id}")

    async def _rating(
        self, connection: AsyncConnection, turn: Turn, citizen: Person, entry: Entry
    ) -> uuid.UUID | None:
        if entry.kind is not EntryKind.RATING or entry.grade is None or entry.unit_id is None:
            return None
        rating = await self._ratings.record(
            connection,
            turn,
            citizen,
            entry.grade,
            way=entry.source.way,
            unit_id=entry.unit_id,
            words=entry.what,
        )
        await self._keep(connection, turn, rating_id=rating)
        return rating

    async def _label(self, connection: AsyncConnection, entry: Entry) -> str:
        if entry.unit_id is None:
            return entry.unit_words
        return await self._org.unit_label(entry.unit_id, connection)

    @staticmethod
    def _draft(
        entry: Entry, label: str, officer: OfficerView, rating: uuid.UUID | None
    ) -> CaseDraft:
        kind = entry.kind.case_kind
        graded = kind is CaseKind.UNSATISFIED
        return CaseDraft(
            kind=kind,
            what=entry.what,
            when=entry.when,
            who=entry.unit_words or label,
            unit_id=entry.unit_id,
            officer_id=entry.officer_id,
            phone=entry.phone,
            rating_id=rating,
            reason=(reason_in(entry.what) or Reason.OTHER) if graded else None,
            source=str(entry.source),
            recorded_by=officer.id,
        )

    async def _photos(
        self, connection: AsyncConnection, row: CaseRow, person: Person, entry: Entry
    ) -> None:
        """Hangs the writer's photos on the case."""
        ledger = Ledger(self._vault)
        await ledger.attach(connection, row.id, person, list(entry.attachments))

    async def _told(
        self,
        connection: AsyncConnection,
        turn: Turn,
        row: CaseRow,
        citizen: Person,
        receipt: Receipt,
    ) -> bool:
        """Whether the citizen gets number and short code by text message; queues it if so."""
        await self._keep(connection, turn, case_id=row.id)
        if citizen.channel != "sms" or citizen.state != "active":
            return False
        say = self._notices.wording.say
        codes = {"number": receipt.number, "code": receipt.short_code}
        await self._notices.tell(
            connection,
            key=f"desk:{turn.inbox_id}",
            identity_id=citizen.identity_id,
            topic="case",
            text=say("desk_text_receipt", citizen.language, **codes),
            case_id=row.id,
        )
        return True

    @staticmethod
    async def _keep(connection: AsyncConnection, turn: Turn, **values: uuid.UUID | None) -> None:
        key = desk_entries.c.id == uuid.UUID(turn.inbox_id)
        await connection.execute(update(desk_entries).where(key).values(**values))


_ONE_UNIT = frozenset({Role.OFFICER, Role.UNIT_LEAD})


def _who_writes(person: Person) -> OfficerView:
    """The officer who writes things down. Refuses everybody else."""
    if person.officer is None or not sources_of(_roles(person.officer)):
        raise Refusal("desk_not_yours")
    return person.officer


def _roles(officer: OfficerView) -> set[Role]:
    return {post.role for post in officer.posts}


def _held(officer: OfficerView) -> Sequence[tuple[Role, str]]:
    return [(post.role, post.path) for post in officer.posts]
