"""Doing a verb to a case: what the table allows, what it changes, what follows from it.

Always in the caller's transaction, with the case locked.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases import readers, rows, standing
from actions.cases.aftermath import Aftermath
from actions.cases.effects import effects
from actions.cases.ledger import Ledger
from actions.cases.requests import Requests
from actions.cases.rows import CaseRow
from actions.cases.states import STATES, Actor, State, Transition, Verb
from actions.cases.telling import CaseNotices, Told
from actions.cases.transitions import possible, rows_for, transition, who_may
from actions.deadlines.workdays import Calendar
from actions.errors import Refusal
from actions.feeds.results import Results
from actions.people.people import People, Person
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.turn import Turn

_SEALED = frozenset({Verb.ANSWER, Verb.HAND_IN})
_INTERNAL = frozenset(
    {"unit_id", "officer_id", "into_id", "escrow", "attachments", "code", "call_kind"}
)
_WORDS_OF_REFUSAL = {
    Verb.URGE: "urged_enough",
    Verb.REOPEN: "reopen_over",
    Verb.EXTEND: "extension_none",
    Verb.GRANT: "extension_not_asked",
    Verb.DENY: "extension_not_asked",
    Verb.REVIEW: "review_disputed",
    Verb.CONFIRM_VISIT: "visit_none",
}


class Work:
    def __init__(
        self,
        vault: Vault,
        people: People,
        policy: Policy,
        calendar: Calendar,
        ledger: Ledger,
        requests: Requests,
        notices: CaseNotices,
        aftermath: Aftermath,
        results: Results,
    ) -> None:
        self._vault = vault
        self._people = people
        self._policy = policy
        self._calendar = calendar
        self._ledger = ledger
        self._requests = requests
        self._notices = notices
        self._aftermath = aftermath
        self._results = results

    async def do(
        self,
        connection: AsyncConnection,
        turn: Turn,
        row: CaseRow,
        person: Person,
        who: set[Actor],
        verb: Verb,
        given: dict[str, Any],
    ) -> CaseRow:
        """The case after the verb. Done already because of the same message: as it is."""
        event_id = uuid.UUID(turn.inbox_id)
        if await self._ledger.done(connection, event_id, row.id, verb):
            return row
        given = {name: value for name, value in given.items() if value not in (None, "", [])}
        facts = standing.facts(row, self._policy, self._calendar, given.get("grade"))
        step = transition(verb, State(row.state), who, facts.holds)
        if step is None:
            raise await self._refusal(connection, row, person, who, verb)
        missing = [need for need in step.needs if need not in given]
        if missing:
            raise ValueError(f"{verb} needs {', '.join(missing)}")
        await self._aftermath.check_before(connection, row, step, given)
        given = await self._requests.resolve(connection, row, person, who, verb, given)
        return await self._carry_out(connection, row, step, event_id, given, person)

    async def has_done(
        self, connection: AsyncConnection, turn: Turn, row: CaseRow, verb: Verb
    ) -> bool:
        """Whether this message has done that to the case already."""
        return await self._ledger.done(connection, uuid.UUID(turn.inbox_id), row.id, verb)

    async def has_touched(self, connection: AsyncConnection, turn: Turn, row: CaseRow) -> bool:
        """Whether this message has done anything to the case already: then it may have given it out
        of the person's hands, and its turn, worked once more, is still to be told of it.
        """
        return await self._ledger.has_touched(connection, turn, row.id)

    async def touched(self, connection: AsyncConnection, turn: Turn, verb: Verb) -> CaseRow | None:
        """The case to which this message has done that already, if it has."""
        case_id = await self._ledger.touched(connection, turn, verb)
        return await rows.by_id(connection, case_id) if case_id is not None else None

    async def by_system(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        verb: Verb,
        event_id: uuid.UUID,
        given: dict[str, Any],
    ) -> CaseRow | None:
        """The case after what the program does by itself; None when it may not, or has already."""
        if await self._ledger.done(connection, event_id, row.id, verb):
            return None
        facts = standing.facts(row, self._policy, self._calendar, given.get("grade"))
        step = transition(verb, State(row.state), {Actor.SYSTEM}, facts.holds)
        if step is None:
            return None
        return await self._carry_out(connection, row, step, event_id, given, None)

    async def _carry_out(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        step: Transition,
        event_id: uuid.UUID,
        given: dict[str, Any],
        person: Person | None,
    ) -> CaseRow:
        officer = person.officer if person is not None else None
        officer_id = officer.id if officer is not None else None
        values = effects(step, row, given, officer_id, clock.now())
        if step.verb in _SEALED:
            values["answer_sealed"] = self._vault.seal(str(given["text"]))
        detail = {name: value for name, value in given.items() if name not in _INTERNAL}
        await self._ledger.move(connection, event_id, row, step, person, detail, values)
        if person is not None:
            attached = given.get("attachments", [])
            await self._ledger.attach(connection, row.id, person, attached)
        after = await rows.by_id(connection, row.id)
        given = await self._aftermath.follow(connection, row, after, step, given, officer)
        after = await rows.by_id(connection, row.id)
        key = f"{event_id}:{step.verb}:{row.number}"
        if row.state == State.DISPATCHED:
            await self._notices.settle_card(connection, row, step.verb, officer)
        await self._notices.tell(connection, after, step, key, Told(given, officer))
        await self._results.note(connection, after, step, given)
        if step.verb is Verb.MERGE:
            return await self._answer_at_once(connection, after, event_id)
        if step.verb is Verb.GRANT:
            await self._tell_merged(connection, after, key)
        if step.to is State.ANSWERED or step.verb in (Verb.CLOSE, Verb.WITHDRAW):
            await self._pass_on(connection, after, step.verb, event_id, given)
        return after

    async def _pass_on(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        verb: Verb,
        event_id: uuid.UUID,
        given: dict[str, Any],
    ) -> None:
        """One answer to everyone who named the same problem; if it was withdrawn, each goes on."""
        for case_id in await readers.merged_into(connection, row.id):
            other = await rows.by_id(connection, case_id, lock=True)
            if verb is Verb.WITHDRAW:
                await self.by_system(connection, other, Verb.DISPATCH, event_id, {})
                continue
            closing = str(given.get("text", "")) if verb is Verb.CLOSE else ""
            text = closing or self._vault.open(row.answer_sealed)
            await self.by_system(connection, other, Verb.ANSWER, event_id, {"text": text})

    async def _tell_merged(self, connection: AsyncConnection, row: CaseRow, key: str) -> None:
        """More time for this case is more time for everyone who named the same problem."""
        for case_id in await readers.merged_into(connection, row.id):
            other = await rows.by_id(connection, case_id)
            await self._notices.later_than_promised(connection, other, row.answer_by, key)

    async def _answer_at_once(
        self, connection: AsyncConnection, row: CaseRow, event_id: uuid.UUID
    ) -> CaseRow:
        """The answer of the case it was merged into, if that has one already."""
        target = await rows.by_id(connection, row.merged_into)
        if target.state != State.ANSWERED:
            return row
        text = {"text": self._vault.open(target.answer_sealed)}
        return await self.by_system(connection, row, Verb.ANSWER, event_id, text) or row

    async def _refusal(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        person: Person,
        who: set[Actor],
        verb: Verb,
    ) -> Refusal:
        """Why the table does not allow it, and what it allows instead."""
        state = State(row.state)
        facts = standing.facts(row, self._policy, self._calendar)
        may = [str(each) for each in possible(state, who, facts.holds)]
        mine = person.officer is not None and row.accepted_by == person.officer.id
        held = row.accepted_by is not None and not STATES[state].final
        could = {actor for step in rows_for(verb, state) for actor in step.who} or who_may(verb)
        holders = Actor.HOLDER in could and not who & could
        anothers = Actor.OFFICER in who and held and not mine
        if anothers and (holders or verb is Verb.ACCEPT):
            return await self._taken(connection, row, may)
        if verb is Verb.ACCEPT and mine and held:
            return Refusal("case_yours", number=row.number, may=may)
        if Actor.OFFICER in who and Actor.HOLDER in who_may(verb) and state is State.DISPATCHED:
            return Refusal("accept_first", number=row.number, may=may)
        if not who_may(verb) & (who | ({Actor.HOLDER} if Actor.OFFICER in who else set())):
            return Refusal("verb_not_yours", number=row.number, may=may)
        if verb in _WORDS_OF_REFUSAL and rows_for(verb, state):
            return Refusal(_WORDS_OF_REFUSAL[verb], number=row.number, may=may)
        key = "case_over" if STATES[state].final else "verb_not_now"
        return Refusal(key, number=row.number, may=may)

    async def _taken(self, connection: AsyncConnection, row: CaseRow, may: list[str]) -> Refusal:
        officer = await self._people.officer(connection, row.accepted_by)
        accepted = await self._ledger.last(connection, row.id, Verb.ACCEPT)
        return Refusal(
            "case_taken",
            number=row.number,
            who=officer.called if officer else "—",
            at=f"{clock.beijing(accepted[0]):%H:%M}" if accepted else "—",
            may=may,
        )
