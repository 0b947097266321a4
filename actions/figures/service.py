"""Answering questions for figures, within the asker's own part of the tree."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.clock import BEIJING
from actions.errors import Refusal
from actions.figures.answers import (
    Answer,
    AspectsAnswer,
    Compared,
    HoursAnswer,
    PartAnswer,
    RankAnswer,
    Rates,
    Response,
    Satisfaction,
    StatsAnswer,
    TrendAnswer,
)
from actions.figures.cells import see, see_many
from actions.figures.compared import (
    beyond_error,
    counted_until,
    days_in,
    other_period,
    period_of,
)
from actions.figures.disclosure import Span
from actions.figures.measures import Measure
from actions.figures.question import Against, Figure, Question, View
from actions.figures.ranking import Entry, rank
from actions.figures.reading import read_counts, read_open, sums
from actions.figures.series import halves_of, read_points, step_of
from actions.invitations.funnel import Funnel
from actions.org.org import Org, Unit
from actions.people.people import OfficerView
from actions.reports.intervals import Counts
from actions.reports.periods import Period, read_period
from actions.reports.scopes import Scopes
from actions.reports.work import WorkReports
from actions.reports.work_figures import Part, WorkFigures

USUAL = {View.STATS: "今天", View.RANK: "上个月", View.TREND: "最近30天", View.HOURS: "最近30天"}
_DAY = timedelta(days=1)

# By ix_cases_unit_id_created_at.
_HOURS = text("""
SELECT extract(isodow FROM c.created_at AT TIME ZONE 'Asia/Shanghai')::int - 1 AS weekday,
  extract(hour FROM c.created_at AT TIME ZONE 'Asia/Shanghai')::int AS hour, count(*) AS n
