"""Writing cases: a case, its events and its attachments, always in the caller's transaction."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases import rows
from actions.cases.case import CaseDraft
from actions.cases.numbers import next_number
from actions.cases.promises import answer_by
from actions.cases.rows import CaseRow
from actions.cases.states import State, Transition, Verb, transition
from actions.people.people import Person
from actions.privacy.vault import Vault
from actions.store.tables import attachments, case_events, case_followers, cases, inbox, units
from actions.turn import Turn


class Ledger:
    """The only place that inserts cases and events or changes a case's state."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def open(
        self, connection: AsyncConnection, turn: Turn, person: Person, draft: CaseDraft
    ) -> uuid.UUID:
        opened = clock.now()
        case_id = clock.new_id()
        short_code = clock.new_code()
        matter = {"what": draft.what, "when": draft.when, "where": draft.where, "who": draft.who}
        phone = "" if draft.anonymous else draft.phone
        await connection.execute(
            insert(cases).values(
                id=case_id,
                number=await next_number(connection, clock.beijing(opened).year),
                short_code_digest=self._vault.digest(f"case:{short_code}"),
                short_code_sealed=self._vault.seal(short_code),
                kind=draft.kind,
                state=State.SUBMITTED,
                unit_id=draft.unit_id or await self._city(connection),
                subject_id=draft.officer_id,
                identity_id=person.identity_id,
                rating_id=await self._free_rating(connection, draft.rating_id),
                reason=draft.reason,
                matter_sealed=self._vault.seal_json(matter),
                phone_sealed=self._vault.seal(phone) if phone else None,
                anonymous=draft.anonymous,
                answer_by=answer_by(draft.kind, clock.beijing(opened)),
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
                inbox_id=uuid.UUID(turn.inbox_id),
            )
        )
        await self.attach(connection, case_id, person, draft.attachments)
        return case_id

    async def move(
        self,
        connection: AsyncConnection,
        turn: Turn,
        row: CaseRow,
        verb: Verb,
        person: Person | None,
        detail: dict[str, Any] | None = None,
        **values: Any,
    ) -> None:
        step = transition(verb, State(row.state))
        if step is None:
            raise LookupError(f"{verb} is not possible in state {row.state}")
        await self._record(connection, turn, row.id, step, row.state, person, detail)
        await connection.execute(
            update(cases)
            .where(cases.c.id == row.id)
            .values(state=step.to or row.state, updated_at=clock.now(), **values)
        )

    async def _record(
        self,
        connection: AsyncConnection,
        turn: Turn,
        case_id: uuid.UUID,
        step: Transition,
        state: str,
        person: Person | None,
        detail: dict[str, Any] | None,
    ) -> None:
        await connection.execute(
            insert(case_events).values(
                case_id=case_id,
                at=clock.now(),
                verb=step.verb,
                from_state=state,
                to_state=step.to or state,
                identity_id=person.identity_id if person else None,
                officer_id=person.officer.id if person and person.officer else None,
                detail_sealed=self._vault.seal_json(detail) if detail else None,
                inbox_id=uuid.UUID(turn.inbox_id),
            )
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
            return await self.by_id(connection, case_id)
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

    async def done(self, connection: AsyncConnection, turn: Turn, verb: Verb) -> bool:
        query = select(case_events.c.id).where(
            case_events.c.inbox_id == uuid.UUID(turn.inbox_id), case_events.c.verb == verb
        )
        return (await connection.execute(query)).one_or_none() is not None

    async def by_id(self, connection: AsyncConnection, case_id: uuid.UUID) -> CaseRow:
        return (await connection.execute(rows.base_query().where(cases.c.id == case_id))).one()

    async def _city(self, connection: AsyncConnection) -> int:
        """The city itself: where a case goes that names no unit."""
        query = select(units.c.id).where(units.c.parent_id.is_(None)).limit(1)
        return int((await connection.execute(query)).scalar_one())

    async def accepted_at(self, connection: AsyncConnection, case_id: uuid.UUID) -> datetime:
        """When the case was last accepted; the moment is aware, UTC."""
        query = (
            select(case_events.c.at)
            .where(case_events.c.case_id == case_id, case_events.c.verb == Verb.ACCEPT)
            .order_by(case_events.c.id.desc())
            .limit(1)
        )
        at: datetime = (await connection.execute(query)).scalar_one()
        return at
