"""How long something may take, as a policy writes it: "3 working days", "same day"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class SpanUnit(StrEnum):
    """What a span counts."""

    SAME_DAY = "same_day"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


EXACT = frozenset({SpanUnit.MINUTES, SpanUnit.HOURS})

# At most a year, whatever it is counted in.
MOST = {
    SpanUnit.SAME_DAY: 0,
    SpanUnit.MINUTES: 527_040,
    SpanUnit.HOURS: 8_784,
    SpanUnit.DAYS: 366,
    SpanUnit.WORKING_DAYS: 366,
}

ALLOWED = 'write for example "3 working days", "same day" or "30 minutes in duty hours"'

_WRITTEN = re.compile(
    r"(?P<count>[0-9]{1,7}) (?P<unit>minute|hour|day|working day)s?(?P<duty> in duty hours)?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time. `duty`: only minutes inside the duty hours run.

    The count is 0 for "same day", from 0 for minutes and hours, from 1 for days.
    Raises ValueError, one English sentence, where the three do not go together.
    """

    count: int
    unit: SpanUnit
    duty: bool = False

    def __post_init__(self) -> None:
        if self.duty and self.unit not in EXACT:
            raise ValueError("only minutes and hours can be counted in duty hours")
        least = int(self.unit in (SpanUnit.DAYS, SpanUnit.WORKING_DAYS))
        if not least <= self.count <= MOST[self.unit]:
            what = self.unit.replace("_", " ")
            raise ValueError(
                f"{self.count} {what} is out of range; allowed are {least} to {MOST[self.unit]}"
            )

    @property
    def length(self) -> timedelta | None:
        """How much time has to run, for minutes and hours; None where days are counted."""
        match self.unit:
            case SpanUnit.MINUTES:
                return timedelta(minutes=self.count)
            case SpanUnit.HOURS:
                return timedelta(hours=self.count)
            case _:
                return None

    def __str__(self) -> str:
        """The one way to write it; `parse_span` reads it back."""
        if self.unit is SpanUnit.SAME_DAY:
            return "same day"
        noun = self.unit.replace("_", " ")
        noun = noun.removesuffix("s") if self.count == 1 else noun
        return f"{self.count} {noun}{' in duty hours' if self.duty else ''}"


def parse_span(text: str) -> Span:
    """The span that the words say; capitals and extra spaces do not matter.

    Raises ValueError with one English sentence that names what is allowed.
    """
    words = " ".join(text.lower().split())
    if words == "same day":
        return Span(0, SpanUnit.SAME_DAY)
    written = _WRITTEN.fullmatch(words)
    if written is None:
        raise ValueError(f'"{text}" is not a span of time; {ALLOWED}')
    unit = SpanUnit(written["unit"].replace(" ", "_") + "s")
    return Span(int(written["count"]), unit, duty=written["duty"] is not None)
