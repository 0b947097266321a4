"""The hours of the day that deadlines go by, all in Beijing local time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from actions.clock import BEIJING

MIDNIGHT = time(0)

type Pair = tuple[time, time]

_WRITTEN = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, Beijing local time; the end belongs no more to the hours.

    duty: when somebody has to take up cases; may end at 24:00, which is held as time(0).
    office: days and working days end when the office closes.
    calls: when a citizen may be called; "same day" ends when they end.
    same_day_late: by when of the next day, for what started after the calls of its day had ended.

    Raises ValueError, one English sentence, where they do not go together.
    """

    duty: Pair
    office: Pair
    calls: Pair
    same_day_late: time

    def __post_init__(self) -> None:
        for name, pair in (("duty", self.duty), ("office", self.office), ("calls", self.calls)):
            if pair[1] == MIDNIGHT and name != "duty":
                raise ValueError(f"the {name} hours have to end before midnight")
            if not _in_order(pair):
                raise ValueError(f"the {name} hours end before they begin")
        if not self.calls[0] < self.same_day_late <= self.calls[1]:
            raise ValueError("same_day_late has to lie within the hours for calls")

    @property
    def always_on_duty(self) -> bool:
        """Whether the duty hours are the whole day."""
        return self.duty == (MIDNIGHT, MIDNIGHT)

    def duty_on(self, day: date) -> tuple[datetime, datetime]:
        """From when to when there is duty on that day, in UTC."""
        start, end = self.duty
        return at(day, start), at(day + timedelta(days=1) if end == MIDNIGHT else day, end)

    def office_end(self, day: date) -> datetime:
        """When the office closes on that day, in UTC."""
        return at(day, self.office[1])

    def calls_end(self, day: date) -> datetime:
        """When the calls of that day end, in UTC."""
        return at(day, self.calls[1])


def at(day: date, when: time) -> datetime:
    """That time of that day in Beijing, in UTC."""
    return datetime.combine(day, when, BEIJING).astimezone(UTC)


def parse_hours(text: str, *, over_midnight: bool = False) -> Pair:
    """The hours that "08:00-20:00" says; an end at "24:00" comes back as time(0).

    With `over_midnight` the end may lie before the beginning: "22:00-07:00".
    Raises ValueError with one English sentence that names what is allowed.
    """
    written = _WRITTEN.fullmatch(text.strip())
    numbers = [int(each) for each in written.groups()] if written else [99]
    if written is None or numbers[0] == 24 or (numbers[2] == 24 and numbers[3] > 0):
        raise ValueError(
            f'"{text}" is not a pair of times; write for example "08:00-20:00" or "00:00-24:00"'
        )
    start, end = time(numbers[0], numbers[1]), time(numbers[2] % 24, numbers[3])
    whole = numbers[2] == 24 or start < end
    if not whole and not (over_midnight and start != end):
        raise ValueError(f'"{text}" ends before it begins; write for example "08:00-20:00"')
    return start, end


def format_hours(pair: Pair) -> str:
    """The hours as `parse_hours` reads them: "08:00-20:00", with "24:00" for the end of the day."""
    start, end = pair
    return f"{start:%H:%M}-{'24:00' if end == MIDNIGHT else format(end, '%H:%M')}"


def _in_order(pair: Pair) -> bool:
    """Whether the pair begins before it ends; an end at midnight is the end of the day."""
    return pair[0] < pair[1] or pair[1] == MIDNIGHT