FROM cases AS c JOIN units AS u ON u.id = c.unit_id
WHERE starts_with(u.path, :path) AND c.created_at >= :start AND c.created_at < :end
GROUP BY 1, 2
""")

# Of the cases submitted in the period: all, and those closed by now. The same index.
_CLOSURE = text("""
SELECT count(*) AS n, count(c.closed_at) AS closed FROM cases AS c JOIN units AS u ON u.id = c.unit_id
WHERE starts_with(u.path, :path) AND c.created_at >= :start AND c.created_at < :end
""")


class Figures:
    """`asks` answers any of them; rights are those of Scopes.viewer and Scopes.place."""

    def __init__(
        self,
        engine: AsyncEngine,
        org: Org,
        scopes: Scopes,
        work: WorkReports,
        funnel: Funnel,
        rates: Rates,
    ) -> None:
        self._engine = engine
        self._org = org
        self._scopes = scopes
        self._work = work
        self._funnel = funnel
        self._rates = rates

    async def answer(self, viewer: OfficerView, question: Question) -> Answer:
        """The answer to a whole question; what it leaves open is the usual: one's own unit, and the
        view's period. Refuses units that are not within the viewer's subtree.
        """
        view = question.view or View.STATS
        unit = await self._scopes.place(viewer, question.unit)
        period = question.period or read_period(USUAL.get(view, "本月"), clock.now())
        if period is None:
            raise LookupError(f"{USUAL} names no period")
        if view is View.RANK and question.unit and question.kind == unit.kind:
            view = View.STATS  # one of those that stand in the ranking: 那桥西呢
        if question.figure not in (None, Figure.SATISFACTION) and view is View.STATS:
            return await self._part(unit, period, question.figure)
        match view:
            case View.STATS:
                return await self._stats(unit, period, question.against)
            case View.RANK:
                return await self._rank(viewer, unit, question, period)
            case View.TREND:
                return await self._trend(unit, period)
            case View.HOURS:
                return await self._hours(unit, period)
            case _:
                raise LookupError(f"{view} is no figure")

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[AsyncConnection]:
        """One state of the database for a whole answer."""
        async with self._engine.connect() as connection:
            yield await connection.execution_options(isolation_level="REPEATABLE READ")

    # --- ratings ----------------------------------------------------------------------------------

    async def _stats(
        self, unit: Unit, period: Period, against: Against | Period | None
    ) -> StatsAnswer:
        other = _other(period, against or Against.BEFORE)
        async with self._read() as connection:
            here = await self.satisfaction(connection, unit, period)
            there = await self.satisfaction(connection, unit, other)
            found = sums(await read_counts(connection, unit.id, *days_in(period)))
            open_now = await read_open(connection, unit.id)
        beyond = beyond_error(here.counts, there.counts, self._rates.formula)
        return StatsAnswer(
            unit=unit,
            period=period,
            rates=self._rates,
            satisfaction=here,
            compared=Compared(_shown(other, there), there, beyond),
            response=await self._response(unit, period),
            opened=found[Measure.OPENED],
            closed=found[Measure.CLOSED],
            open_now=open_now,
            parts=len(await self._below(unit)) > 1,
            as_of=clock.now(),
        )

    async def satisfaction(
        self, connection: AsyncConnection, unit: Unit, period: Period
    ) -> Satisfaction:
        """What may be shown of the unit's ratings; one state of the database throughout."""
        below = [each.id for each in await self._below(unit)]
        seen = await see(connection, unit, below, Span(*days_in(period)), _today())
        return Satisfaction(seen.given, seen.span, seen.counts, dict(seen.by_way))

    async def _rank(
        self, viewer: OfficerView, unit: Unit, question: Question, period: Period
    ) -> RankAnswer:
        unit, units = await self._parts(viewer, unit, question.kind)
        before = _other(period, question.against or Against.BEFORE)
        async with self._read() as connection:
            now, then = [
                await see_many(
                    connection, units, Span(*days_in(each)), _today(), self._rates.minimum
                )
                for each in (period, before)
            ]
        entries = [Entry(each.id, each.label, each.kind, now[each.id].counts) for each in units]
        ranking = rank(
            [entry for entry in entries if now[entry.unit_id].span],
            self._rates.formula,
            self._rates.minimum,
        )
        moved = {
            each.entry.unit_id: rose
            for each in ranking.placed
            if (rose := self._rose(each.entry.counts, then[each.entry.unit_id].counts)) is not None
        }
        return RankAnswer(
            unit=unit,
            period=period,
            before=before,
            rates=self._rates,
            kind=units[0].kind,
            ranking=ranking,
            few={each.label: now[each.id].given for each in units if not now[each.id].span},
            moved=moved,
            as_of=clock.now(),
        )

    def _rose(self, now: Counts, then: Counts) -> bool | None:
        """None: no difference beyond error, or too few to tell."""
        here, there = self._rates.share(now), self._rates.share(then)
        if here is None or there is None or not beyond_error(now, then, self._rates.formula):
            return None
        return here > there

    async def _trend(self, unit: Unit, period: Period) -> TrendAnswer:
        first, end = days_in(period)
        step = step_of(first, end)
        async with self._read() as connection:
            points = await read_points(connection, unit, Span(first, end), step, _today())
        halves = halves_of(points)
        return TrendAnswer(
            unit=unit,
            period=period,
            rates=self._rates,
            step=step,
            points=points,
            halves=halves,
            beyond=beyond_error(*halves, self._rates.formula),
            as_of=clock.now(),
        )

    # --- cases ------------------------------------------------------------------------------------

    async def _hours(self, unit: Unit, period: Period) -> HoursAnswer:
        async with self._read() as connection:
            rows = (await connection.execute(_HOURS, _given(unit, period))).all()
        cases = {(row.weekday, row.hour): row.n for row in rows}
        return HoursAnswer(unit, period, cases, clock.now())

    async def _part(self, unit: Unit, period: Period, figure: Figure | None) -> Answer:
        """One figure of the work, or of invitations."""
        minimum = self._rates.minimum
        if figure is Figure.RESPONSE:
            found = await self._response(unit, period) or Response(0, 0, 0)
            return PartAnswer(
                unit, period, figure, found.answered, found.delivered, minimum, clock.now()
            )
        if figure is Figure.CLOSURE:
            async with self._read() as connection:
                row = (await connection.execute(_CLOSURE, _given(unit, period))).one()
            return PartAnswer(unit, period, figure, row.closed, row.n, minimum, clock.now())
        done = await self._work.measure(period, unit)
        if figure is Figure.ASPECTS:
            means = {name: (mean.value, mean.n) for name, mean in done.aspects.items()}
            return AspectsAnswer(unit, period, means, minimum, clock.now())
        part = _part_of(done, figure)
        return PartAnswer(
            unit,
            period,
            str(figure),
            part.count,
            part.n if part.n >= 0 else None,
            minimum,
            clock.now(),
        )

    async def _response(self, unit: Unit, period: Period) -> Response | None:
        """None where nobody was invited."""
        by_kind = await self._funnel.follow(period.start, period.end, "kind", below=unit.path)
        steps = by_kind.values()
        sent = sum(each.sent for each in steps)
        if not sent:
            return None
        return Response(
            sent, sum(each.delivered for each in steps), sum(each.answered for each in steps)
        )

    # --- units ------------------------------------------------------------------------------------

    async def _below(self, unit: Unit) -> Sequence[Unit]:
        return (await self._org.tree()).below(unit.path)

    async def _parts(
        self, viewer: OfficerView, unit: Unit, kind: str
    ) -> tuple[Unit, Sequence[Unit]]:
        """The units set beside each other, and what they are parts of: those of the kind below
        `unit`; without a kind its children of the commonest one, like compared with like. Where
        there are no two, the unit itself is set beside its own like.
        """
        found = _alike(await self._below(unit), unit, kind)
        if len(found) > 1:
            return unit, found
        if unit.parent_id is not None and unit.path != viewer.unit_path:
            above = await self._org.unit(unit.parent_id)
            return await self._parts(viewer, above, kind or unit.kind)
        raise Refusal("nothing_to_rank", unit=unit.label)


