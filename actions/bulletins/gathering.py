"""Computing a bulletin: every figure read once, from the counters and from the work's own rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.bulletins.content import (
    FEWEST,
    AspectMean,
    Bulletin,
    CaseCounts,
    Change,
    FormulaUsed,
    Portion,
    Rate,
    Response,
    Row,
    Topics,
    TrendPoint,
    TrendSeries,
    UnitRanking,
    Unranked,
    WayRate,
    WorkDone,
    differs,
    shown_rate,
)
from actions.bulletins.kinds import BulletinKind, Span
from actions.figures.cells import Seen, see, see_many
from actions.figures.compared import other_period
from actions.figures.disclosure import Span as Days
from actions.figures.measures import Measure
from actions.figures.question import Against
from actions.figures.ranking import Entry, Placed, rank
from actions.figures.reading import (
    Count,
    Step,
    month_after,
    read_counts,
    read_open,
    sums,
)
from actions.figures.series import read_points
from actions.invitations.funnel import Funnel
from actions.org.org import Org, Unit
from actions.reports.days import add_months
from actions.reports.intervals import Counts, Formula
from actions.reports.overdue import count_overdue
from actions.reports.periods import Period
from actions.reports.work import WorkReports
from actions.reports.work_figures import Part, WorkFigures

_LONGEST_BY_DAY, _LONGEST_BY_WEEK = 31, 190  # days of a trend that somebody asked for
_RANKED = {"city": ("county", "station"), "county": ("station",), "station": ("desk",)}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a bulletin is to be about. `number` is its own, `period*` names the span; `whole` is the
    period of which the span is what has gone by, None: the span is a whole one.
    """

    number: str
    kind: BulletinKind
    unit: Unit
    span: Span
    period: str
    period_en: str
    whole: Span | None = None


class Gathering:
    """`funnel` None: this deployment invites nobody. `topics` None: nobody knows any."""

    def __init__(
        self,
        engine: AsyncEngine,
        org: Org,
        work: WorkReports,
        formula: Formula,
        minimum: int,
        funnel: Funnel | None = None,
        topics: Topics | None = None,
    ) -> None:
        self._engine = engine
        self._org = org
        self._work = work
        self._formula = formula
        self._minimum = minimum
        self._funnel = funnel
        self._topics = topics

    async def gather(self, subject: Subject) -> Bulletin:
        """Reads everything now; for whoever has made sure of the rights."""
        unit, span, now = subject.unit, subject.span, clock.now()
        ranked = await self._ranked(subject)
        before, ago = _beside(subject, Against.BEFORE), _beside(subject, Against.YEAR_AGO)
        below = [each.id for each in (await self._org.tree()).below(unit.path)]
        today = clock.beijing(now).date()
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ")
            seen, earlier, year_ago = [
                await see(connection, unit, below, Days(each.first, each.end), today)
                for each in (span, before, ago)
            ]
            rankings = tuple([
                await self._ranking(connection, kind, units, (span, before), today)
                for kind, units in ranked.items()
            ])  # fmt: skip
            trend = await self._trend(connection, subject, today)
            counted = await read_counts(connection, unit.id, span.first, span.end)
            cases = await _cases(connection, unit, counted)
        quarterly = subject.kind is BulletinKind.QUARTERLY
        return Bulletin(
            number=subject.number,
            kind=subject.kind,
            unit_id=unit.id,
            unit=unit.label,
            span=span,
            period=subject.period,
            period_en=subject.period_en,
            formula=FormulaUsed(
                self._formula.name,
                self._formula.version,
                self._formula.label,
                self._formula.label_en,
            ),
            minimum=self._minimum,
            as_of=now,
            rate=self._rate(seen),
            before=self._rate(earlier),
            year_ago=self._rate(year_ago),
            ways=tuple(
                WayRate(channel, way, shown_rate(counts, self._formula, self._minimum))
                for (channel, way), counts in seen.by_way.items()
            ),
            response=await self._response(unit, span),
            cases=cases,
            work=_work(await self._work.measure(_period(subject), unit)),
            rankings=rankings,
            trend=trend,
            changes=_changes(rankings) if quarterly else (),
            topics=await self._lines(unit, subject.whole or span),
            before_span=before
            if earlier.span is None
            else Span(earlier.span.first, earlier.span.end),
        )

    def _rate(self, seen: Seen) -> Rate:
        if seen.given and seen.span is None:
            return Rate(None)
        return shown_rate(seen.counts, self._formula, self._minimum)

    async def _ranked(self, subject: Subject) -> dict[str, list[Unit]]:
        """The units to be put beside each other, like with like; a day is too short for that."""
        if subject.kind is BulletinKind.DAILY:
            return {}
        units = (await self._org.tree()).units.values()
        below = [
            each
            for each in units
            if each.id != subject.unit.id and each.path.startswith(subject.unit.path)
        ]
        found = {
            kind: [each for each in below if each.kind == kind]
            for kind in _RANKED.get(subject.unit.kind, ())
        }
        return {kind: those for kind, those in found.items() if len(those) > 1}

    async def _ranking(
        self,
        connection: AsyncConnection,
        kind: str,
        units: Sequence[Unit],
        spans: tuple[Span, Span],
        today: date,
    ) -> UnitRanking:
        """The units beside each other in the first span, with their rates in the second."""
        now, earlier = [
            await see_many(connection, units, Days(span.first, span.end), today) for span in spans
        ]
        names = [unit.name for unit in units]
        alone = len(set(names)) == len(names)
        entries = [
            Entry(unit.id, unit.name if alone else unit.label, kind, now[unit.id].counts)
            for unit in units
        ]
        found = rank(entries, self._formula, max(self._minimum, FEWEST))
        last = {each.entry.unit_id for each in found.certainly_last}

        def row(placed: Placed) -> Row:
            entry = placed.entry
            rate = shown_rate(entry.counts, self._formula, self._minimum)
            return Row(
                entry.label, rate, placed.rank, placed.to, self._rate(earlier[entry.unit_id])
            )

        return UnitRanking(
            kind,
            tuple(row(each) for each in found.placed),
            tuple(
                Unranked(each.label, _shown_n(now[each.unit_id].given)) for each in found.too_few
            ),
            certainly_last=bool(last),
        )

    async def _trend(
        self, connection: AsyncConnection, subject: Subject, today: date
    ) -> TrendSeries:
        """Every place of the span has a point, also where nobody rated. A point needs no minimum
        sample: its interval shows how little it says.
        """
        step, first, end = _stretch(subject.kind, subject.span)
        shown = await read_points(connection, subject.unit, Days(first, end), step, today)
        rates = {
            point.first: Rate(None)
            if point.counts is None
            else shown_rate(point.counts, self._formula, FEWEST)
            for point in shown
        }
        points, begins = [], first
        while begins < end:
            nobody = shown_rate(Counts(0, 0, 0), self._formula, FEWEST)
            points.append(TrendPoint(begins, rates.get(begins, nobody)))
            begins = _next(begins, step)
        return TrendSeries(step.value, tuple(points))

    async def _response(self, unit: Unit, span: Span) -> Response | None:
        if self._funnel is None:
            return None
        steps = (
            await self._funnel.follow(span.start, span.until, "kind", below=unit.path)
        ).values()
        return Response(
            events=sum(each.events for each in steps),
            chosen=sum(each.chosen for each in steps),
            sent=sum(each.sent for each in steps),
            delivered=sum(each.delivered for each in steps),
            answered=sum(each.answered for each in steps),
        )

    async def _lines(self, unit: Unit, span: Span) -> tuple[str, ...]:
        return tuple(await self._topics.lines(unit.path, span)) if self._topics else ()


