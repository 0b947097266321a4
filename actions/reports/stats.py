"""How a unit and all below it did in a period: ratings by grade and way, cases opened and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions import clock
from actions.errors import Refusal
from actions.figures.measures import Measure
from actions.figures.question import Question
from actions.figures.reading import by_way, days_of, grades, read_counts, read_open, sums
from actions.org.org import Org, Unit
from actions.people.people import OfficerView, People
from actions.people.roles import SEES_FIGURES, covers
from actions.reports.intervals import wilson
from actions.reports.periods import Period, find_period, periods_in, plain, read_period
from actions.turn import Turn


@dataclass(frozen=True, slots=True)
class ByWay:
    """Ratings that came one way: a channel, and whether scanned or typed."""

    channel: str
    way: str
    ratings: int
    satisfied: int

    @property
    def satisfaction(self) -> float | None:
        return self.satisfied / self.ratings if self.ratings else None


@dataclass(frozen=True, slots=True)
class Stats:
    """`satisfaction` counts grade "satisfied" only, of all ratings given; None without ratings."""

    period_label: str
    period_label_en: str
    unit_label: str
    ratings: int
    satisfied: int
    basically: int
    unsatisfied: int
    satisfaction: float | None
    interval: tuple[float, float] | None
    by_way: list[ByWay]
    opened: int
    closed: int
    open_now: int
    as_of: datetime


class Reports:
    def __init__(self, engine: AsyncEngine, people: People, org: Org) -> None:
        self._engine = engine
        self._people = people
        self._org = org

    async def stats(self, turn: Turn, period: str = "", unit_text: str = "") -> Stats:
        """The figures of the own subtree, or of the named unit within it; today by default.

        Period and unit may stand in either text, as people say them. A unit that is unknown or
        outside one's subtree is refused in the same words: no hint whether it exists.
        """
        span, unit = await self.scope(turn, f"{period} {unit_text}")
        async with self._engine.connect() as connection:
            return await _stats(connection, span, unit)

    async def answer(self, turn: Turn, question: Question) -> Stats:
        """The same for a question that has been read."""
        unit = await self.unit(turn, question.unit)
        async with self._engine.connect() as connection:
            return await _stats(connection, question.period or self.period(""), unit)

    async def scope(self, turn: Turn, words: str, *, otherwise: str = "") -> tuple[Period, Unit]:
        """The period and the unit that a question for figures names, in whatever order.

        Without a period the one called `otherwise` (empty: today), without a unit the own one.
        Refuses whose post sees no figures, and units outside one's subtree.
        """
        officer = await self._viewer(turn)
        span, rest = _span(words.strip(), otherwise)
        return span, await self._unit(officer, rest.strip())

    async def unit(self, turn: Turn, words: str = "", *, unit_id: int | None = None) -> Unit:
        """The unit that the words name, or that has this id, within the own subtree; the own one
        without either. Refuses as `scope` does.
        """
        officer = await self._viewer(turn)
        if unit_id is None:
            return await self._unit(officer, words.strip())
        tree = await self._org.tree()
        found = tree.units.get(unit_id)
        if found is None or not covers(officer.unit_path, found.path):
            raise Refusal("not_yours", text="")
        return found

    async def _viewer(self, turn: Turn) -> OfficerView:
        """Who asks. Refuses whose post sees no figures."""
        officer = (await self._people.whoami(turn)).officer
        if officer is None or officer.role not in SEES_FIGURES:
            raise Refusal("not_allowed")
        return officer

    def period(self, words: str, *, otherwise: str = "") -> Period:
        """The period that the words name, else the one called `otherwise` (empty: today)."""
        return _span(words.strip(), otherwise)[0]

    async def _unit(self, officer: OfficerView, words: str) -> Unit:
        if not words:
            return await self._org.unit(officer.unit_id)
        found = await self._org.match_units(words)
        inside = [
            unit
            for match in found
            if match.score >= found[0].score - 5
            and covers(officer.unit_path, (unit := await self._org.unit(match.unit_id)).path)
        ]
        if inside:
            return inside[0]
        raise Refusal("not_yours", text=words)


def _span(words: str, otherwise: str = "") -> tuple[Period, str]:
    """The period that the words name, `otherwise` without one, and the rest of the words."""
    moment = clock.now()
    span, rest = find_period(words, moment)
    if span is None and (said := next(periods_in(plain(words), moment), None)):
        raise Refusal(f"period_{said.unfit}", text=plain(words)[said.start : said.end])
    again = span
    while again is not None:  # a sentence, and the period that was recognised in it
        again, rest = find_period(rest, moment)
    usual = read_period(otherwise, moment)
    if usual is None:
        raise LookupError(f"{otherwise!r} is no period")
    return span or usual, rest


async def _stats(connection: AsyncConnection, span: Period, unit: Unit) -> Stats:
    counts = await read_counts(connection, unit.id, *days_of(span.start, span.end))
    found = sums(counts)
    given = grades(found)
    return Stats(
        period_label=span.label,
        period_label_en=span.label_en,
        unit_label=unit.label,
        ratings=given.total,
        satisfied=given.satisfied,
        basically=given.basically,
        unsatisfied=given.unsatisfied,
        satisfaction=given.satisfied / given.total if given.total else None,
        interval=wilson(given.satisfied, given.total),
        by_way=[ByWay(*came, each.total, each.satisfied) for came, each in by_way(counts).items()],
        opened=found[Measure.OPENED],
        closed=found[Measure.CLOSED],
        open_now=await read_open(connection, unit.id),
        as_of=clock.now(),
    )
