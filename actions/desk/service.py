"""Writing down what citizens tell: a case or a rating that is theirs, with who wrote it down."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.cases import standing
from actions.cases.case import CaseDraft, Receipt
from actions.cases.kinds import CaseKind, Reason
from actions.cases.ledger import Ledger
from actions.cases.reasons import reason_in
from actions.cases.rows import CaseRow
from actions.cases.service import Cases
from actions.desk.checking import Checking, who_writes
from actions.desk.entry import Entry, EntryKind
from actions.duty.duty import Duty
from actions.invitations.replies import is_alarming
from actions.notices.notices import Notices
from actions.org.org import Org
from actions.people.people import OfficerView, People, Person
from actions.phones import text_number
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.ratings.rating import Grade
from actions.ratings.service import Ratings
from actions.store.tables import desk_entries
from actions.turn import Turn


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


class Desk:
    """Writes down; who may is decided from the channel identity (actions/desk/checking.py)."""

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
        self._checking = Checking(people, org, policy)
        self._cases = cases_
        self._ratings = ratings
        self._notices = notices
        self._duty = duty

    async def record(self, turn: Turn, entry: Entry) -> Recorded:
        """Writes the entry down. Again because of the same message or form: the same outcome.

        Raises ValueError for an entry that lacks what its kind needs, Refusal for one that this
        officer may not make.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            officer = who_writes(person)
            entry = await self._checking.checked(connection, officer, entry)
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
