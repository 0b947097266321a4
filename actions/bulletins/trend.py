"""The trend of a bulletin: which days it shows, in which steps, and a point for each."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.bulletins.content import FEWEST, Rate, TrendPoint, TrendSeries, shown_rate
from actions.bulletins.kinds import BulletinKind, Span
from actions.figures.disclosure import Span as Days
from actions.figures.reading import Step, month_after
from actions.figures.series import read_points
from actions.org.org import Unit
from actions.reports.days import add_months
from actions.reports.intervals import Counts, Formula

_LONGEST_BY_DAY, _LONGEST_BY_WEEK = 31, 190  # days of a trend that somebody asked for


async def read_trend(
    connection: AsyncConnection,
    unit: Unit,
    kind: BulletinKind,
    span: Span,
    formula: Formula,
    today: date,
) -> TrendSeries:
    """Every place of the span has a point, also where nobody rated. A point needs no minimum
    sample: its interval shows how little it says.
    """
    step, first, end = _stretch(kind, span)
    shown = await read_points(connection, unit, Days(first, end), step, today)
    rates = {
        point.first: Rate(None)
        if point.counts is None
        else shown_rate(point.counts, formula, FEWEST)
        for point in shown
    }
    points, begins = [], first
    while begins < end:
        nobody = shown_rate(Counts(0, 0, 0), formula, FEWEST)
        points.append(TrendPoint(begins, rates.get(begins, nobody)))
        begins = _next(begins, step)
    return TrendSeries(step.value, tuple(points))


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
