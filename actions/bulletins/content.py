"""What a bulletin says, as plain values: computed once, kept, and shown in every form alike. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from actions.bulletins.kinds import BulletinKind, Span
from actions.figures.disclosure import FEW
from actions.reports.intervals import Counts, Formula

FEWEST = FEW  # citizens: grades of fewer are never shown


@dataclass(frozen=True, slots=True)
class Rate:
    """Satisfaction as it may be shown. `n` None: fewer than FEWEST, nothing is shown but that.

    `counts` stands from FEWEST on, `share` and its interval from the minimum sample on.
    """

    n: int | None
    counts: Counts | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None


def shown_rate(counts: Counts, formula: Formula, minimum: int) -> Rate:
    """What may be shown of these grades: the one place where a bulletin decides that."""
    n = counts.total
    if 0 < n < FEWEST:
        return Rate(None)
    share, interval = formula.satisfaction(counts), formula.interval(counts)
    if n < max(minimum, 1) or share is None or interval is None:
        return Rate(n, counts if n else None)
    return Rate(n, counts, float(share), *interval)


def shown_n(n: int) -> int | None:
    """How many there were; None where so few could be known."""
    return None if 0 < n < FEWEST else n


@dataclass(frozen=True, slots=True)
class WayRate:
    """Ratings that came one way of one channel; never pooled with others."""

    channel: str
    way: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Response:
    """How far invitations came, of services finished in the period; three denominators."""

    events: int
    chosen: int
    sent: int
    delivered: int
    answered: int


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Opened and closed in the period; open and overdue as of when the bulletin was made."""

    opened: int
    closed: int
    open_now: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Portion:
    """`count` of `n`."""

    count: int
    n: int


@dataclass(frozen=True, slots=True)
class AspectMean:
    """1 to 5; `value` None when too few scored it to be shown."""

    name: str
    value: float | None
    n: int | None


@dataclass(frozen=True, slots=True)
class WorkDone:
    """As actions/reports/work_figures.py defines them; `calls` over all kinds of calls."""

    closed: int
    silent: int
    on_time: Portion
    turned_round: Portion
    disputed: Portion
    sent_back: int
    reopened: int
    calls: Portion
    aspects: tuple[AspectMean, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of a ranking, with what it had in the period before."""

    unit: str
    rate: Rate
    rank: int
    to: int
    before: Rate


@dataclass(frozen=True, slots=True)
class Unranked:
    unit: str
    n: int | None


@dataclass(frozen=True, slots=True)
class UnitRanking:
    """Units of one kind (county, station, …); `certainly_last` says whether the last rank is."""

    kind: str
    rows: tuple[Row, ...]
    too_few: tuple[Unranked, ...]
    certainly_last: bool


@dataclass(frozen=True, slots=True)
class TrendPoint:
    first: date
    rate: Rate


@dataclass(frozen=True, slots=True)
class TrendSeries:
    step: Literal["day", "week", "month"]
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A unit whose satisfaction certainly differs from the period before."""

    unit: str
    rose: bool
    before: Rate
    now: Rate


@dataclass(frozen=True, slots=True)
class FormulaUsed:
    name: str
    version: int
    label: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Bulletin:
    """`changes` and `topics` are told in the analysis of a quarter; topics are lines already masked.

    `period`, `period_en` name the period as people say it; `as_of` is aware, UTC. `before_span` has
    the days that `before` is of, None in those kept before it was noted.
    """

    number: str
    kind: BulletinKind
    unit_id: int
    unit: str
    span: Span
    period: str
    period_en: str
    formula: FormulaUsed
    minimum: int
    as_of: datetime
    rate: Rate
    before: Rate
    year_ago: Rate
    ways: tuple[WayRate, ...]
    response: Response | None
    cases: CaseCounts
    work: WorkDone
    rankings: tuple[UnitRanking, ...]
    trend: TrendSeries
    changes: tuple[Change, ...] = ()
    topics: tuple[str, ...] = ()
    before_span: Span | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """What did not reach whom it was for: copies that failed, officers who have no chat."""

    failed: int = 0
    no_chat: int = 0


class Topics(Protocol):
    """Whoever can say what citizens' texts of a period were about."""

    async def lines(self, unit_path: str, span: Span) -> Sequence[str]:
        """A line for each topic, the most telling first: its words, how many, compared with the
        period before; examples masked.
        """
        ...


def differs(before: Rate, now: Rate) -> bool | None:
    """Whether satisfaction has risen (True) or fallen (False) beyond error; None: cannot be told,
    because the intervals overlap or one of them is not shown.
    """
    if before.low is None or before.high is None or now.low is None or now.high is None:
        return None
    if now.low > before.high:
        return True
    return False if now.high < before.low else None
