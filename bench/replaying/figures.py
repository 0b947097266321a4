"""What the finished rows say: the article's figures, and that nothing was lost or counted twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import text

from actions.bootstrap import Services
from actions.clock import BEIJING
from actions.figures.answers import StatsAnswer
from actions.figures.question import Question, View
from actions.reports.work_figures import WorkFigures
from actions.turn import Turn

_COUNTS = text("""
SELECT
  (SELECT count(*) FROM service_events) AS events,
  (SELECT count(*) FROM invitations WHERE sent_at IS NOT NULL) AS sent,
  (SELECT count(*) FROM deliveries WHERE topic = 'invitation' AND state = 'sent') AS delivered,
  (SELECT count(*) FROM invitations WHERE state = 'answered') AS answered,
  (SELECT count(*) FROM ratings WHERE event_id IS NOT NULL) AS replies,
  (SELECT count(*) FROM ratings WHERE grade = 'satisfied') AS satisfied,
  (SELECT count(*) FROM ratings WHERE grade = 'basically') AS basically,
  (SELECT count(*) FROM ratings WHERE grade = 'unsatisfied') AS unsatisfied,
  (SELECT count(*) - count(DISTINCT event_id) FROM ratings) AS rated_twice,
  (SELECT count(*) FROM invitations AS i JOIN service_events AS e ON e.id = i.event_id
     WHERE e.excluded IS NOT NULL AND i.sent_at IS NOT NULL) AS asked_against_it,
  (SELECT count(*) FROM opt_outs) AS opted_out,
  (SELECT count(*) FROM inbox) AS messages,
  (SELECT count(*) FROM cases) AS cases,
  (SELECT count(*) FROM cases WHERE rating_id IS NOT NULL) AS cases_of_replies,
  (SELECT count(*) FROM cases AS c WHERE EXISTS (SELECT FROM callback_tasks AS t
     WHERE t.case_id = c.id AND t.kind = 'first' AND t.state = 'done')) AS called_back,
  (SELECT count(*) FROM cases AS c WHERE c.outcome IS NOT NULL AND EXISTS (SELECT
     FROM case_events AS e WHERE e.case_id = c.id AND e.verb = 'hand_in' AND e.at < :end))
     AS settled,
  (SELECT count(*) FROM cases WHERE finding IN ('substantiated', 'partly')) AS found_true,
  (SELECT count(*) FROM cases WHERE finding IN ('substantiated', 'partly')
     AND outcome = 'rectified') AS rectified,
  (SELECT count(*) FROM cases WHERE outcome = 'explained') AS explained,
  (SELECT count(DISTINCT case_id) FROM case_events WHERE verb = 'send_back') AS sent_back,
  (SELECT count(*) FROM cases WHERE state = 'closed') AS closed,
  (SELECT count(*) FROM cases WHERE closed_as = 'silent') AS silent
