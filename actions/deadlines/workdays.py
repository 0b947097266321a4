"""Which days people work in China: weekends, holidays and the days that make up for them.

The government publishes a year's days in the autumn before; `chinesecalendar` carries them. A year
that it does not carry yet is counted Monday to Friday, and every answer can say that it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chinese_calendar import constants

_SATURDAY = 5


class Reason(StrEnum):
    """Why a day is a working day or none."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday's name in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Published:
    """What the government has published: whole years, and their days that are not as usual.

    off: every day of a holiday, its weekend days too. make_up: the weekend days that are worked.
    """

    years: frozenset[int]
    off: Mapping[date, Holiday]
    make_up: Mapping[date, Holiday]


def published() -> Published:
    """Everything that `chinesecalendar` knows."""
    names = {each.value: Holiday(each.chinese, each.value) for each in constants.Holiday}
    return Published(
        frozenset(day.year for day in constants.holidays),
        {day: names[name] for day, name in constants.holidays.items()},
        {day: names[name] for day, name in constants.workdays.items()},
    )


class Calendar:
    """The working days; every question is a look-up in a table that is made once.

    Takes what is published, by default all that `chinesecalendar` carries.
    """

    def __init__(self, known: Published | None = None) -> None:
        known = known or published()
        self._years = known.years
        self._off = {day: name for day, name in known.off.items() if day.year in known.years}
        self._make_up = {d: name for d, name in known.make_up.items() if d.year in known.years}

    def knows(self, year: int) -> bool:
        """Whether the holidays of that year are published."""
        return year in self._years

    def is_working(self, day: date) -> bool:
        """Whether people work on that day; Monday to Friday in a year that is not known."""
        if day.weekday() < _SATURDAY:
            return day not in self._off
        return day in self._make_up

    def reason(self, day: date) -> Reason:
        """Why they do or do not; UNKNOWN for each day of a year that is not known."""
        if day.year not in self._years:
            return Reason.UNKNOWN
        if day in self._make_up:
            return Reason.MAKE_UP
        if day in self._off:
            return Reason.HOLIDAY
        return Reason.WEEKDAY if day.weekday() < _SATURDAY else Reason.WEEKEND

    def holiday(self, day: date) -> Holiday | None:
        """The holiday that the day belongs to or makes up for; None for any other day."""
        return self._off.get(day) or self._make_up.get(day)