async def _cases(connection: AsyncConnection, unit: Unit, counts: Iterable[Count]) -> CaseCounts:
    found = sums(counts)
    return CaseCounts(
        opened=found[Measure.OPENED],
        closed=found[Measure.CLOSED],
        open_now=await read_open(connection, unit.id),
        overdue=await count_overdue(connection, unit, clock.now()),
    )


def _work(found: WorkFigures) -> WorkDone:
    calls = found.calls.values()
    return WorkDone(
        closed=found.closed,
        silent=found.silent,
        on_time=_portion(found.on_time),
        turned_round=_said(found.turned_round),
        disputed=_said(found.disputed),
        sent_back=found.sent_back,
        reopened=found.reopened,
        calls=Portion(sum(each.done for each in calls), sum(each.due for each in calls)),
        aspects=tuple(
            AspectMean(name, mean.value if mean.n >= FEWEST else None, _shown_n(mean.n))
            for name, mean in sorted(found.aspects.items())
        ),
    )


def _changes(rankings: Iterable[UnitRanking]) -> tuple[Change, ...]:
    """Who certainly rose or fell since the period before; those that fell first, then by share."""
    rows = [row for ranking in rankings for row in ranking.rows]
    moved = [(row, differs(row.before, row.rate)) for row in rows]
    found = [
        Change(row.unit, rose, row.before, row.rate) for row, rose in moved if rose is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.rose, each.now.share or 0, each.unit)))


def _stretch(kind: BulletinKind, span: Span) -> tuple[Step, date, date]:
    """Which days the trend of a bulletin shows, and in which steps."""
    match kind:
        case BulletinKind.DAILY:
            return Step.DAY, span.end - timedelta(days=14), span.end
        case BulletinKind.WEEKLY:
            return Step.WEEK, span.end - timedelta(weeks=12), span.end
        case BulletinKind.MONTHLY | BulletinKind.QUARTERLY:
            return Step.MONTH, add_months(span.end, -12), span.end
        case _ if span.days <= _LONGEST_BY_DAY:
            return Step.DAY, min(span.first, span.end - timedelta(days=14)), span.end
        case _ if span.days > _LONGEST_BY_WEEK and span.first.day == span.end.day == 1:
            return Step.MONTH, span.first, span.end
        case _:
            return Step.WEEK, span.first - timedelta(days=span.first.weekday()), span.end


def _next(begins: date, step: Step) -> date:
    if step is Step.MONTH:
        return month_after(begins)
    return begins + timedelta(days=7 if step is Step.WEEK else 1)


def _said(part: Part) -> Portion:
    """What citizens said; nothing of so few that they could be known."""
    return Portion(0, 0) if part.n < FEWEST else _portion(part)


def _portion(part: Part) -> Portion:
    return Portion(part.count, part.n)


def _shown_n(n: int) -> int | None:
    return None if 0 < n < FEWEST else n


def _beside(subject: Subject, against: Against) -> Span:
    """The days that those of the subject are set beside."""
    whole = subject.whole or subject.span
    period = Period("", whole.start, whole.until)
    return Span.of(other_period(period, against, subject.span.until))


def _period(subject: Subject) -> Period:
    span = subject.span
    return Period(subject.period, span.start, span.until, subject.period_en)