def _alike(below: Sequence[Unit], unit: Unit, kind: str) -> Sequence[Unit]:
    inside = [each for each in below if each.id != unit.id]
    if kind:
        return [each for each in inside if each.kind == kind]
    children = [each for each in inside if each.parent_id == unit.id]
    kinds = [each.kind for each in children]
    common = max(sorted(set(kinds)), key=kinds.count, default="")
    return [each for each in children if each.kind == common]


def _today() -> date:
    return clock.now().astimezone(BEIJING).date()


def _other(period: Period, against: Against | Period) -> Period:
    if isinstance(against, Period):
        return against
    return other_period(period, against, counted_until(period, clock.now()), _today().year)


def _shown(period: Period, found: Satisfaction) -> Period:
    """The days whose grades are shown, named as what they are."""
    if found.span is None or (found.span.first, found.span.end) == days_in(period):
        return period
    return period_of(found.span.first, found.span.end, _today().year)


def _given(unit: Unit, period: Period) -> dict[str, object]:
    return {"path": unit.path, "start": period.start, "end": period.end}


def _part_of(done: WorkFigures, figure: Figure | None) -> Part:
    """Count and denominator; -1 where a count stands alone."""
    made = sum(calls.done for calls in done.calls.values())
    due = sum(calls.due for calls in done.calls.values())
    parts = {
        Figure.ON_TIME: done.on_time,
        Figure.CALLBACKS: Part(made, due),
        Figure.TURNED_ROUND: done.turned_round,
        Figure.DISPUTED: done.disputed,
        Figure.SENT_BACK: Part(done.sent_back, -1),
        Figure.REOPENED: Part(done.reopened, -1),
    }
    if figure not in parts:
        raise LookupError(f"{figure} is no figure of the work")
    return parts[figure]
