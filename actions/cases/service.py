"""What people do with cases. Each call is one transaction: case, event and notices together."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.cases import rows
from actions.cases.case import CaseDraft, CaseView, Receipt
from actions.cases.guesses import Guesses
from actions.cases.ledger import Ledger
from actions.cases.numbers import read_number, read_short_code
from actions.cases.rows import CaseRow
from actions.cases.states import STATES, Actor, State, Verb, transition, who_may
from actions.cases.telling import CaseNotices
from actions.errors import Refusal
from actions.org.org import Org
from actions.people.people import People, Person
from actions.privacy.vault import Vault
from actions.ratings.rating import Grade
from actions.turn import Turn


class Cases:
    """Opening, following, working and closing cases."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        org: Org,
        notices: CaseNotices,
        guesses: Guesses,
    ) -> None:
        self._ledger = Ledger(vault)
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._notices = notices
        self._guesses = guesses

    async def submit(self, turn: Turn, draft: CaseDraft) -> Receipt:
        """Opens the case, dispatches it and tells the unit. Called again: the same receipt."""
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            row = await self._ledger.submitted(connection, turn, draft)
            if row is None:
                case_id = await self._ledger.open(connection, turn, person, draft)
                row = await self._ledger.by_id(connection, case_id)
                await self._ledger.move(connection, turn, row, Verb.DISPATCH, None)
                row = await self._ledger.by_id(connection, case_id)
                await self._notices.new_case(connection, row, f"{turn.inbox_id}:new")
        label = await self._org.unit_label(row.unit_id)
        return Receipt(row.number, self._vault.open(row.short_code_sealed), label, row.answer_by)

    async def mine(self, turn: Turn) -> list[CaseView]:
        """The citizen's own and followed cases, the newest first, ten at most."""
        async with self._engine.connect() as connection:
            person = await self._people.person(connection, turn.conversation)
            found = await rows.of_citizen(connection, person.identity_id)
            return [await self._view(connection, row, person, {Actor.CITIZEN}) for row in found]

    async def open_for_officer(self, turn: Turn) -> list[CaseView]:
        """Open cases the officer may work on, the one due first in front. Refuses others."""
        async with self._engine.connect() as connection:
            person = await self._people.person(connection, turn.conversation)
            if person.officer is None:
                raise Refusal("officers_only")
            found = await rows.open_below(connection, person.officer)
            views = []
            for row in found:
                who = await rows.actors(connection, row, person)
                if Actor.OFFICER in who:
                    views.append(await self._view(connection, row, person, who))
            return views

    async def find(self, turn: Turn, key: str) -> CaseView:
        """A case by its number (own, or an officer's) or by its short code (anybody's).

        What does not exist and what is not theirs are refused alike, and guessing is limited.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            await self._guesses.check(person.identity_id)
            row = await rows.by_number(connection, key)
            if row is None and read_short_code(key) and read_number(key) is None:
                row = await rows.by_short_code(connection, self._vault, key)
                if row is not None and rows.may_follow(row, person):
                    await self._ledger.follow(connection, row, person)
            who = await rows.actors(connection, row, person) if row is not None else set()
            if row is None or not who:
                await self._guesses.wrong(person.identity_id)
                raise Refusal("case_not_found")
            return await self._view(connection, row, person, who)

    async def add_facts(
        self, turn: Turn, number: str, text: str, attached: list[str] | None = None
    ) -> CaseView:
        """Adds words, attachments (inbox ids) or both."""
        words = text or ("📎" if attached else "")
        async with self._engine.begin() as connection:
            row, person = await self._act(
                connection, turn, number, Verb.ADD_FACTS, detail={"text": words}
            )
            await self._ledger.attach(connection, row.id, person, attached or [])
            await self._notices.to_officers(
                connection, row, f"{turn.inbox_id}:facts", "case_facts", text=words
            )
            return await self._view_as(connection, row, person)

    async def urge(self, turn: Turn, number: str) -> CaseView:
        async with self._engine.begin() as connection:
            row, person = await self._act(connection, turn, number, Verb.URGE)
            await self._notices.to_officers(connection, row, f"{turn.inbox_id}:urged", "case_urged")
            return await self._view_as(connection, row, person)

    async def withdraw(self, turn: Turn, number: str) -> CaseView:
        async with self._engine.begin() as connection:
            row, person = await self._act(
                connection, turn, number, Verb.WITHDRAW, closed_at=clock.now()
            )
            await self._notices.to_officers(
                connection, row, f"{turn.inbox_id}:withdrawn", "case_withdrawn"
            )
            return await self._view_as(connection, row, person)

    async def accept(self, turn: Turn, number: str) -> CaseView:
        """The first officer takes it; whoever comes later is refused with the first one's name."""
        async with self._engine.begin() as connection:
            row, person = await self._act(connection, turn, number, Verb.ACCEPT)
            officer = person.officer
            if officer is not None:
                key = f"{turn.inbox_id}:accepted"
                await self._notices.to_citizens(
                    connection, row, key, "case_accepted", officer=officer.called
                )
                await self._notices.taken(connection, row, key, officer.id, officer.called)
            return await self._view_as(connection, row, person)

    async def answer(self, turn: Turn, number: str, text: str) -> CaseView:
        """Tells the citizen what was done. Refuses anyone but the officer who accepted it."""
        async with self._engine.begin() as connection:
            row, person = await self._act(
                connection,
                turn,
                number,
                Verb.ANSWER,
                detail={"text": text},
                answer_sealed=self._vault.seal(text),
            )
            await self._notices.to_citizens(
                connection, row, f"{turn.inbox_id}:answered", "case_answered", answer=text
            )
            return await self._view_as(connection, row, person)

    async def rate_result(self, turn: Turn, number: str, grade: str) -> CaseView:
        """The citizen's grade for the result, which closes the case. Raises ValueError for none."""
        given = Grade(grade)
        async with self._engine.begin() as connection:
            row, person = await self._act(
                connection,
                turn,
                number,
                Verb.RATE_RESULT,
                detail={"grade": given},
                result_grade=given,
                closed_at=clock.now(),
            )
            await self._notices.to_officers(
                connection, row, f"{turn.inbox_id}:rated", "case_result", grade=f"grade_{given}"
            )
            return await self._view_as(connection, row, person)

    async def _act(
        self,
        connection: AsyncConnection,
        turn: Turn,
        number: str,
        verb: Verb,
        detail: dict[str, Any] | None = None,
        **values: Any,
    ) -> tuple[CaseRow, Person]:
        """Locks the case, checks the table and the person, moves it. Done before: left as it is."""
        person = await self._people.person(connection, turn.conversation)
        row = await rows.by_number(connection, number, lock=True)
        who = await rows.actors(connection, row, person) if row is not None else set()
        if row is None or not who:
            raise Refusal("case_not_found")
        if await self._ledger.done(connection, turn, verb):
            return row, person
        if verb is Verb.ACCEPT and person.officer is not None:
            values["accepted_by"] = person.officer.id
        await self._check(connection, row, person, who, verb, detail)
        await self._ledger.move(connection, turn, row, verb, person, detail, **values)
        return await self._ledger.by_id(connection, row.id), person

    async def _check(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        person: Person,
        who: set[Actor],
        verb: Verb,
        detail: dict[str, Any] | None,
    ) -> None:
        """Refuses what the table does not allow, saying what stands in the way."""
        if not who_may(verb) & who:
            raise Refusal("verb_not_yours", number=row.number)
        step = transition(verb, State(row.state))
        mine = person.officer is not None and row.accepted_by == person.officer.id
        if row.accepted_by is not None and not mine and verb in {Verb.ACCEPT, Verb.ANSWER}:
            officer = await self._people.officer(connection, row.accepted_by)
            taken_at = clock.beijing(await self._ledger.accepted_at(connection, row.id))
            raise Refusal(
                "case_taken",
                number=row.number,
                who=officer.called if officer else "—",
                at=f"{taken_at:%H:%M}",
            )
        if verb is Verb.ACCEPT and mine and step is None:
            raise Refusal("case_yours", number=row.number)
        if step is None:
            key = "case_over" if STATES[State(row.state)].final else "verb_not_now"
            if verb is Verb.ANSWER and row.state == State.DISPATCHED:
                key = "accept_first"
            raise Refusal(key, number=row.number)
        if not step.who & who:
            raise Refusal("verb_not_yours", number=row.number)
        missing = [need for need in step.needs if not (detail or {}).get(need)]
        if missing:
            raise ValueError(f"{verb} needs {', '.join(missing)}")

    async def _view_as(self, connection: AsyncConnection, row: CaseRow, person: Person) -> CaseView:
        return await self._view(connection, row, person, await rows.actors(connection, row, person))

    async def _view(
        self, connection: AsyncConnection, row: CaseRow, person: Person, who: set[Actor]
    ) -> CaseView:
        officer = await self._people.officer(connection, row.accepted_by)
        label = await self._org.unit_label(row.unit_id, connection)
        called = officer.called if officer else ""
        return rows.view(self._vault, row, who, person, label, called)
