"""How a unit and all below it worked its cases in a period: what came of them, not how many smiled.

Silence is never counted as satisfied; how citizens say they were treated is no figure at all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, and_, case, cast, column, exists, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.callbacks.tasks import CallKind
from actions.cases.facts import CONTENT
from actions.cases.kinds import CaseKind
from actions.cases.states import Clock, State, Verb
from actions.org.org import Unit
from actions.privacy.vault import Vault
from actions.reports.periods import Period
from actions.reports.scopes import Scopes
from actions.reports.work_figures import Calls, Mean, Part, WorkFigures
from actions.store.engine import reading
from actions.store.tables import callback_tasks, case_events, cases, deadlines, units
from actions.turn import Turn


class WorkReports:
    """The same rights as for the figures of ratings: one's own subtree."""

    def __init__(self, engine: AsyncEngine, vault: Vault, scopes: Scopes) -> None:
        self._engine = engine
        self._vault = vault
        self._scopes = scopes

    async def work_figures(self, turn: Turn, period: str = "", unit_text: str = "") -> WorkFigures:
        """The figures of the own subtree, or of the named unit within it; this month by default."""
        span, unit = await self._scopes.scope(turn, f"{period} {unit_text}", otherwise="本月")
        return await self.measure(span, unit)

    async def measure(self, span: Period, unit: Unit) -> WorkFigures:
        """The figures of the unit and all below it; whoever calls has seen to the rights."""
        async with reading(self._engine) as connection:
            closed = await _closed(connection, span, unit)
            again = await _again(connection, span, unit)
            stayed = await self._stayed(connection, span, unit)
            return WorkFigures(
                period=span,
                unit_label=unit.label,
                closed=closed.closed,
                silent=closed.silent,
                on_time=Part(closed.on_time, closed.promised),
                turned_round=Part(closed.turned_round, closed.unsatisfied),
                disputed=Part(closed.disputed, closed.graded),
                sent_back=again.get(Verb.SEND_BACK, 0),
                reopened=again.get(Verb.REOPEN, 0),
                calls=await _calls(connection, span, unit),
                stayed_yes=stayed.count("yes"),
                stayed_no=stayed.count("no"),
                stayed_unanswered=stayed.count(""),
                aspects=await _aspects(connection, span, unit),
            )

    async def _stayed(self, connection: AsyncConnection, span: Period, unit: Unit) -> list[str]:
        """yes, no or nothing for every case whose citizen was asked in the period.

        From the events: a case that was reopened after a "no" keeps none of it.
        """
        until = min(span.end, clock.now())
        said = (
            select(case_events.c.detail_sealed)
            .where(
                case_events.c.case_id == deadlines.c.case_id,
                case_events.c.verb == Verb.CONFIRM_SOLVED,
                case_events.c.at >= deadlines.c.due_at,
            )
            .order_by(case_events.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            select(said)
            .select_from(deadlines)
            .join(cases, cases.c.id == deadlines.c.case_id)
            .join(units, units.c.id == cases.c.unit_id)
            .where(
                _below(unit),
                deadlines.c.clock == Clock.STAYED,
                deadlines.c.due_at >= span.start,
                deadlines.c.due_at < until,
                or_(deadlines.c.stopped_at.is_(None), deadlines.c.stopped_at >= deadlines.c.due_at),
                cases.c.kind.not_in([CaseKind.PRAISE, CaseKind.SUGGESTION]),
            )
        )
        sealed = (await connection.execute(query)).scalars().all()
        return [str(self._vault.open_json(each)["solved"]) if each else "" for each in sealed]


def _below(unit: Unit) -> Any:
    return units.c.path.startswith(unit.path, autoescape=True)


async def _closed(connection: AsyncConnection, span: Period, unit: Unit) -> Any:
    """What came of the cases closed in the period, in one read; ix_cases_closed_at serves it."""
    answer = (deadlines.c.case_id == cases.c.id, deadlines.c.clock == Clock.ANSWER)
    promised = exists().where(*answer, deadlines.c.met.is_not(None))
    late = exists().where(*answer, deadlines.c.met.is_(False))
    silent = cases.c.closed_as == "silent"
    latest = func.coalesce(cases.c.revisit_grade, cases.c.result_grade)
    unsatisfied = and_(cases.c.kind == CaseKind.UNSATISFIED, not_(silent))
    graded = or_(cases.c.disputed, latest.is_not(None))
    count = func.count
    query = (
        select(
            count().label("closed"),
            count().filter(silent).label("silent"),
            count().filter(promised).label("promised"),
            count().filter(and_(promised, not_(late))).label("on_time"),
            count().filter(unsatisfied).label("unsatisfied"),
            count().filter(and_(unsatisfied, latest.in_(CONTENT))).label("turned_round"),
            count().filter(graded).label("graded"),
            count().filter(cases.c.disputed).label("disputed"),
        )
        .select_from(cases.join(units, units.c.id == cases.c.unit_id))
        .where(
            _below(unit),
            cases.c.state == State.CLOSED,
            cases.c.closed_at >= span.start,
            cases.c.closed_at < span.end,
        )
    )
    return (await connection.execute(query)).one()


async def _again(connection: AsyncConnection, span: Period, unit: Unit) -> dict[Verb, int]:
    """How many cases were sent back or reopened in the period; only few cases have been at all."""
    query = (
        select(case_events.c.verb, func.count(case_events.c.case_id.distinct()).label("n"))
        .join(cases, cases.c.id == case_events.c.case_id)
        .join(units, units.c.id == cases.c.unit_id)
        .where(
            _below(unit),
            cases.c.rounds > 1,
            case_events.c.verb.in_([Verb.SEND_BACK, Verb.REOPEN]),
            case_events.c.at >= span.start,
            case_events.c.at < span.end,
        )
        .group_by(case_events.c.verb)
    )
    return {Verb(row.verb): row.n for row in (await connection.execute(query)).all()}


async def _calls(connection: AsyncConnection, span: Period, unit: Unit) -> dict[CallKind, Calls]:
    """Per kind of call; those that nobody needed to make any more are left out."""
    state = callback_tasks.c.state
    query = (
        select(
            callback_tasks.c.kind,
            func.count().label("due"),
            func.count().filter(state == "done").label("done"),
            func.count().filter(state == "unreachable").label("unreachable"),
        )
        .join(cases, cases.c.id == callback_tasks.c.case_id)
        .join(units, units.c.id == cases.c.unit_id)
        .where(
            _below(unit),
            callback_tasks.c.created_at >= span.start,
            callback_tasks.c.created_at < span.end,
            state != "dropped",
        )
        .group_by(callback_tasks.c.kind)
    )
    found = (await connection.execute(query)).all()
    return {CallKind(row.kind): Calls(row.due, row.done, row.unreachable) for row in found}


async def _aspects(connection: AsyncConnection, span: Period, unit: Unit) -> dict[str, Mean]:
    """The mean of every aspect that was scored in a call of the period."""
    given = case(
        (func.jsonb_typeof(callback_tasks.c.aspects) == "object", callback_tasks.c.aspects)
    )
    scored = func.jsonb_each_text(given).table_valued(column("key"), column("value"), name="scored")
    value = cast(scored.c.value, Integer)
    query = (
        select(scored.c.key, func.avg(value).label("mean"), func.count().label("n"))
        .select_from(callback_tasks)
        .join(cases, cases.c.id == callback_tasks.c.case_id)
        .join(units, units.c.id == cases.c.unit_id)
        .join(scored, true())
        .where(
            _below(unit),
            callback_tasks.c.done_at >= span.start,
            callback_tasks.c.done_at < span.end,
        )
        .group_by(scored.c.key)
    )
    found = (await connection.execute(query)).all()
    return {row.key: Mean(float(row.mean), row.n) for row in found}
