"""What the figures' service answers; how it is said stands in actions/conversation/. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from actions.figures.disclosure import Span
from actions.figures.ranking import Ranking
from actions.org.org import Unit
from actions.reports.intervals import Counts, Formula
from actions.reports.periods import Period

type CameBy = tuple[str, str]  # channel and way


@dataclass(frozen=True, slots=True)
class Rates:
    """How satisfaction is reckoned in this deployment."""

    formula: Formula
    minimum: int

    def share(self, counts: Counts) -> float | None:
        """None when there are too few."""
        share = self.formula.satisfaction(counts)
        return None if share is None or counts.total < self.minimum else float(share)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`given` ratings in the period; `counts` are those of `span` that may be shown (None: none),
    `by_way` the part of them that came one way and may stand alone.
    """

    given: int
    span: Span | None
    counts: Counts
    by_way: dict[CameBy, Counts]


@dataclass(frozen=True, slots=True)
class Compared:
    """Another period set beside, that of the grades shown; `beyond`: whether the rates differ by
    more than chance.
    """

    period: Period
    satisfaction: Satisfaction
    beyond: bool | None


@dataclass(frozen=True, slots=True)
class Response:
    """Invitations to events of the period, each its own denominator."""

    invited: int
    delivered: int
    answered: int


@dataclass(frozen=True, slots=True)
class StatsAnswer:
    unit: Unit
    period: Period
    rates: Rates
    satisfaction: Satisfaction
    compared: Compared | None
    response: Response | None
    opened: int
    closed: int
    open_now: int
    parts: bool  # whether there are units below
    as_of: datetime


@dataclass(frozen=True, slots=True)
class RankAnswer:
    """The units of one kind below `unit`; `moved`: whose rate differs from the period before beyond
    error, and whether it rose.
    """

    unit: Unit
    period: Period
    before: Period
    rates: Rates
    kind: str
    ranking: Ranking
    few: dict[str, int]  # label → ratings, of those with too few to be ranked
    moved: dict[int, bool]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Point:
    """A day, week or month, until the day before `end`; `counts` None: nothing may be shown."""

    first: date
    end: date
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class TrendAnswer:
    unit: Unit
    period: Period
    rates: Rates
    step: str  # day, week, month
    points: Sequence[Point]
    halves: tuple[Counts, Counts]  # the shown points of the first and of the second half
    beyond: bool | None  # whether the halves differ by more than chance
    as_of: datetime


@dataclass(frozen=True, slots=True)
class HoursAnswer:
    """Cases by the hour and weekday (0 is Monday) in which citizens submitted them, in Beijing."""

    unit: Unit
    period: Period
    cases: dict[tuple[int, int], int]  # (weekday, hour): how many
    as_of: datetime


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """One figure of the work: `count` of `n`; `n` None: a count alone."""

    unit: Unit
    period: Period
    figure: str
    count: int
    n: int | None
    minimum: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class AspectsAnswer:
    """The mean of each aspect's scores, 1 to 5, and of how many."""

    unit: Unit
    period: Period
    means: dict[str, tuple[float, int]]
    minimum: int
    as_of: datetime


type Answer = StatsAnswer | RankAnswer | TrendAnswer | HoursAnswer | PartAnswer | AspectsAnswer
