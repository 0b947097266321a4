"""What came with a verb, made into what it means: a unit, a colleague, another case, a span.

Whatever does not fit is refused in one sentence before anything is written.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.cases import rows, standing
from actions.cases.guesses import Guesses
from actions.cases.ledger import Ledger
from actions.cases.rows import CaseRow
from actions.cases.states import STATES, Actor, State, Verb
from actions.cases.visits import Visits
from actions.cases.ways import lifted
from actions.deadlines.spans import parse_span
from actions.errors import Refusal
from actions.org.org import Org
from actions.people.people import OfficerView, People, Person
from actions.people.roles import HANDLES_CASES
from actions.policy.model import Policy
from actions.policy.values import size

FINDINGS = frozenset({"substantiated", "partly", "unsubstantiated"})
COUNTY = 2  # index of the county in a path's parts: "/1/5/12/" → ["", "1", "5", "12", ""]


class Requests:
    def __init__(
        self,
        people: People,
        org: Org,
        policy: Policy,
        ledger: Ledger,
        visits: Visits,
        guesses: Guesses,
    ) -> None:
        self._people = people
        self._org = org
        self._policy = policy
        self._ledger = ledger
        self._visits = visits
        self._guesses = guesses

    async def resolve(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        person: Person,
        who: set[Actor],
        verb: Verb,
        given: dict[str, Any],
    ) -> dict[str, Any]:
        """`given` with ids and labels in place of what was said. Raises Refusal or ValueError."""
        match verb:
            case Verb.DISPATCH | Verb.TRANSFER:
                return await self._unit(connection, row, who, verb, given)
            case Verb.HAND_OVER:
                return await self._colleague(connection, row, given)
            case Verb.NAME_SUBJECT:
                return await self._subject(connection, row, given)
            case Verb.MERGE:
                return await self._into(connection, row, person, given)
            case Verb.EXTEND:
                return self._span(row, given)
            case Verb.VERIFY:
                if given["finding"] not in FINDINGS:
                    raise ValueError(f"no finding: {given['finding']!r}")
            case Verb.RATE_RESULT | Verb.REVISIT:
                if given["grade"] not in ("satisfied", "basically", "unsatisfied"):
                    raise ValueError(f"no grade: {given['grade']!r}")
            case Verb.CALL_BACK:
                if given["reached"] == "yes" and not given.get("text"):
                    raise ValueError("a call that reached the citizen needs what was said")
            case Verb.CONFIRM_VISIT if Actor.CITIZEN not in who:
                await self._confirmed(connection, row, person, str(given.get("code", "")))
            case Verb.GRANT:
                return {**given, "span": row.extension_asked}
        return given

    async def _unit(
        self,
        connection: AsyncConnection,
        row: CaseRow,
        who: set[Actor],
        verb: Verb,
        given: dict[str, Any],
    ) -> dict[str, Any]:
        unit = await self._org.unit(int(given["unit"]), connection)
        if unit.id == row.unit_id and row.merged_into is None:
            raise Refusal("transfer_same", number=row.number, unit=unit.label)
        if verb is Verb.TRANSFER and Actor.REVIEWER not in who:
            before = await self._ledger.all_of(
                connection, row.id, Verb.DISPATCH, Verb.TRANSFER, Verb.NAME_SUBJECT
            )
            if unit.label in {str(each.get("unit")) for each in before}:
                raise Refusal("transfer_circle", number=row.number, unit=unit.label)
            parts, own = unit.path.split("/"), row.path.split("/")
            straight = row.path.startswith(unit.path) or unit.path.startswith(row.path)
            if not straight and parts[COUNTY : COUNTY + 1] != own[COUNTY : COUNTY + 1]:
                raise Refusal("transfer_far", number=row.number, unit=unit.label)
        tree = await self._org.tree(connection)
        if lifted(tree, unit.id, row.subject_paths).id != unit.id:
            raise Refusal("transfer_conflict", number=row.number, unit=unit.label)
        return {**given, "unit_id": unit.id, "unit": unit.label}

    async def _colleague(
        self, connection: AsyncConnection, row: CaseRow, given: dict[str, Any]
    ) -> dict[str, Any]:
        officer = await self._people.officer(connection, int(given["officer"]))
        fits = officer is not None and officer.holds(HANDLES_CASES, row.path)
        if officer is None or not fits or standing.barred(row, officer):
            raise Refusal("colleague_not_here", number=row.number)
        if officer.id == row.accepted_by:
            raise Refusal("colleague_has_it", number=row.number, who=officer.called)
        return {**given, "officer_id": officer.id, "officer": officer.called}

    async def _subject(
        self, connection: AsyncConnection, row: CaseRow, given: dict[str, Any]
    ) -> dict[str, Any]:
        officer: OfficerView | None = await self._people.by_badge(connection, str(given["officer"]))
        if officer is None:
            raise Refusal("badge_not_here", number=row.number)
        tree = await self._org.tree(connection)
        unit = lifted(tree, row.unit_id, [post.path for post in officer.posts])
        return {
            **given,
            "officer_id": officer.id,
            "officer": officer.called,
            "unit_id": unit.id,
            "unit": unit.label,
            "escrow": row.escrow or self._policy.identity.escrow != "never",
        }

    async def _into(
        self, connection: AsyncConnection, row: CaseRow, person: Person, given: dict[str, Any]
    ) -> dict[str, Any]:
        target = await rows.by_number(connection, str(given["into"]), lock=True)
        who = await standing.actors(connection, target, person, self._policy) if target else set()
        if target is None or not who - {Actor.CITIZEN}:
            raise Refusal("case_not_found")
        if target.id == row.id or target.merged_into is not None:
            raise Refusal("merge_not_there", number=row.number, into=target.number)
        if STATES[State(target.state)].final:
            raise Refusal("merge_closed", number=row.number, into=target.number)
        return {**given, "into_id": target.id, "into": target.number}

    async def _confirmed(
        self, connection: AsyncConnection, row: CaseRow, person: Person, code: str
    ) -> None:
        """Refuses a wrong code, and whoever has tried too many."""
        await self._guesses.check(person.identity_id)
        if not await self._visits.fits(connection, row, code):
            await self._guesses.wrong(person.identity_id)
            raise Refusal("visit_code_wrong", number=row.number)

    def _span(self, row: CaseRow, given: dict[str, Any]) -> dict[str, Any]:
        try:
            span = parse_span(str(given["span"]))
        except ValueError:
            raise Refusal("span_unread", number=row.number) from None
        most = self._policy.extension.most
        if size(span) == 0:
            raise Refusal("span_unread", number=row.number)
        if size(span) > size(most):
            raise Refusal("span_too_long", number=row.number, most=str(most))
        return {**given, "span": str(span)}
