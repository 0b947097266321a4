"""What may stand at the end of a policy line: spans, hours, codes, whole numbers.

Every type carries an `Allowed`: the words that end the sentence "… is wrong; write …".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, PlainSerializer

from actions.deadlines.hours import format_hours, parse_hours
from actions.deadlines.spans import Span, SpanUnit, parse_span


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may stand there, in words that follow "write"."""

    words: str


_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_DAY = 24 * 60
_MINUTES = {
    SpanUnit.SAME_DAY: _DAY,
    SpanUnit.MINUTES: 1,
    SpanUnit.HOURS: 60,
    SpanUnit.DAYS: _DAY,
    SpanUnit.WORKING_DAYS: _DAY,
}


def size(span: Span) -> int:
    """Roughly how long a span is, in minutes: to compare two, never to reckon a date.

    Duty hours count as hours, working days as days, "same day" as one day.
    """
    return _MINUTES[span.unit] * (1 if span.unit is SpanUnit.SAME_DAY else span.count)


def _to_span(value: object) -> object:
    return parse_span(value) if isinstance(value, str) else value


def _some_time(span: Span) -> Span:
    if size(span) == 0:
        raise ValueError("write more than nothing")
    return span


def _hours(value: str) -> str:
    parse_hours(value)
    return value


def parse_clock(text: str) -> time:
    """ "22:00" as a time of the day in Beijing. Raises ValueError."""
    found = _CLOCK.fullmatch(text)
    if not found:
        raise ValueError('write a time such as "10:00"')
    return time(int(found[1]), int(found[2]))


def _clock(value: str) -> str:
    parse_clock(value)
    return value


def _to_quiet(value: object) -> object:
    return parse_hours(value, over_midnight=True) if isinstance(value, str) else value


def _from_quiet(pair: tuple[time, time]) -> str:
    whole_day = pair[0] == pair[1]
    return format_hours(pair) if whole_day else f"{pair[0]:%H:%M}-{pair[1]:%H:%M}"


SPAN = Allowed('for example "3 working days", "same day" or "30 minutes in duty hours"')
_HOURS = Allowed('hours of the day such as "08:30-18:00"')

SpanOrNone = Annotated[
    InstanceOf[Span],
    BeforeValidator(_to_span),
    PlainSerializer(str, return_type=str),
    SPAN,
]
"""A span that may be nothing: "0 minutes"."""

SomeSpan = Annotated[SpanOrNone, AfterValidator(_some_time)]
"""A span of some length."""

HoursText = Annotated[str, AfterValidator(_hours), _HOURS]
ClockText = Annotated[str, AfterValidator(_clock), Allowed('a time such as "10:00"')]
Quiet = Annotated[
    tuple[time, time],
    BeforeValidator(_to_quiet),
    PlainSerializer(_from_quiet, return_type=str),
    Allowed('hours such as "22:00-07:00", over midnight or not'),
]
"""Two times of the day in Beijing; the second may lie before the first: over midnight."""

Words = Annotated[str, Field(min_length=1, max_length=100), Allowed("a few words in quotes")]
Name = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{0,39}$"),
    Allowed("small letters, digits and _, beginning with a letter"),
]
Source = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$"),
    Allowed("a channel or feed such as wechat or mailbox"),
]
UnitCode = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_-]{1,64}$"),
    Allowed("the code of a unit, as in units.csv"),
]
Destination = Annotated[
    str,
    Field(pattern=r"^(named|station|county|city|code:[A-Za-z0-9_-]{1,64})$"),
    Allowed('named, station, county, city or "code:" and the code of a unit'),
]

KeptDays = Annotated[
    int, Field(strict=True, ge=90, le=36500), Allowed("a whole number of days from 90 to 36500")
]
Share = Annotated[float, Field(strict=True, ge=0, le=1), Allowed("a number from 0 to 1")]
Photos = Annotated[int, Field(strict=True, ge=0, le=9), Allowed("a whole number from 0 to 9")]
Attempts = Annotated[int, Field(strict=True, ge=1, le=5), Allowed("a whole number from 1 to 5")]
Times = Annotated[int, Field(strict=True, ge=0, le=10), Allowed("a whole number from 0 to 10")]
ADay = Annotated[int, Field(strict=True, ge=1, le=24), Allowed("a whole number from 1 to 24")]
AMonth = Annotated[
    int, Field(strict=True, ge=1, le=10_000), Allowed("a whole number from 1 to 10000")
]
AtMost = Annotated[int, Field(strict=True, ge=1, le=10), Allowed("a whole number from 1 to 10")]
Codes = Annotated[int, Field(strict=True, ge=1, le=500), Allowed("a whole number from 1 to 500")]
Pack = Annotated[int, Field(strict=True, ge=0, le=20), Allowed("a whole number from 0 to 20")]
Minimum = Annotated[
    int, Field(strict=True, ge=5, le=1000), Allowed("a whole number from 5 to 1000")
]
DayOfMonth = Annotated[int, Field(strict=True, ge=1, le=31), Allowed("a whole number from 1 to 31")]
YesNo = Annotated[bool, Field(strict=True), Allowed("true or false")]

Aspect = Literal["arrival", "attitude", "result", "equipment", "appearance"]
"""The five aspects a callback asks: speed of arrival, attitude, result, equipment, appearance."""

Above = Literal["sub_centre", "centre", "inspector"]
"""Who stands above the unit that worked the case."""

Level = Literal["lead", "sub_centre", "centre"]
"""The steps of an escalation: the unit's lead, the county's sub-centre, the city's centre."""