""")

# Nobody more often than the policy says: how many were asked a third time within thirty days.
_OVER_CAP = text("""
SELECT count(*) FROM (
  SELECT count(*) OVER (PARTITION BY e.phone_digest ORDER BY i.due_at
    RANGE BETWEEN interval '30 days' PRECEDING AND CURRENT ROW) AS n
  FROM invitations AS i JOIN service_events AS e ON e.id = i.event_id WHERE i.sent_at IS NOT NULL
) AS asked WHERE n > :most
""")

_WHY_NOT = text(
    "SELECT why_not, count(*) AS n FROM invitations WHERE why_not IS NOT NULL GROUP BY 1"
)
_REASONS = text("SELECT reason, count(*) AS n FROM cases GROUP BY 1 ORDER BY n DESC, reason")
_SENT = text("""
SELECT to_char(sent_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, count(*) AS n
FROM invitations WHERE sent_at IS NOT NULL GROUP BY 1
""")
_SIZE = text("SELECT pg_database_size(current_database())")


@dataclass(frozen=True, slots=True)
class Rated:
    """Ratings given, and the grades that are shown; `satisfaction` 0 to 1, None where none are."""

    ratings: int
    satisfied: int
    unsatisfied: int
    satisfaction: float | None


@dataclass(frozen=True, slots=True)
class Month:
    """A month by our own report: of the city, and the county with the lowest satisfaction."""

    name: str
    sent: int
    stats: Rated
    last: str
    last_share: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is read at the end. `bytes` is the size of the database."""

    counts: Mapping[str, int]
    why_not: Mapping[str, int]
    reasons: Mapping[str, int]
    months: Sequence[Month]
    stats: Rated
    work: WorkFigures
    asked_by_kind: Mapping[str, int]
    bytes: int


async def read_figures(services: Services, reader: str, first: date, last: date) -> Figures:
    """From the finished rows, and from the reports as the officer in this conversation sees them."""
    turn, end = Turn(reader, ""), _midnight(last + timedelta(days=1))
    async with services.engine.connect() as connection:
        await connection.execute(text("SET statement_timeout = 0"))
        counts = dict((await connection.execute(_COUNTS, {"end": end})).mappings().one())
        counts["over_cap"] = (await connection.execute(_OVER_CAP, {"most": 2})).scalar_one()
        why_not = {row.why_not: row.n for row in (await connection.execute(_WHY_NOT)).all()}
        reasons = {row.reason: row.n for row in (await connection.execute(_REASONS)).all()}
        sent = {row.month: row.n for row in (await connection.execute(_SENT)).all()}
        size = (await connection.execute(_SIZE)).scalar_one()
    period = f"{_day(first)}到{_day(last)}"
    kinds = await services.invitations.funnel.follow(
        _midnight(first - timedelta(days=40)), end, "kind"
    )
    return Figures(
        counts=counts,
        why_not=why_not,
        reasons=reasons,
        months=[await _month(services, turn, name, n) for name, n in sorted(sent.items())],
        stats=await asked(services, turn, period),
        work=await services.work_reports.work_figures(turn, f"{period[: -len(_day(last))]}今天"),
        asked_by_kind={kind: steps.sent for kind, steps in kinds.items() if steps.sent},
        bytes=size,
    )


async def asked(services: Services, turn: Turn, period: str, unit: str = "") -> Rated:
    """What the officer in this conversation is told of the period."""
    span, place = await services.scopes.scope(turn, f"{period} {unit}")
    viewer = await services.scopes.viewer(turn)
    found = await services.figures.answer(viewer, Question(View.STATS, None, span, place.label))
    if not isinstance(found, StatsAnswer):
        raise TypeError(f"{type(found)} is no answer about a unit")
    counts = found.satisfaction.counts
    share = found.rates.formula.satisfaction(counts)
    return Rated(
        found.satisfaction.given,
        counts.satisfied,
        counts.unsatisfied,
        None if share is None else float(share),
    )


async def open_cases(services: Services) -> int:
    """How many cases are not closed yet."""
    async with services.engine.connect() as connection:
        query = text("SELECT count(*) FROM cases WHERE closed_at IS NULL")
        return int((await connection.execute(query)).scalar_one())


async def _month(services: Services, turn: Turn, name: str, sent: int) -> Month:
    year, month = name.split("-")
    period = f"{year}年{int(month)}月"
    tree = await services.org.tree()
    counties = [unit for unit in tree.units.values() if unit.kind == "county"]
    shares = []
    for unit in counties:
        stats = await asked(services, turn, period, unit.name)
        if stats.satisfaction is not None:
            shares.append((stats.satisfaction, unit.name))
    differ = len({share for share, _ in shares}) > 1
    share, worst = min(shares) if differ else (None, "–")  # nobody is last where all are alike
    return Month(name, sent, await asked(services, turn, period), worst, share)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BEIJING).astimezone(UTC)
