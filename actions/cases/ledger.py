"""Writing cases: a case, its events and its attachments, always in the caller's transaction."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases import rows
from actions.cases.case import CaseDraft
from actions.cases.numbers import next_number
from actions.cases.rows import CaseRow
from actions.cases.states import State, Transition, Verb
from actions.duplicates.signature import signature
from actions.people.people import Person
from actions.privacy.vault import Vault
from actions.store.tables import attachments, case_events, case_followers, cases, inbox
from actions.turn import Turn


class Ledger:
    """The only place that inserts cases and events or changes a case's state."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def open(
        self,
        connection: AsyncConnection,
        turn: Turn,
        person: Person,
        draft: CaseDraft,
        *,
        unit_id: int,
        escrow: bool,
        policy: str,
    ) -> uuid.UUID:
        """Writes the case as submitted, at `unit_id`, under the policy with this digest."""
        opened = clock.now()
        case_id = clock.new_id()
        short_code = clock.new_code()
        matter: dict[str, Any] = {
            "what": draft.what,
            "when": draft.when,
            "where": draft.where,
            "who": draft.who,
        }
        if draft.fed is not None:
            matter["fed"] = dataclasses.asdict(draft.fed)
        phone = "" if draft.anonymous else draft.phone
        await connection.execute(
            insert(cases).values(
                id=case_id,
                number=await next_number(connection, clock.beijing(opened).year),
                short_code_digest=self._vault.digest(f"case:{short_code}"),
                short_code_sealed=self._vault.seal(short_code),
                kind=draft.kind,
                source=draft.source or person.channel,
                state=State.SUBMITTED,
                unit_id=unit_id,
                subject_id=draft.officer_id,
                identity_id=person.identity_id,
                rating_id=await self._free_rating(connection, draft.rating_id),
                reason=draft.reason,
                matter_sealed=self._vault.seal_json(matter),
                phone_sealed=self._vault.seal(phone) if phone else None,
                phone_digest=self.phone_digest(phone),
                signature=list(signature(draft.what, self._vault.digest("signature"))),
                anonymous=draft.anonymous,
                escrow=escrow,
                policy=policy,
                wanted_by=draft.wanted_by,
                answer_by=opened,  # until its clock starts, in this transaction
                created_at=opened,
                updated_at=opened,
            )
        )
        await connection.execute(
            insert(case_events).values(
                case_id=case_id,
                at=opened,
                verb=Verb.SUBMIT,
                to_state=State.SUBMITTED,
                identity_id=person.identity_id,
                officer_id=draft.recorded_by,
                detail_sealed=self._recorded(draft),
                inbox_id=uuid.UUID(turn.inbox_id),
            )
        )
        await self.attach(connection, case_id, person, draft.attachments)
        return case_id

    def _recorded(self, draft: CaseDraft) -> bytes | None:
        """What is kept of a submission that an officer wrote down: how the citizen came."""
        if draft.recorded_by is None:
            return None
        return self._vault.seal_json({"recorded": draft.source})

    def phone_digest(self, phone: str) -> bytes | None:
        """By which cases of the same number find each other."""
        return self._vault.digest(f"phone:{phone}") if phone else None

    async def note_phone(self, connection: AsyncConnection, case_id: uuid.UUID, phone: str) -> None:
        """Takes over another number of the citizen, in its kept form; empty: there is none."""
        values = {
            "phone_sealed": self._vault.seal(phone) if phone else None,
            "phone_digest": self.phone_digest(phone),
        }
        await connection.execute(update(cases).where(cases.c.id == case_id).values(values))

    async def move(
        self,
        connection: AsyncConnection,
        event_id: uuid.UUID,
        row: CaseRow,
        step: Transition,
        person: Person | None,
        detail: dict[str, Any] | None = None,
        values: dict[str, Any] | None = None,
    ) -> None:
        """Adds the event and changes the case as the row of the table says.

        `event_id` is the message, or the alarm, that the event comes from: with the verb and the
        case it makes the event one, however often it is asked for.
        """
        await connection.execute(
            insert(case_events).values(
                case_id=row.id,
                at=clock.now(),
                verb=step.verb,
                from_state=row.state,
                to_state=step.to or row.state,
                identity_id=person.identity_id if person else None,
                officer_id=person.officer.id if person and person.officer else None,
                detail_sealed=self._vault.seal_json(detail) if detail else None,
                inbox_id=event_id,
            )
        )
        await connection.execute(
            update(cases)
            .where(cases.c.id == row.id)
            .values(state=step.to or row.state, updated_at=clock.now(), **(values or {}))
        )

    async def note_due(
        self,
        connection: AsyncConnection,
        case_id: uuid.UUID,
        *,
        due_at: datetime | None,
        answer_by: datetime | None,
        certain: bool,
    ) -> None:
        """Keeps on the case what its clocks say; `answer_by` None leaves what was promised."""
        promised = {"answer_by": answer_by} if answer_by is not None else {}
        await connection.execute(
            update(cases)
            .where(cases.c.id == case_id)
            .values(due_at=due_at, certain=certain, **promised)
        )

    async def note_alarms(
        self,
        connection: AsyncConnection,
        noted: Sequence[tuple[CaseRow, Verb, uuid.UUID, dict[str, Any]]],
    ) -> None:
        """Adds what the deadlines did by themselves: case, verb, event id and detail of each.

        Only adds rows: whoever holds a case locked is not waited for.
        """
        await connection.execute(
            insert(case_events),
            [
                {
                    "case_id": row.id,
                    "at": clock.now(),
                    "verb": verb,
                    "from_state": row.state,
                    "to_state": row.state,
                    "detail_sealed": self._vault.seal_json(detail),
                    "inbox_id": event_id,
                }
                for row, verb, event_id, detail in noted
            ],
        )

    async def attach(
        self,
        connection: AsyncConnection,
        case_id: uuid.UUID,
        person: Person,
        inbox_ids: list[str],
    ) -> None:
        """Hangs this person's own attachments on the case; others' ids are passed over."""
        if not inbox_ids:
            return
        own = select(inbox.c.id).where(
            inbox.c.id.in_([uuid.UUID(i) for i in inbox_ids]),
            inbox.c.identity_id == person.identity_id,
        )
        await connection.execute(
            update(attachments)
            .where(attachments.c.inbox_id.in_(own), attachments.c.case_id.is_(None))
            .values(case_id=case_id)
        )

    async def follow(self, connection: AsyncConnection, row: CaseRow, person: Person) -> None:
        if row.identity_id != person.identity_id:
            statement = upsert(case_followers).values(
                case_id=row.id, identity_id=person.identity_id
            )
            await connection.execute(statement.on_conflict_do_nothing())

    async def submitted(
        self, connection: AsyncConnection, turn: Turn, draft: CaseDraft
    ) -> CaseRow | None:
        """The case that this message opened already, or that the draft's rating led to before.

        A rating leads to one case: confirmed a second time in the same words, it is that one.
        """
        query = select(case_events.c.case_id).where(
            case_events.c.inbox_id == uuid.UUID(turn.inbox_id), case_events.c.verb == Verb.SUBMIT
        )
        case_id = (await connection.execute(query)).scalar_one_or_none()
        if case_id:
            return await rows.by_id(connection, case_id)
        row = await self._of_rating(connection, draft.rating_id)
        if row is None or self._vault.open_json(row.matter_sealed)["what"] != draft.what:
            return None
        return row

    async def _of_rating(
        self, connection: AsyncConnection, rating_id: uuid.UUID | None
    ) -> CaseRow | None:
        if rating_id is None:
            return None
        query = rows.base_query().where(cases.c.rating_id == rating_id)
        return (await connection.execute(query)).one_or_none()

    async def _free_rating(
        self, connection: AsyncConnection, rating_id: uuid.UUID | None
    ) -> uuid.UUID | None:
        """The rating, unless another case grew out of it: then this one stands by itself."""
        return None if await self._of_rating(connection, rating_id) else rating_id

    async def done(
        self, connection: AsyncConnection, event_id: uuid.UUID, case_id: uuid.UUID, verb: Verb
    ) -> bool:
        """Whether this message, or alarm, has done that to the case already."""
        query = select(case_events.c.id).where(
            case_events.c.inbox_id == event_id,
            case_events.c.verb == verb,
            case_events.c.case_id == case_id,
        )
        return (await connection.execute(query)).one_or_none() is not None

    async def has_touched(
        self, connection: AsyncConnection, turn: Turn, case_id: uuid.UUID
    ) -> bool:
        """Whether this message has done anything to the case already."""
        query = select(case_events.c.id).where(
            case_events.c.inbox_id == uuid.UUID(turn.inbox_id), case_events.c.case_id == case_id
        )
        return (await connection.execute(query.limit(1))).one_or_none() is not None

    async def touched(
        self, connection: AsyncConnection, turn: Turn, verb: Verb
    ) -> uuid.UUID | None:
        """The case to which this message has done that already: the first, should there be more.

        By uq_case_events_inbox_id_verb_case_id.
        """
        query = (
            select(case_events.c.case_id)
            .where(case_events.c.inbox_id == uuid.UUID(turn.inbox_id), case_events.c.verb == verb)
            .order_by(case_events.c.id)
            .limit(1)
        )
        return (await connection.execute(query)).scalar_one_or_none()

    async def last(
        self, connection: AsyncConnection, case_id: uuid.UUID, verb: Verb
    ) -> tuple[datetime, dict[str, Any]] | None:
        """When that was last done to the case (aware, UTC), and what was given with it."""
        query = (
            select(case_events.c.at, case_events.c.detail_sealed)
            .where(case_events.c.case_id == case_id, case_events.c.verb == verb)
            .order_by(case_events.c.id.desc())
            .limit(1)
        )
        found = (await connection.execute(query)).one_or_none()
        if found is None:
            return None
        return found.at, self._vault.open_json(found.detail_sealed) if found.detail_sealed else {}

    async def all_of(
        self, connection: AsyncConnection, case_id: uuid.UUID, *verbs: Verb
    ) -> list[dict[str, Any]]:
        """What was given each time one of these was done, the oldest first."""
        query = (
            select(case_events.c.detail_sealed)
            .where(case_events.c.case_id == case_id, case_events.c.verb.in_(verbs))
            .order_by(case_events.c.id)
        )
        sealed = (await connection.execute(query)).scalars().all()
        return [self._vault.open_json(each) if each else {} for each in sealed]
