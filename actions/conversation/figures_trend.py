"""Trends in words, and what is drawn of them."""

from __future__ import annotations

import calendar

from actions.charts.drawing import Drawing, Line, Point, Trend
from actions.conversation.figures_stats import formula_label, period_name, rate_parts
from actions.conversation.talk import Talk
from actions.figures.answers import Point as Shown
from actions.figures.answers import TrendAnswer


def say_trend(talk: Talk, answer: TrendAnswer, end: str) -> str:
    first, second = answer.halves
    rates = answer.rates
    if rates.share(first) is None or rates.share(second) is None:
        lines = [talk.wording("part_trend_few")]
    else:
        beyond = talk.wording("part_beyond" if answer.beyond else "part_within")
        told = (rate_parts(each, rates) for each in (first, second))
        halves = [f"{each['share']}（{each['span']}）" for each in told]
        lines = [
            talk.wording("part_trend_halves", first=halves[0], second=halves[1], beyond=beyond)
        ]
    if any(point.counts is None or not point.counts.total for point in answer.points):
        lines.append(talk.wording("part_trend_gaps"))
    lines.append(talk.wording("part_pooled"))
    return talk.wording(
        "trend",
        unit=answer.unit.label,
        period=period_name(talk, answer.period),
        lines="\n".join(lines),
        end=end,
    )


def draw_trend(talk: Talk, answer: TrendAnswer, title: str, footer: str) -> Drawing | None:
    """None where no point has anything to show."""
    points = [_point(talk, answer, point) for point in answer.points]
    if all(point.share is None for point in points):
        return None
    return Trend(
        title=title,
        subtitle=formula_label(talk, answer.rates),
        footer=footer,
        lines=(Line(answer.unit.label, tuple(points)),),
        language="en" if talk.language == "en" else "zh",
    )


def _point(talk: Talk, answer: TrendAnswer, shown: Shown) -> Point:
    label = _step_label(talk, answer, shown)
    if shown.counts is None:
        return Point(label, n=None)
    if not shown.counts.total:
        return Point(label, n=0)
    share = answer.rates.formula.satisfaction(shown.counts)
    interval = answer.rates.formula.interval(shown.counts)
    if share is None or interval is None:
        return Point(label, n=0)
    return Point(label, float(share), *interval, shown.counts.total)


def _step_label(talk: Talk, answer: TrendAnswer, shown: Shown) -> str:
    day = shown.first
    if answer.step == "month":
        if talk.language == "en":
            return f"{calendar.month_abbr[day.month]} {day.year}"
        return f"{day.year % 100} 年 {day.month} 月"
    return f"{day.month}-{day.day}"
