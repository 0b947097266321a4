"""A deadline told in words, a line for each step of its reckoning."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Protocol

from actions.clock import BEIJING
from actions.deadlines.spans import Span, SpanUnit
from actions.deadlines.steps import Days, Due, Param, Step, StepKey
from actions.deadlines.workdays import Holiday

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


class Say(Protocol):
    """Gives the sentence of a key in a language, its gaps filled."""

    def __call__(self, key: str, language: str, **params: str) -> str: ...


def explain(due: Due, say: Say, language: str) -> str:
    """Why it is due then: lines of Beijing time, in the order of time.

    `say` gives the sentences `why_*`, `span_*` and `weekdays`.
    """
    teller = _Teller(say, language)
    return "\n".join(teller.line(step) for step in due.steps)


def say_span(span: Span, say: Say, language: str) -> str:
    """The span as people say it: 3 个工作日, 30 分钟（值守时间内）."""
    if span.unit is SpanUnit.SAME_DAY:
        return say("span_same_day", language)
    key = f"span_{span.unit}_one" if span.count == 1 else f"span_{span.unit}"
    words = say(key, language, count=str(span.count))
    return say("span_in_duty_hours", language, span=words) if span.duty else words


class _Teller:
    """Puts steps into words; a month, year or day that was just said is not said again."""

    def __init__(self, say: Say, language: str) -> None:
        self._say = say
        self._language = language
        self._month: tuple[int, int] | None = None
        self._day: date | None = None

    def line(self, step: Step) -> str:
        """The step's sentence; the last one always names its day."""
        if step.key is StepKey.DUE:
            self._day = None
        words = {name: self._words(each) for name, each in step.params.items()}
        return self._sentence(f"why_{step.key}", **words)

    def _words(self, value: Param) -> str:
        match value:
            case datetime():
                return self._moment(value.astimezone(BEIJING))
            case time():
                return _clock(value)
            case timedelta():
                return self._length(value)
            case Days():
                return self._days(value)
            case Span():
                return say_span(value, self._say, self._language)
            case tuple():
                return self._holidays(value)
            case _:
                return str(value)

    def _moment(self, local: datetime) -> str:
        day = local.date()
        if self._day == day:
            return _clock(local)
        self._day = day
        return self._sentence("why_moment", day=self._days(Days(day, day)), time=_clock(local))

    def _sentence(self, key: str, **params: str) -> str:
        return self._say(key, self._language, **params)

    def _holidays(self, holidays: tuple[Holiday, ...]) -> str:
        names = [each.en if self._language == "en" else each.zh for each in holidays]
        return reduce(lambda one, other: self._sentence("why_and", one=one, other=other), names)

    def _length(self, length: timedelta) -> str:
        """Hours and minutes; what is nought is not said."""
        hours, rest = divmod(length, _HOUR)
        minutes = rest // _MINUTE
        spans = [Span(hours, SpanUnit.HOURS)] if hours else []
        spans += [Span(minutes, SpanUnit.MINUTES)] if minutes else []
        return " ".join(say_span(span, self._say, self._language) for span in spans)

    def _days(self, days: Days) -> str:
        """20 日（周五）, 21—22 日, 1 月 30 日—2 月 2 日; with month and year where they are new."""
        first, last = days.first, days.last
        said, self._month = self._month, (last.year, last.month)
        key = "why_date" if first == last else "why_dates"
        if first.year != last.year:
            return self._sentence("why_dates_years", **self._numbers(first, last))
        if first.month != last.month:
            key = "why_dates_months"
        elif said != self._month:
            key += "_month"
        words = self._sentence(key, **self._numbers(first, last))
        new_year = said is not None and said[0] != last.year
        return self._sentence("why_in_year", year=str(last.year), day=words) if new_year else words

    def _numbers(self, first: date, last: date) -> dict[str, str]:
        return {
            "weekday": self._sentence("weekdays").split()[first.weekday()],
            "month": str(first.month),
            "day": str(first.day),
            "last_year": str(last.year),
            "last_month": str(last.month),
            "last": str(last.day),
        }


def _clock(value: datetime | time) -> str:
    return f"{value:%H:%M}"
