"""Whose figures somebody may see: the unit and the period that a question names, and the rights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.errors import Refusal, WhichUnit
from actions.org.org import Org, Unit
from actions.people.people import OfficerView, People
from actions.people.roles import SEES_FIGURES, covers
from actions.reports.periods import Period, find_period, periods_in, plain, read_period
from actions.turn import Turn

NAMESAKES = 50  # units looked at: a county may have as many windows of one name
MOST_OFFERED = 8
SAID = 60.0  # below this likeness a name is taken for another's; see actions/org/matching.py


class Scopes:
    """What a question for figures may be about, for whoever asks it."""

    def __init__(self, engine: AsyncEngine, people: People, org: Org) -> None:
        self._engine = engine
        self._people = people
        self._org = org

    async def scope(self, turn: Turn, words: str, *, otherwise: str = "") -> tuple[Period, Unit]:
        """The period and the unit that a question for figures names, in whatever order.

        Without a period the one called `otherwise` (empty: today), without a unit the own one.
        Refuses whose post sees no figures, and units outside one's subtree.
        """
        officer = await self.viewer(turn)
        span, rest = _span(words.strip(), otherwise)
        return span, await self.place(officer, rest.strip())

    async def unit(self, turn: Turn, words: str = "", *, unit_id: int | None = None) -> Unit:
        """The unit that the words name, or that has this id, within the own subtree; the own one
        without either. Refuses as `scope` does.
        """
        officer = await self.viewer(turn)
        if unit_id is None:
            return await self.place(officer, words.strip())
        tree = await self._org.tree()
        found = tree.units.get(unit_id)
        if found is None or not covers(officer.unit_path, found.path):
            raise Refusal("not_yours", text="")
        return found

    async def viewer(self, turn: Turn) -> OfficerView:
        """Whoever asks, if their post sees figures; everybody else is refused."""
        officer = (await self._people.whoami(turn)).officer
        if officer is None or officer.role not in SEES_FIGURES:
            raise Refusal("not_allowed")
        return officer

    def period(self, words: str, *, otherwise: str = "") -> Period:
        """The period that the words name, else the one called `otherwise` (empty: today)."""
        return _span(words.strip(), otherwise)[0]

    async def place(self, officer: OfficerView, words: str) -> Unit:
        """The unit of the officer's subtree that the words name; the own one without words.

        Refuses one that lies elsewhere as one that there is not: with the names from within that
        come near, and no hint whether it exists. Asks which one, where several of the subtree are
        called the same and nothing else tells them apart.
        """
        if not words:
            return await self._org.unit(officer.unit_id)
        found = await self._org.match_units(words, NAMESAKES)
        inside = [
            (unit, match.score)
            for match in found
            if match.score >= found[0].score - 5
            and covers(officer.unit_path, (unit := await self._org.unit(match.unit_id)).path)
        ]
        if inside and found[0].score >= SAID:
            return _the_one(words, inside)
        near = await self._org.near_below(words, officer.unit_path)
        if not near:
            raise Refusal("not_yours", text=words)
        raise Refusal("not_yours_but", text=words, names="、".join(near))


def _the_one(words: str, found: Sequence[tuple[Unit, float]]) -> Unit:
    """The best of these, the best first; raises WhichUnit where others of its name are as good."""
    first, best = found[0]
    called = {first.name, first.short_name}
    same = [
        unit for unit, score in found if score == best and called & {unit.name, unit.short_name}
    ]
    if len(same) > 1:
        raise WhichUnit(words, [unit.label for unit in same[:MOST_OFFERED]])
    return first


def period_in(words: str, moment: datetime) -> tuple[Period | None, str]:
    """As find_period, but refuses what is written like a period and is none: 2月30日, 明年."""
    span, rest = find_period(words, moment)
    if span is None and (said := next(periods_in(plain(words), moment), None)):
        raise Refusal(said.refusal, text=plain(words)[said.start : said.end])
    return span, rest


def _span(words: str, otherwise: str = "") -> tuple[Period, str]:
    """The period that the words name, `otherwise` without one, and the rest of the words."""
    moment = clock.now()
    span, rest = period_in(words, moment)
    again = span
    while again is not None:  # a sentence, and the period that was recognised in it
        again, rest = find_period(rest, moment)
    usual = read_period(otherwise, moment)
    if usual is None:
        raise LookupError(f"{otherwise!r} is no period")
    return span or usual, rest
