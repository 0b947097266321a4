"""Proposals as people meet them: listed, shown with what they rest on, adopted or declined.

Nothing follows by itself from a decision: it is kept who decided, when and why.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.accountability.evidence import Evidence, changed, evidence, from_plain, plain, rule_of
from actions.accountability.looking import look
from actions.accountability.rule import UnitMonth
from actions.accountability.standing import HEARS_OF_PROPOSALS, may_decide, may_see
from actions.errors import Refusal
from actions.org.org import Org
from actions.people.people import OfficerView, People
from actions.privacy.vault import Vault
from actions.reports.intervals import FORMULAS
from actions.store.engine import reading
from actions.store.tables import officers, proposal_events, proposals, units
from actions.turn import Turn

DECIDED_SHOWN = timedelta(days=92)
REASON_AT_MOST = 500  # characters


@dataclass(frozen=True, slots=True)
class ProposalView:
    """`period` is the month's first day; `state` proposed, adopted or declined. Who decided and why
    is there once decided; `mine`: the reader may decide.
    """

    number: int
    unit_label: str
    period: date
    state: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    evidence: Evidence
    mine: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """What is known now beside what was known then: `now` is None where the unit is not compared
    any more; `months` are those that look otherwise.
    """

    view: ProposalView
    now: Evidence | None
    months: list[tuple[UnitMonth, UnitMonth | None]]


class Proposals:
    def __init__(self, engine: AsyncEngine, vault: Vault, people: People, org: Org) -> None:
        self._engine = engine
        self._vault = vault
        self._people = people
        self._org = org

    async def listed(self, turn: Turn) -> list[ProposalView]:
        """Those that wait first, then those decided in the last months; the latest in front.

        Refuses whoever has nothing to do with proposals.
        """
        officer = await self._officer(turn)
        since = clock.now() - DECIDED_SHOWN
        query = _rows().where(or_(proposals.c.state == "proposed", proposals.c.decided_at >= since))
        query = query.order_by(proposals.c.state != "proposed", proposals.c.number.desc())
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
            seen = [row for row in rows if may_see(officer.held, row.level, row.path)]
            return [await self._view(connection, row, officer) for row in seen]

    async def shown(self, turn: Turn, number: int) -> ProposalView:
        """Refuses as not existing what is not for these eyes."""
        officer = await self._officer(turn)
        async with reading(self._engine) as connection:
            row = await _visible(connection, number, officer)
            return await self._view(connection, row, officer)

    async def decide(self, turn: Turn, number: int, *, adopt: bool, reason: str) -> ProposalView:
        """Adopts or declines, for good. Said again by the same person: as it is.

        Refuses without a reason, who may not decide, and what somebody else has decided.
        """
        officer = await self._officer(turn)
        state = "adopted" if adopt else "declined"
        async with self._engine.begin() as connection:
            row = await _visible(connection, number, officer, lock=True)
            if (row.state, row.decided_by) != (state, officer.id):
                await self._check(connection, row, officer)
                await self._write(connection, turn, row, officer, state, reason)
                row = await _visible(connection, number, officer)
            return await self._view(connection, row, officer)

    async def open_to(self, turn: Turn, number: int) -> ProposalView:
        """The proposal, if this person may decide on it now; refuses as `decide` would."""
        officer = await self._officer(turn)
        async with reading(self._engine) as connection:
            row = await _visible(connection, number, officer)
            await self._check(connection, row, officer)
            return await self._view(connection, row, officer)

    async def _check(self, connection: AsyncConnection, row: Any, officer: OfficerView) -> None:
        """Refuses who may not decide, and what is decided."""
        number = str(row.number)
        if not may_decide(officer.held, row.level, row.path):
            raise Refusal("proposal_not_yours", proposal=number)
        if row.state != "proposed":
            by = await self._called(connection, row.decided_by)
            at = f"{clock.beijing(row.decided_at):%m-%d %H:%M}"
            if row.state == "adopted":
                raise Refusal("proposal_adopted", proposal=number, who=by, at=at)
            raise Refusal("proposal_declined", proposal=number, who=by, at=at)

    async def compared(self, turn: Turn, number: int) -> Compared:
        """Evaluates the same rule, as it was then, on what is known now; nothing is rewritten."""
        officer = await self._officer(turn)
        async with self._engine.begin() as connection:
            row = await _visible(connection, number, officer)
            view = await self._view(connection, row, officer)
            now = await self._now(connection, row, view.evidence)
            kept = plain(now) if now is not None else None
            await _log(connection, turn, row.number, officer, "compared", kept)
        months = changed(view.evidence, now) if now is not None else []
        return Compared(view, now, months)

    async def _now(self, connection: AsyncConnection, row: Any, then: Evidence) -> Evidence | None:
        tree = await self._org.tree(connection)
        rule, formula = rule_of(then), FORMULAS[then.formula]
        (found,) = await look(connection, tree, rule, formula, [row.period])
        verdicts = [each for each in found.verdicts if each.unit_id == row.unit_id]
        return evidence(found, verdicts[0], clock.now()) if verdicts else None

    async def _write(
        self,
        connection: AsyncConnection,
        turn: Turn,
        row: Any,
        officer: OfficerView,
        state: str,
        reason: str,
    ) -> None:
        said = reason.strip()
        if not says_why(said):
            raise Refusal("proposal_needs_reason", proposal=str(row.number))
        await connection.execute(
            update(proposals)
            .where(proposals.c.number == row.number)
            .values(
                state=state,
                decided_by=officer.id,
                decided_at=clock.now(),
                reason_sealed=self._vault.seal(said[:REASON_AT_MOST]),
            )
        )
        await _log(connection, turn, row.number, officer, state)

    async def _officer(self, turn: Turn) -> OfficerView:
        officer = (await self._people.whoami(turn)).officer
        if officer is None or not any(post.role in HEARS_OF_PROPOSALS for post in officer.posts):
            raise Refusal("proposals_not_yours")
        return officer

    async def _view(
        self, connection: AsyncConnection, row: Any, officer: OfficerView
    ) -> ProposalView:
        return ProposalView(
            number=row.number,
            unit_label=await self._org.unit_label(row.unit_id, connection),
            period=row.period,
            state=row.state,
            proposed_at=row.proposed_at,
            decided_by=await self._called(connection, row.decided_by),
            decided_at=row.decided_at,
            reason=self._vault.open(row.reason_sealed) if row.reason_sealed else "",
            evidence=from_plain(row.evidence),
            mine=row.state == "proposed" and may_decide(officer.held, row.level, row.path),
        )

    async def _called(self, connection: AsyncConnection, officer_id: int | None) -> str:
        """Who decided: 彭警官（云州市公安局）; after they have left, their badge."""
        officer = await self._people.officer(connection, officer_id)
        if officer is not None:
            return f"{officer.called}（{officer.unit_label}）"
        query = select(officers.c.badge).where(officers.c.id == officer_id)
        return str((await connection.execute(query)).scalar_one_or_none() or "")


def says_why(reason: str) -> bool:
    """Whether the words can be a reason: a no, a dot or a picture are none."""
    return sum(each.isalnum() for each in reason) > 1


def _rows() -> Any:
    return select(proposals, units.c.path).join(units, units.c.id == proposals.c.unit_id)


async def _visible(
    connection: AsyncConnection, number: int, officer: OfficerView, *, lock: bool = False
) -> Any:
    query = _rows().where(proposals.c.number == number)
    if lock:
        query = query.with_for_update(of=proposals)
    row = (await connection.execute(query)).one_or_none()
    if row is None or not may_see(officer.held, row.level, row.path):
        raise Refusal("proposal_not_found", proposal=str(number))
    return row


async def _log(
    connection: AsyncConnection,
    turn: Turn,
    number: int,
    officer: OfficerView,
    verb: str,
    kept: dict[str, Any] | None = None,
) -> None:
    """Once for a message, however often it is tried."""
    statement = insert(proposal_events).values(
        number=number,
        at=clock.now(),
        verb=verb,
        officer_id=officer.id,
        inbox_id=uuid.UUID(turn.inbox_id),
        evidence=kept,
    )
    await connection.execute(
        statement.on_conflict_do_nothing(index_elements=["inbox_id", "verb", "number"])
    )
