"""What a wall shows at one moment, as plain values. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from actions.wall.rates import Rate


@dataclass(frozen=True, slots=True)
class Way:
    """Ratings that came one way: a channel, and how it came about."""

    channel: str
    way: str
    today: Rate
    month: Rate


@dataclass(frozen=True, slots=True)
class Tile:
    """A unit directly below. `trend`: up, down or empty, against the month before."""

    label: str
    rate: Rate
    trend: str


@dataclass(frozen=True, slots=True)
class CasesNow:
    """Opened and closed today; all the others: the open ones as they stand."""

    opened: int
    closed: int
    open: int
    new: int
    accepted: int
    waiting: int
    reviewing: int
    answered: int
    merged: int


@dataclass(frozen=True, slots=True)
class Burning:
    """A case whose time is up or nearly: no words, no names. `number` is empty where the case is
    about an officer or its citizen's identity is locked away. `due_at` is aware, UTC.
    """

    number: str
    unit: str
    clock: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Point:
    """The satisfaction of the seven days that end with `day`."""

    day: date
    rate: Rate


@dataclass(frozen=True, slots=True)
class Topic:
    """What many write of, in their words; `before`: how many in the period before, if known."""

    label: str
    count: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Ways are never pooled: tiles and trend are drawn by the first of `ways`, the one that most
    ratings came by lately. `month_count`: the month's ratings of all ways. `burning` holds the oldest
    ones; `late` and `soon` count all.
    """

    unit: str
    kind: str
    today: date
    minimum: int
    formula: str
    formula_en: str
    ways: tuple[Way, ...]
    below: tuple[Tile, ...]
    month_count: int
    cases: CasesNow
    burning: tuple[Burning, ...]
    late: int
    soon: int
    trend: tuple[Point, ...]
    topics: tuple[Topic, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON has it: days and moments as ISO texts. Of the trend only what is drawn."""
        found: dict[str, Any] = asdict(self)
        found["today"] = self.today.isoformat()
        for row, case in zip(found["burning"], self.burning, strict=True):
            row["due_at"] = case.due_at.isoformat()
        found["trend"] = [
            {
                "day": point.day.isoformat(),
                "share": point.rate.share,
                "low": point.rate.low,
                "high": point.rate.high,
            }
            for point in self.trend
        ]
        return found
