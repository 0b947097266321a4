"""What follows from a verb besides the case itself: clocks, calls, visits, likenesses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.callbacks.tasks import Attempted, CallKind, CallTasks
from actions.callbacks.unreached import Unreached
from actions.cases.clocks import Clocks
from actions.cases.kinds import CaseKind
from actions.cases.ledger import Ledger
from actions.cases.likeness import Likeness
from actions.cases.rows import CaseRow
from actions.cases.states import Clock, State, Transition, Verb
from actions.cases.visits import Visits
from actions.deadlines.spans import parse_span
from actions.errors import Refusal
from actions.people.people import OfficerView
from actions.policy.model import Policy
from actions.privacy.vault import Vault
from actions.store.tables import attachments, inbox

FORM = ("reason", "responsible", "wish", "result")
_EXTENDED = (Clock.VERIFY, Clock.RECTIFY, Clock.ANSWER)


class Aftermath:
    def __init__(
        self,
        vault: Vault,
        policy: Policy,
        clocks: Clocks,
        tasks: CallTasks,
        visits: Visits,
        likeness: Likeness,
        ledger: Ledger,
        unreached: Unreached,
    ) -> None:
        self._vault = vault
        self._policy = policy
        self._clocks = clocks
        self._tasks = tasks
        self._visits = visits
        self._likeness = likeness
        self._ledger = ledger
        self._unreached = unreached

    async def check_before(
        self, connection: AsyncConnection, row: CaseRow, step: Transition, given: dict[str, Any]
    ) -> None:
        """Refuses what the policy wants something to be done before."""
        wanted = self._policy.before_answer
        if not step.before or CaseKind(row.kind) not in wanted.kinds:
            return
        if wanted.callback and row.callback_open and not await self._tasks.made(connection, row.id):
            raise Refusal("callback_first", number=row.number, may=["call_back"])
        if wanted.visit and await self._ledger.last(connection, row.id, Verb.VISIT) is None:
            raise Refusal("visit_first", number=row.number, may=["visit"])
        if wanted.finding and row.finding is None:
            raise Refusal("finding_first", number=row.number, may=["verify"])
        if wanted.measures and row.outcome is None:
            raise Refusal("measures_first", number=row.number, may=["rectify", "explain"])
        if wanted.photos and row.outcome != "explained":
            shown = await self._proofs(connection, row) + len(given.get("attachments", []))
            if shown < wanted.photos:
                raise Refusal(
                    "photos_first", number=row.number, count=str(wanted.photos), may=["rectify"]
                )

    async def follow(
        self,
        connection: AsyncConnection,
        before: CaseRow,
        row: CaseRow,
        step: Transition,
        given: dict[str, Any],
        officer: OfficerView | None,
    ) -> dict[str, Any]:
        """Does what follows; returns what the notices may say, more than was given."""
        kind = CaseKind(row.kind)
        await self._clocks.follow(
            connection, row.id, kind, step, self._not_wanted(before, row, kind)
        )
        match step.verb:
            case Verb.DISPATCH if before.state == State.SUBMITTED:
                await self._first_call(connection, row, kind)
            case Verb.CALL_BACK:
                given = await self._called(connection, row, given, officer)
            case Verb.REVISIT:
                await self._record_call(connection, row, given, officer, CallKind.REVISIT)
            case Verb.VISIT if officer is not None:
                confirm = self._policy.visit.confirm == "code"
                code = await self._visits.record(connection, row, officer.id, confirm=confirm)
                given = {**given, "code": code}
            case Verb.CONFIRM_VISIT:
                await self._visits.confirm(connection, row)
            case Verb.GRANT:
                span = parse_span(str(given["span"]))
                await self._clocks.prolong(connection, row.id, _EXTENDED, span)
            case Verb.MERGE:
                await self._likeness.decide(connection, row.id, given["into_id"], "merged")
        if step.to is State.ANSWERED:
            await self._revisit_call(connection, before, row, kind)
            given = {**given, "answer": self._vault.open(row.answer_sealed)}
        await self._drop_calls(connection, row, step)
        return given

    async def _drop_calls(
        self, connection: AsyncConnection, row: CaseRow, step: Transition
    ) -> None:
        """Calls that nobody needs to make any more."""
        if step.to in (State.CLOSED, State.WITHDRAWN, State.MERGED, State.REVIEWING):
            await self._tasks.drop(connection, row.id, CallKind.REVISIT)
        if step.to in (State.WITHDRAWN, State.MERGED, State.CLOSED):
            await self._tasks.drop(connection, row.id, CallKind.FIRST)
            await self._clocks.stop(connection, row.id, Clock.CALLBACK, step.verb)

    def _not_wanted(self, before: CaseRow, row: CaseRow, kind: CaseKind) -> set[Clock]:
        """Clocks that the table names but that this case does not have."""
        skip = set()
        callback = self._policy.callback
        wanted = callback is not None and kind in callback.kinds and row.phone_sealed is not None
        if not wanted or before.state != State.SUBMITTED:
            skip.add(Clock.CALLBACK)
        if kind is CaseKind.PRAISE:  # there is nothing to find out or to mend
            skip |= {Clock.VERIFY, Clock.RECTIFY}
        skip.add(Clock.SILENCE if self._is_revisited(row, kind) else Clock.REVISIT)
        return skip

    def _is_revisited(self, row: CaseRow, kind: CaseKind) -> bool:
        rule = self._policy.revisit
        return rule is not None and rule.concerns(kind, row.outcome)

    async def _first_call(self, connection: AsyncConnection, row: CaseRow, kind: CaseKind) -> None:
        rule = self._policy.callback
        if rule is None or kind not in rule.kinds or row.phone_sealed is None:
            return
        due = {c.clock: c.due_at for c in await self._clocks.of(connection, row.id)}
        await self._tasks.add(
            connection,
            row.id,
            CallKind.FIRST,
            rule.by,
            attempts=rule.attempts,
            calls=self._policy.hours.hours.calls,
            due_at=due.get(Clock.CALLBACK),
        )

    async def _revisit_call(
        self, connection: AsyncConnection, before: CaseRow, row: CaseRow, kind: CaseKind
    ) -> None:
        rule = self._policy.revisit
        if rule is None or not self._is_revisited(row, kind) or before.state == State.MERGED:
            return
        attempts = self._policy.callback.attempts if self._policy.callback else 3
        due = {c.clock: c.due_at for c in await self._clocks.of(connection, row.id)}
        await self._tasks.add(
            connection,
            row.id,
            CallKind.REVISIT,
            rule.by,
            attempts=attempts,
            calls=self._policy.hours.hours.calls,
            due_at=due.get(Clock.REVISIT),
        )

    async def _called(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        given: dict[str, Any],
        officer: OfficerView | None,
    ) -> dict[str, Any]:
        """`call_kind` among what is given names the call where no officer made it."""
        kind = CallKind(given["call_kind"]) if "call_kind" in given else None
        done = await self._record_call(connection, row, given, officer, kind)
        if done is None:
            return given
        if done.state != "open" and done.kind is CallKind.FIRST:
            await self._clocks.stop(connection, row.id, Clock.CALLBACK, Verb.CALL_BACK)
        if done.state == "unreachable":
            if done.kind is CallKind.REVISIT:  # tried as often as asked
                await self._clocks.stop(connection, row.id, Clock.REVISIT, Verb.REVISIT)
            await self._unreached.tell(connection, row, done)
        return {**given, "call_state": done.state, "next_at": done.next_at}

    async def _record_call(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        given: dict[str, Any],
        officer: OfficerView | None,
        kind: CallKind | None,
    ) -> Attempted | None:
        form = {name: given[name] for name in (*FORM, "text", "grade", "way") if given.get(name)}
        return await self._tasks.attempt(
            connection,
            row,
            officer,
            reached=given.get("reached", "yes") == "yes",
            form=form,
            aspects=given.get("aspects"),
            calls=self._policy.hours.hours.calls,
            kind=kind,
        )

    @staticmethod
    async def _proofs(connection: AsyncConnection, row: CaseRow) -> int:
        """Photos that came from somebody else than the citizen."""
        query = (
            select(func.count())
            .select_from(attachments)
            .join(inbox, inbox.c.id == attachments.c.inbox_id)
            .where(attachments.c.case_id == row.id, inbox.c.identity_id != row.identity_id)
        )
        return int((await connection.execute(query)).scalar_one())
