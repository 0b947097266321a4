"""Rankings, trends, hours and single figures in words, and what is drawn of them."""

from __future__ import annotations

import calendar
from collections.abc import Sequence

from actions.charts.drawing import (
    HOURS,
    WEEKDAYS,
    Dot,
    Drawing,
    Line,
    Point,
    Ranked,
    TooFew,
    Trend,
    heat,
)
from actions.conversation.figures_stats import period_name, rate_parts, share_of
from actions.conversation.talk import Talk
from actions.figures.answers import (
    AspectsAnswer,
    HoursAnswer,
    PartAnswer,
    RankAnswer,
    Rates,
    TrendAnswer,
)
from actions.figures.answers import Point as Shown
from actions.figures.definitions import DEFINITIONS
from actions.figures.disclosure import FEW
from actions.figures.question import Figure
from actions.figures.ranking import Placed

MOST_LINES = 12
FEW_HOURS = 50  # cases below which hours say nothing
_KINDS = {"county", "station"}
_WEEKDAYS_ZH = "一二三四五六日"
_SAID_BY_CITIZENS = frozenset({Figure.TURNED_ROUND, Figure.DISPUTED})
_WHAT = {Figure.CALLBACKS: "calls", Figure.RESPONSE: "invitations"}


# --- ranking ----------------------------------------------------------------------------------------


def say_rank(talk: Talk, answer: RankAnswer, end: str, *, worst_first: bool) -> str:
    return talk.wording(
        "rank",
        unit=answer.unit.label,
        period=period_name(talk, answer.period),
        kinds=talk.wording(f"part_kind_{answer.kind if answer.kind in _KINDS else 'other'}"),
        lines="\n".join(_ranking(talk, answer, worst_first=worst_first)),
        end=end,
    )


def _ranking(talk: Talk, answer: RankAnswer, *, worst_first: bool) -> list[str]:
    placed, rates = answer.ranking.placed, answer.rates
    few = len(answer.ranking.too_few) + len(answer.few)
    lines = [_told(talk, answer)] if placed else []
    if not placed:
        lines = [talk.wording("part_rank_none", minimum=rates.minimum)]
    ordered = list(reversed(placed)) if worst_first else list(placed)
    lines += [_rank_line(talk, answer, each) for each in ordered[:MOST_LINES]]
    if len(placed) > MOST_LINES:
        lines.append(talk.wording("part_rank_more", count=len(placed)))
    if few and placed:
        lines.append(talk.wording("part_rank_few", minimum=rates.minimum, count=few))
    return lines


def _told(talk: Talk, answer: RankAnswer) -> str:
    """What the ranking really says: who is certainly last, or that nobody is."""
    last = answer.ranking.certainly_last
    if not last:
        return talk.wording("part_rank_all_alike", count=len(answer.ranking.placed))
    labels = "、".join(
        f"{each.entry.label} {rate_parts(each.entry.counts, answer.rates)['share']}"
        for each in last
    )
    return talk.wording("part_rank_last", labels=labels)


def _rank_line(talk: Talk, answer: RankAnswer, each: Placed) -> str:
    shared = sum(other.rank == each.rank for other in answer.ranking.placed) > 1
    moved = answer.moved.get(each.entry.unit_id)
    before = period_name(talk, answer.before)
    return talk.wording(
        "part_rank_line",
        rank=talk.wording("part_rank_shared", rank=each.rank) if shared else str(each.rank),
        label=each.entry.label,
        moved=""
        if moved is None
        else talk.wording("part_rose" if moved else "part_fell", period=before),
        **rate_parts(each.entry.counts, answer.rates),
    )


