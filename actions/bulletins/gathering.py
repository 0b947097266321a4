"""Computing a bulletin: every figure read once, from the counters and from the work's own rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.bulletins.content import Bulletin, FormulaUsed, Response, Topics, WayRate, shown_rate
from actions.bulletins.kinds import BulletinKind, Span
from actions.bulletins.rankings import changes_in, comparable, rate_of, read_ranking
from actions.bulletins.trend import read_trend
from actions.bulletins.work import count_cases, work_done
from actions.figures.answers import Rates
from actions.figures.cells import see
from actions.figures.compared import other_period
from actions.figures.disclosure import Span as Days
from actions.figures.question import Against
from actions.invitations.funnel import Funnel
from actions.org.org import Org, Unit
from actions.reports.periods import Period
from actions.reports.work import WorkReports


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
        rates: Rates,
        funnel: Funnel | None = None,
        topics: Topics | None = None,
    ) -> None:
        self._engine = engine
        self._org = org
        self._work = work
        self._rates = rates
        self._funnel = funnel
        self._topics = topics

    async def gather(self, subject: Subject) -> Bulletin:
        """Reads everything now; for whoever has made sure of the rights."""
        unit, span, now = subject.unit, subject.span, clock.now()
        rates, formula = self._rates, self._rates.formula
        tree = await self._org.tree()
        below = [each.id for each in tree.below(unit.path)]
        daily = subject.kind is BulletinKind.DAILY  # a day is too short to be compared
        ranked = {} if daily else comparable(tree.units.values(), unit)
        before, ago = _beside(subject, Against.BEFORE), _beside(subject, Against.YEAR_AGO)
        today = clock.beijing(now).date()
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ")
            seen, earlier, year_ago = [
                await see(connection, unit, below, Days(each.first, each.end), today)
                for each in (span, before, ago)
            ]
            rankings = tuple([
                await read_ranking(connection, kind, units, (span, before), rates, today)
                for kind, units in ranked.items()
            ])  # fmt: skip
            trend = await read_trend(connection, unit, subject.kind, span, formula, today)
            cases = await count_cases(connection, unit, span)
        quarterly = subject.kind is BulletinKind.QUARTERLY
        return Bulletin(
            number=subject.number,
            kind=subject.kind,
            unit_id=unit.id,
            unit=unit.label,
            span=span,
            period=subject.period,
            period_en=subject.period_en,
            formula=FormulaUsed(formula.name, formula.version, formula.label, formula.label_en),
            minimum=rates.minimum,
            as_of=now,
            rate=rate_of(seen, rates),
            before=rate_of(earlier, rates),
            year_ago=rate_of(year_ago, rates),
            ways=tuple(
                WayRate(channel, way, shown_rate(counts, formula, rates.minimum))
                for (channel, way), counts in seen.by_way.items()
            ),
            response=await self._response(unit, span),
            cases=cases,
            work=work_done(await self._work.measure(_period(subject), unit)),
            rankings=rankings,
            trend=trend,
            changes=changes_in(rankings) if quarterly else (),
            topics=await self._lines(unit, subject.whole or span),
            before_span=before
            if earlier.span is None
            else Span(earlier.span.first, earlier.span.end),
        )

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


def _beside(subject: Subject, against: Against) -> Span:
    """The days that those of the subject are set beside."""
    whole = subject.whole or subject.span
    period = Period("", whole.start, whole.until)
    return Span.of(other_period(period, against, subject.span.until))


def _period(subject: Subject) -> Period:
    span = subject.span
    return Period(subject.period, span.start, span.until, subject.period_en)
