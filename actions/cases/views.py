"""A case and its history, as a given person may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.callbacks.tasks import asked_of
from actions.cases import alarm_rows, rows, standing
from actions.cases.case import CaseView, DueView, EventView, Fed, gist
from actions.cases.clocks import TIMERS, Clocks
from actions.cases.kinds import CaseKind, Reason
from actions.cases.ledger import Ledger
from actions.cases.rows import CaseRow
from actions.cases.states import Actor, Clock, State, Verb
from actions.cases.transitions import possible
from actions.deadlines.workdays import Calendar
from actions.notices.notices import Wording
from actions.org.org import Org
from actions.people.people import People, Person
from actions.people.roles import Role
from actions.phones import mask
from actions.policy.model import Policy
from actions.privacy.masking import mask_text
from actions.privacy.vault import Vault
from actions.store.tables import case_events, escrow_openings, reveals

OPENED_FOR = timedelta(hours=24)  # how long an opened escrow lets its asker see the number
_NOT_THE_CITIZENS = frozenset({
    Verb.CALL_BACK, Verb.VERIFY, Verb.HAND_OVER, Verb.NAME_SUBJECT, Verb.WARN, Verb.SUPERVISE,
    Verb.ESCALATE, Verb.SEND_BACK, Verb.HAND_IN, Verb.EXTEND, Verb.DENY, Verb.RECTIFY, Verb.REVISIT,
})  # fmt: skip
_ONLY_ABOVE = frozenset({Verb.REPORT_TREATMENT})


class Views:
    def __init__(
        self,
        vault: Vault,
        people: People,
        org: Org,
        policy: Policy,
        calendar: Calendar,
        clocks: Clocks,
        wording: Wording,
    ) -> None:
        self._vault = vault
        self._people = people
        self._org = org
        self._policy = policy
        self._calendar = calendar
        self._clocks = clocks
        self._wording = wording
        self._ledger = Ledger(vault)

    async def one(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        person: Person,
        who: set[Actor],
        *,
        full: bool = False,
    ) -> CaseView:
        """The case; `full` also with the number, if this person may see it, which is noted."""
        holder = await self._people.officer(connection, row.accepted_by)
        matter = self._vault.open_json(row.matter_sealed)
        what = matter["what"]
        if not await self._reads_whole(connection, row, person, who):
            what = mask_text(what, doors=False)
        facts = standing.facts(row, self._policy, self._calendar)
        return CaseView(
            number=row.number,
            kind=CaseKind(row.kind),
            state=State(row.state),
            unit_label=await self._org.unit_label(row.unit_id, connection),
            gist=gist(what),
            what=what,
            when=matter["when"],
            where=matter["where"],
            who=matter["who"],
            reason=Reason(row.reason) if row.reason else None,
            phone=await self._phone(connection, row, person, who, full=full),
            anonymous=row.anonymous,
            escrow=row.escrow,
            attachments=row.attachments,
            answer=self._answer(row, who),
            question=await self._question(connection, row),
            finding=row.finding if who != {Actor.CITIZEN} else None,
            outcome=row.outcome,
            result_grade=row.result_grade,
            accepted_by=self._called(holder, who),
            rounds=row.rounds,
            merged_into=await self._target(connection, row, who),
            links=row.links_proposed if who != {Actor.CITIZEN} else 0,
            created_at=row.created_at,
            updated_at=row.updated_at,
            closed_at=row.closed_at,
            answer_by=row.answer_by,
            due_at=row.due_at,
            certain=row.certain,
            due=await self._due(connection, row, who) if full else [],
            may=possible(State(row.state), who, facts.holds),
            mine=Actor.HOLDER in who,
            calls=_calls(row, person),
            source=row.source if who != {Actor.CITIZEN} else "",
            fed=_fed(matter) if who != {Actor.CITIZEN} else None,
            asked=await self._asked(connection, row, who),
        )

    async def history(
        self, connection: AsyncConnection, row: CaseRow, person: Person, who: set[Actor]
    ) -> list[EventView]:
        """What has happened, the oldest first, as far as this person is to know."""
        whole = await self._reads_whole(connection, row, person, who)
        query = (
            select(case_events).where(case_events.c.case_id == row.id).order_by(case_events.c.id)
        )
        hidden: set[Verb] = set(_NOT_THE_CITIZENS) if who == {Actor.CITIZEN} else set()
        if not self._supervises(row, person):
            hidden |= _ONLY_ABOVE
        events = (await connection.execute(query)).all()
        return [
            EventView(
                e.at,
                Verb(e.verb),
                await self._by(connection, e, who),
                self._words(e, who) if whole else mask_text(self._words(e, who), doors=False),
            )
            for e in events
            if Verb(e.verb) not in hidden
        ]

    def _supervises(self, row: CaseRow, person: Person) -> bool:
        """Whether this person is of those who alone see how the citizen was treated afterwards."""
        rule, officer = self._policy.retaliation, person.officer
        if rule is None or officer is None:
            return False
        return officer.holds({Role(rule.by)}, row.path)

    async def _by(self, connection: AsyncConnection, event: Any, who: set[Actor]) -> str:
        """Who did it: an officer by the family name; the citizen and the program by a word."""
        officer = await self._people.officer(connection, event.officer_id)
        recorded = event.verb == Verb.SUBMIT  # an officer's only where they wrote it down
        if officer is not None and (recorded or event.verb not in _CITIZENS_OWN):
            return self._called(officer, who)
        return "system" if event.identity_id is None else "citizen"

    def _words(self, event: Any, who: set[Actor]) -> str:
        if not event.detail_sealed:
            return ""
        detail = self._vault.open_json(event.detail_sealed)
        if who == {Actor.CITIZEN} and event.verb in {Verb.TRANSFER, Verb.DISPATCH, Verb.MERGE}:
            return ""
        shown = {name: str(detail[name]) for name in _SHOWN if detail.get(name)}
        return " · ".join(
            f"{name}_{value}" if name in _YES_OR_NO else value for name, value in shown.items()
        )

    def _called(self, officer: Any, who: set[Actor]) -> str:
        if officer is None:
            return ""
        if who == {Actor.CITIZEN} and not self._policy.identity.officer_named:
            return ""
        return str(officer.called)

    def _answer(self, row: CaseRow, who: set[Actor]) -> str:
        """The citizen sees an answer only once it is theirs."""
        if not row.answer_sealed:
            return ""
        under_review = row.state in (State.REVIEWING, State.ACCEPTED, State.WAITING)
        if who == {Actor.CITIZEN} and under_review:
            return ""
        return self._vault.open(row.answer_sealed)

    async def _question(self, connection: AsyncConnection, row: CaseRow) -> str:
        if row.state != State.WAITING:
            return ""
        asked = await self._ledger.last(connection, row.id, Verb.ASK)
        return str(asked[1].get("text", "")) if asked else ""

    async def _asked(
        self, connection: AsyncConnection, row: CaseRow, who: set[Actor]
    ) -> Clock | None:
        """What the citizen was asked after closing, the earlier question first, if unanswered."""
        if row.state != State.CLOSED or who != {Actor.CITIZEN}:
            return None
        for name, verb in _ANSWERED_BY.items():
            at = await alarm_rows.acted_last(connection, row.id, name)
            said = await self._ledger.last(connection, row.id, verb) if at else None
            if at is not None and (said is None or said[0] < at):
                return name
        return None

    async def _target(self, connection: AsyncConnection, row: CaseRow, who: set[Actor]) -> str:
        if row.merged_into is None or who == {Actor.CITIZEN}:
            return ""
        return str((await rows.by_id(connection, row.merged_into)).number)

    async def _due(
        self, connection: AsyncConnection, row: CaseRow, who: set[Actor]
    ) -> list[DueView]:
        """The clocks that run; the citizen sees what they were promised and their own."""
        theirs = {Clock.ANSWER, Clock.CITIZEN, Clock.CALLBACK}
        found = [
            DueView(view.clock, view.due_at, view.certain)
            for view in await self._clocks.of(connection, row.id)
            if view.stopped_at is None
            and (view.clock in theirs if who == {Actor.CITIZEN} else view.clock not in TIMERS)
        ]
        return sorted(found, key=lambda due: (due.at is None, due.at or row.created_at))

    async def _phone(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        person: Person,
        who: set[Actor],
        *,
        full: bool,
    ) -> str:
        if row.phone_sealed is None:
            return ""
        phone = self._vault.open(row.phone_sealed)
        if row.identity_id == person.identity_id:
            return mask(phone)
        because = await self._may_see(connection, row, person, who)
        if because is None and row.escrow:
            return ""
        if because is None or not full:
            return mask(phone)
        if person.officer is not None:
            await connection.execute(
                insert(reveals).values(
                    case_id=row.id, officer_id=person.officer.id, because=because, at=clock.now()
                )
            )
        return phone

    async def _reads_whole(
        self, connection: AsyncConnection, row: CaseRow, person: Person, who: set[Actor]
    ) -> bool:
        """Whether numbers and names stay in what was written: for the citizens whose case it is,
        and for whoever may see the number in full. All others judge the matter without them.
        """
        return Actor.CITIZEN in who or bool(await self._may_see(connection, row, person, who))

    async def _may_see(
        self, connection: AsyncConnection, row: CaseRow, person: Person, who: set[Actor]
    ) -> str | None:
        """Why this person may see the number in full: holder, caller or escrow; None: they may not."""
        working = row.state in (State.ACCEPTED, State.WAITING)
        if Actor.HOLDER in who and working and not row.escrow:
            return "holder"
        if _calls(row, person) and (not row.escrow or self._policy.identity.callers_see_phone):
            return "caller"
        if person.officer is None or not row.escrow:
            return None
        query = select(escrow_openings.c.id).where(
            escrow_openings.c.case_id == row.id,
            escrow_openings.c.asked_by == person.officer.id,
            escrow_openings.c.granted,
            escrow_openings.c.decided_at > clock.now() - OPENED_FOR,
        )
        opened = (await connection.execute(query.limit(1))).one_or_none()
        return "escrow" if opened is not None else None


_ANSWERED_BY = {
    Clock.STAYED: Verb.CONFIRM_SOLVED,
    Clock.RETALIATION: Verb.REPORT_TREATMENT,
}
_CITIZENS_OWN = frozenset({
    Verb.SUBMIT, Verb.REPLY, Verb.RATE_RESULT, Verb.ADD_FACTS, Verb.URGE, Verb.WITHDRAW,
    Verb.REOPEN, Verb.CONFIRM_SOLVED, Verb.REPORT_TREATMENT,
})  # fmt: skip
_YES_OR_NO = frozenset({"reached", "solved", "recorded", "way"})
_SHOWN = (
    *("recorded", "unit", "officer", "finding", "reached", "grade", "span", "clock", "solved"),
    *("way", "text"),
)


def _fed(matter: dict[str, Any]) -> Fed | None:
    """What the feed said, where one handed the case over."""
    return Fed(**matter["fed"]) if matter.get("fed") else None


def _calls(row: CaseRow, person: Person) -> bool:
    """Whether an open call about the case is asked of this person."""
    officer = person.officer
    return officer is not None and bool(set(row.callers) & asked_of(officer, row.path))
