"""Satisfaction over time: days, weeks or months, and only those that tell of nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.figures.answers import Point
from actions.figures.disclosure import (
    CITIZENS_COUNTED,
    FEW,
    Span,
    month_of,
    months_between,
    open_days,
)
from actions.figures.graded import read_graded, totals
from actions.figures.reading import Step, grades, read_series, sums
from actions.org.org import Unit
from actions.reports.intervals import Counts

MOST_DAYS, MOST_WEEKS = 45, 26 * 7  # longer spans are shown by week, by month
_DAY = timedelta(days=1)

# Served by ix_ratings_unit_id_rated_at; asked only of units where some steps have few ratings.
_CITIZENS = """
SELECT date_trunc('{step}', r.rated_at AT TIME ZONE 'Asia/Shanghai')::date AS begins,
  count(DISTINCT r.identity_id) AS citizens
FROM ratings AS r JOIN units AS u ON u.id = r.unit_id
WHERE starts_with(u.path, :path) AND r.rated_at >= (:first)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND r.rated_at < (:end)::timestamp AT TIME ZONE 'Asia/Shanghai'
GROUP BY 1
"""
_CITIZENS_BY = {step: text(_CITIZENS.format(step=step)) for step in Step}


def step_of(first: date, end: date) -> Step:
    """By day up to six weeks, by week up to half a year, beyond by month."""
    length = (end - first).days
    return Step.DAY if length <= MOST_DAYS else Step.WEEK if length <= MOST_WEEKS else Step.MONTH


async def read_points(
    connection: AsyncConnection, unit: Unit, asked: Span, step: Step, today: date
) -> list[Point]:
    """A point for every step that begins within the span and before today; the last may be shorter.

    The connection reads one state of the database throughout.
    """
    first, end = asked.first, min(asked.end, today)
    if first >= end:
        return []
    months = months_between(first, end)
    open_ = await _open_days(connection, unit, months, step, today)
    spans = _steps(first, end, step)
    series = await read_series(connection, unit.id, first, end, step)
    counted = {span: grades(sums(series.get(_begins(span.first, step), ()))) for span in spans}
    shown = {
        span
        for span in spans
        if span.first in open_ and span.end in open_ and counted[span].total >= FEW
    }
    shown -= await _told(connection, unit, step, counted, shown)
    return [
        Point(
            span.first,
            span.end,
            counted[span] if span in shown or not counted[span].total else None,
        )
        for span in spans
    ]


def _steps(first: date, end: date, step: Step) -> list[Span]:
    found, day = [], first
    while day < end:
        after = _after(day, step)
        found.append(Span(day, min(after, end)))
        day = after
    return found


def _after(day: date, step: Step) -> date:
    """The day on which the next step begins."""
    if step is Step.MONTH:
        return month_of(day).end
    return day + (_DAY if step is Step.DAY else timedelta(days=7 - day.weekday()))


async def _open_days(
    connection: AsyncConnection, unit: Unit, months: Sequence[date], step: Step, today: date
) -> frozenset[date]:
    """Days on which a span may begin or end; for steps of a month the inner months' do not matter."""
    counted = {months[0], months[-1]} if step is Step.MONTH else set(months)
    found = await read_graded(connection, [unit.id], sorted(counted))
    return open_days(list(months), totals(found[unit.id].days), today)


async def _told(
    connection: AsyncConnection,
    unit: Unit,
    step: Step,
    counted: dict[Span, Counts],
    shown: set[Span],
) -> set[Span]:
    """Those of the shown steps in which fewer than FEW citizens gave all the ratings."""
    small = {span for span in shown if counted[span].total < CITIZENS_COUNTED}
    if not small:
        return set()
    first, end = min(span.first for span in small), max(span.end for span in small)
    given = {"path": unit.path, "first": first, "end": end}
    rows = (await connection.execute(_CITIZENS_BY[step], given)).all()
    citizens = {row.begins: row.citizens for row in rows}
    return {span for span in small if citizens.get(_begins(span.first, step), 0) < FEW}


def _begins(day: date, step: Step) -> date:
    if step is Step.MONTH:
        return day.replace(day=1)
    return day if step is Step.DAY else day - timedelta(days=day.weekday())


def halves_of(points: Sequence[Point]) -> tuple[Counts, Counts]:
    """What is shown of the first half of the points, and of the second."""
    middle = len(points) // 2
    first, second = points[:middle], points[middle:]
    return _together(first), _together(second)


def _together(points: Iterable[Point]) -> Counts:
    shown = [point.counts for point in points if point.counts is not None]
    return Counts(
        sum(each.satisfied for each in shown),
        sum(each.basically for each in shown),
        sum(each.unsatisfied for each in shown),
    )
