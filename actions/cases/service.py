"""What people do with cases. Each call is one transaction: case, event, clocks, notices together."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.cases import rows, standing, unproven
from actions.cases.case import CaseDraft, CaseView, EventView, Receipt
from actions.cases.clocks import Clocks, ClockView
from actions.cases.guesses import Guesses
from actions.cases.likeness import Likeness, LinkView
from actions.cases.numbers import read_number, read_short_code
from actions.cases.opening import Opening
from actions.cases.rows import CaseRow
from actions.cases.states import Actor, Clock, State, Verb
from actions.cases.views import Views
from actions.cases.work import Work
from actions.errors import Refusal
from actions.org.org import Org
from actions.people.people import People, Person
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.turn import Turn


class Cases:
    """Opening, following, working and closing cases."""

    def __init__(
        self,
        engine: AsyncEngine,
        vault: Vault,
        people: People,
        org: Org,
        policy: Policy,
        opening: Opening,
        work: Work,
        views: Views,
        clocks: Clocks,
        likeness: Likeness,
        guesses: Guesses,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org
        self._policy = policy
        self._opening = opening
        self._work = work
        self._views = views
        self._clocks = clocks
        self._likeness = likeness
        self._guesses = guesses

    async def submit(self, turn: Turn, draft: CaseDraft) -> Receipt:
        """Opens the case, dispatches it and tells the unit. Called again: the same receipt."""
        async with self._engine.begin() as connection:
            return (await self.submit_in(connection, turn, draft))[1]

    async def submit_in(
        self, connection: AsyncConnection, turn: Turn, draft: CaseDraft
    ) -> tuple[CaseRow, Receipt]:
        """The same in the caller's transaction."""
        person = await self._people.person(connection, turn.conversation)
        return await self.open_for(connection, turn, person, draft)

    async def open_for(
        self, connection: AsyncConnection, turn: Turn, person: Person, draft: CaseDraft
    ) -> tuple[CaseRow, Receipt]:
        """The same for this person: they need not be who speaks."""
        row = await self._opening.submit(connection, turn, person, draft)
        clocks = {c.clock: c for c in await self._clocks.of(connection, row.id)}
        label = await self._org.unit_label(row.unit_id, connection)
        call = clocks.get(Clock.CALLBACK)
        promised = clocks.get(Clock.ANSWER)
        return row, Receipt(
            number=row.number,
            short_code=self._vault.open(row.short_code_sealed),
            unit_label=label,
            answer_by=row.answer_by,
            certain=promised is None or promised.certain,
            call_by=call.due_at if call and row.phone_sealed else None,
        )

    async def act(self, turn: Turn, number: str, verb: Verb, **given: Any) -> CaseView:
        """Does what the table allows this person to do with the case, and tells whom it tells.

        `given` holds what the row needs: text, grade, reached, finding, span, unit (id), officer
        (id), into (a case number), attachments (inbox ids). Done already because of the same
        message: left as it is. Refuses with what stands in the way and what is possible instead.
        """
        async with self._engine.begin() as connection:
            row, person, who = await self._for(connection, turn, number, lock=True, verb=verb)
            with unproven.hushed(person):
                row = await self._work.do(connection, turn, row, person, who, verb, given)
            now_who = await standing.actors(connection, row, person, self._policy)
            view = await self._views.one(
                connection, row, person, now_who or who, full=bool(now_who)
            )
            return view if person.proven else unproven.bare(view)

    async def mine(self, turn: Turn) -> list[CaseView]:
        """The citizen's own and followed cases, the newest first, ten at most."""
        async with reading(self._engine) as connection:
            person = await self._people.person(connection, turn.conversation)
            unproven.refuse(person)
            return await self._of_citizen(connection, person)

    async def touched(self, turn: Turn, verb: Verb) -> CaseView | None:
        """The case to which this very message has done that: before its turn broke off, and it is
        worked a second time. None when it has done it to none.
        """
        async with reading(self._engine) as connection:
            row = await self._work.touched(connection, turn, verb)
            if row is None:
                return None
            person = await self._people.person(connection, turn.conversation)
            who = await standing.actors(connection, row, person, self._policy)
            view = await self._views.one(connection, row, person, who)
        return view if person.proven else unproven.bare(view)

    async def to_rate(self, turn: Turn) -> list[CaseView]:
        """Those of the citizen's cases whose result waits for its first grade, the newest first;
        if this very message has graded one already, only that one.

        In a channel that proves nothing: only cases that were opened there, and bare.
        """
        again = await self.touched(turn, Verb.RATE_RESULT)
        if again is not None:
            return [again]
        async with reading(self._engine) as connection:
            person = await self._people.person(connection, turn.conversation)
            found = [
                view
                for view in await self._of_citizen(connection, person)
                if Verb.RATE_RESULT in view.may and view.result_grade is None
            ]
        return found if person.proven else [unproven.bare(view) for view in found]

    async def _of_citizen(self, connection: AsyncConnection, person: Person) -> list[CaseView]:
        found = await rows.of_citizen(connection, person.identity_id)
        return [await self._views.one(connection, row, person, {Actor.CITIZEN}) for row in found]

    async def open_for_officer(self, turn: Turn) -> list[CaseView]:
        """Open cases the officer may work on: their own first, then what burns. Refuses others."""
        async with reading(self._engine) as connection:
            person = await self._people.person(connection, turn.conversation)
            unproven.refuse(person)
            if person.officer is None:
                raise Refusal("officers_only")
            views = []
            for row in await rows.for_officer(connection, person.officer):
                who = await standing.actors(connection, row, person, self._policy)
                if who and who != {Actor.CITIZEN}:
                    views.append(await self._views.one(connection, row, person, who))
            return views

    async def find(self, turn: Turn, key: str) -> CaseView:
        """A case by its number (own, or an officer's) or by its short code (anybody's). Who sees the
        figures of its unit may look at it.

        What does not exist and what is not theirs are refused alike, and guessing is limited. Where
        this person may see the citizen's number, that it was shown is noted.
        """
        async with self._engine.begin() as connection:
            person = await self._people.person(connection, turn.conversation)
            unproven.refuse(person)
            row = await self._found(connection, person, key)
            who = await standing.actors(connection, row, person, self._policy) if row else set()
            if row is None or not (who or standing.reads(row, person.officer)):
                if row is not None and await self._work.has_touched(connection, turn, row):
                    return await self._views.one(connection, row, person, set())
                await self._guesses.wrong(person.identity_id)
                raise Refusal("case_not_found")
            return await self._views.one(connection, row, person, who, full=True)

    async def history(self, turn: Turn, number: str) -> list[EventView]:
        """What has happened to the case, the oldest first, as far as this person is to know."""
        async with reading(self._engine) as connection:
            row, person, who = await self._for(connection, turn, number)
            return await self._views.history(connection, row, person, who)

    async def clocks(self, turn: Turn, number: str) -> list[ClockView]:
        """Every clock of the case with its rule, for an officer; a citizen's: what was promised."""
        async with reading(self._engine) as connection:
            row, _, who = await self._for(connection, turn, number)
            found = await self._clocks.of(connection, row.id)
            if who == {Actor.CITIZEN}:
                return [c for c in found if c.clock in (Clock.ANSWER, Clock.CALLBACK)]
            return found

    async def links(self, turn: Turn, number: str) -> list[LinkView]:
        """Cases that may be the same matter; for officers."""
        async with reading(self._engine) as connection:
            row, _, who = await self._for(connection, turn, number)
            if not who - {Actor.CITIZEN}:
                raise Refusal("case_not_found")
            return await self._likeness.of(connection, row)

    async def decide_link(self, turn: Turn, number: str, other: str, state: str) -> CaseView:
        """Says of two cases that they are linked, or not the same (dismissed); for officers."""
        async with self._engine.begin() as connection:
            row, person, who = await self._for(connection, turn, number, lock=True)
            second = await rows.by_number(connection, other)
            if who == {Actor.CITIZEN} or second is None:
                raise Refusal("case_not_found")
            await self._likeness.decide(connection, row.id, second.id, state)
            row = await rows.by_id(connection, row.id)
            return await self._views.one(connection, row, person, who)

    async def _for(
        self,
        connection: AsyncConnection,
        turn: Turn,
        number: str,
        *,
        lock: bool = False,
        verb: Verb | None = None,
    ) -> tuple[CaseRow, Person, set[Actor]]:
        """The case, the person and their standing. Refuses what is not theirs as not existing."""
        person = await self._people.person(connection, turn.conversation)
        if verb is None:
            unproven.refuse(person)
        row = await rows.by_number(connection, number, lock=lock)
        if verb is not None and not person.proven:
            again = row is not None and await self._work.has_done(connection, turn, row, verb)
            unproven.allow(person, row, verb, again=again)
        who = await standing.actors(connection, row, person, self._policy) if row else set()
        looks = verb is None and not lock and row is not None
        if row is None:
            raise Refusal("case_not_found")
        theirs = who or (looks and standing.reads(row, person.officer))
        if not (theirs or await self._work.has_touched(connection, turn, row)):
            raise Refusal("case_not_found")
        return row, person, who

    async def _found(self, connection: AsyncConnection, person: Person, key: str) -> CaseRow | None:
        await self._guesses.check(person.identity_id)
        row = await rows.by_number(connection, key)
        if row is None and read_short_code(key) and read_number(key) is None:
            row = await rows.by_short_code(connection, self._vault, key)
            if row is not None and standing.may_follow(row, person):
                await self._opening.follow(connection, row, person)
        return row

    async def for_feed(
        self, connection: AsyncConnection, turn: Turn, case_id: uuid.UUID, verb: Verb, **given: Any
    ) -> CaseRow:
        """What a feed does in the citizen's place with a case that it handed over.

        Raises Refusal where the table does not allow it.
        """
        person = await self._people.person(connection, turn.conversation)
        row = await rows.by_id(connection, case_id, lock=True)
        return await self._work.do(connection, turn, row, person, {Actor.CITIZEN}, verb, given)

    async def seen_by_feed(
        self, connection: AsyncConnection, turn: Turn, case_id: uuid.UUID
    ) -> CaseView:
        """A case that a feed handed over, as its citizen would see it."""
        person = await self._people.person(connection, turn.conversation)
        row = await rows.by_id(connection, case_id)
        return await self._views.one(connection, row, person, {Actor.CITIZEN})

    async def by_system(
        self, case_id: uuid.UUID, verb: Verb, event_id: uuid.UUID, **given: Any
    ) -> State | None:
        """What the program does by itself at an alarm; None when the table no longer allows it."""
        async with self._engine.begin() as connection:
            row = await rows.by_id(connection, case_id, lock=True)
            done = await self._work.by_system(connection, row, verb, event_id, given)
            return State(done.state) if done is not None else None