def draw_rank(talk: Talk, answer: RankAnswer, title: str, footer: str) -> Drawing | None:
    if not answer.ranking.placed:
        return None
    few = [TooFew(entry.label, entry.counts.total) for entry in answer.ranking.too_few]
    few += [TooFew(label, None if 0 < n < FEW else n) for label, n in answer.few.items()]
    return Ranked(
        title=title,
        subtitle=_formula(talk, answer.rates),
        footer=footer,
        dots=tuple(
            Dot(
                each.entry.label,
                each.share,
                *each.interval,
                each.entry.counts.total,
                each.rank,
                each.to,
            )
            for each in answer.ranking.placed
        ),
        too_few=tuple(few),
        minimum=answer.rates.minimum,
        language="en" if talk.language == "en" else "zh",
    )


def _formula(talk: Talk, rates: Rates) -> str:
    return rates.formula.label_en if talk.language == "en" else rates.formula.label


# --- trend ------------------------------------------------------------------------------------------


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
        subtitle=_formula(talk, answer.rates),
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


# --- hours ------------------------------------------------------------------------------------------


def say_hours(talk: Talk, answer: HoursAnswer, end: str) -> str:
    return talk.wording(
        "hours",
        unit=answer.unit.label,
        period=period_name(talk, answer.period),
        lines=_hours(talk, answer),
        end=end,
    )


def _hours(talk: Talk, answer: HoursAnswer) -> str:
    total = sum(answer.cases.values())
    if not total:
        return talk.wording("part_hours_none")
    if total < FEW_HOURS:
        return talk.wording("part_hours_few", count=total)
    (weekday, hour), most = max(answer.cases.items(), key=lambda pair: (pair[1], pair[0]))
    return talk.wording(
        "part_hours_most",
        count=f"{total:,}",
        weekday=_weekday(talk, weekday),
        hour=hour,
        most=f"{most:,}",
    )


def _weekday(talk: Talk, weekday: int) -> str:
    return calendar.day_name[weekday] if talk.language == "en" else f"周{_WEEKDAYS_ZH[weekday]}"


def draw_hours(talk: Talk, answer: HoursAnswer, title: str, footer: str) -> Drawing | None:
    if sum(answer.cases.values()) < FEW_HOURS:
        return None
    counts = [
        [answer.cases.get((weekday, hour), 0) for hour in range(HOURS)]
        for weekday in range(WEEKDAYS)
    ]
    language = "en" if talk.language == "en" else "zh"
    return heat(counts, title=title, subtitle="", footer=footer, language=language)  # type: ignore[arg-type]


# --- one figure -------------------------------------------------------------------------------------


def say_part(talk: Talk, answer: PartAnswer, end: str) -> str:
    figure = Figure(answer.figure)
    definition = DEFINITIONS[figure]
    told = {
        "unit": answer.unit.label,
        "period": period_name(talk, answer.period),
        "name": definition.name_en if talk.language == "en" else definition.name,
        "what": talk.wording(f"part_what_{_WHAT.get(figure, 'cases')}"),
        "end": end,
    }
    if answer.n is None:
        return talk.wording("part_figure_count", count=f"{answer.count:,}", **told)
    if not answer.n:
        return talk.wording("part_figure_none", **told)
    if answer.n < FEW and figure in _SAID_BY_CITIZENS:
        return talk.wording("part_figure_hidden", **told)
    if answer.n < answer.minimum:
        return talk.wording(
            "part_figure_few", count=answer.count, n=answer.n, minimum=answer.minimum, **told
        )
    return talk.wording("part_figure", **share_of(answer.count, answer.n), **told)


def say_aspects(talk: Talk, answer: AspectsAnswer, end: str) -> str:
    lines: Sequence[str] = [
        talk.wording(
            "part_aspect_few" if n < answer.minimum else "part_aspect_line",
            aspect=talk.term(f"aspect_{aspect}"),
            mean=f"{mean:.1f}",
            count=f"{n:,}",
        )
        for aspect, (mean, n) in sorted(answer.means.items())
    ]
    return talk.wording(
        "part_aspects_all",
        unit=answer.unit.label,
        period=period_name(talk, answer.period),
        lines="\n".join(lines) or talk.wording("part_aspects_none"),
        end=end,
    )
