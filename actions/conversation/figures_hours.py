"""When cases come, by weekday and hour: in words, and as a picture."""

from __future__ import annotations

import calendar

from actions.charts.drawing import HOURS, WEEKDAYS, Drawing, heat
from actions.conversation.figures_stats import period_name
from actions.conversation.talk import Talk
from actions.figures.answers import HoursAnswer

FEW_HOURS = 50  # cases below which hours say nothing
_WEEKDAYS_ZH = "一二三四五六日"


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
