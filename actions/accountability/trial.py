"""The dry run: what each rule would have proposed on past months, and why not. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.accountability.evaluation import Evaluation, months_before
from actions.accountability.looking import look
from actions.accountability.months import last_finished, months_between
from actions.accountability.rule import Rule
from actions.accountability.standing import TRIES_RULES
from actions.accountability.terms import formula_of, grace_of, rules_of
from actions.clock import BEIJING
from actions.errors import Refusal
from actions.org.org import Org
from actions.people.people import OfficerView, People
from actions.policy.model import Policy
from actions.reports.intervals import Formula
from actions.reports.periods import Period
from actions.reports.scopes import period_in
from actions.store.engine import reading
from actions.turn import Turn

USUALLY = 6  # months, where none are named
AT_MOST = 36


@dataclass(frozen=True, slots=True)
class Tried:
    """`found` is by rule, and by month within; months that are not finished are left out."""

    months: tuple[date, ...]
    formula: Formula
    found: tuple[tuple[Rule, tuple[Evaluation, ...]], ...]
    as_of: datetime


class Trial:
    def __init__(self, engine: AsyncEngine, people: People, org: Org, policy: Policy) -> None:
        self._engine = engine
        self._people = people
        self._org = org
        self._policy = policy

    async def asked(self, turn: Turn, words: str) -> Tried:
        """What the words ask for: a period (the last half year by default) and a rule of the policy
        by its title or short name (all of them by default).

        Refuses all but the centre and inspectors, whose posts reach the whole city; a period with no
        finished month; a rule that there is not.
        """
        officer = (await self._people.whoami(turn)).officer
        if officer is None or not await self._reaches_the_city(officer):
            raise Refusal("rules_not_yours")
        rules = rules_of(self._policy)
        if not rules:
            raise Refusal("rules_none")
        meant, rest = named_first(rules, words.strip())
        months, rest = self._months(rest)
        return await self.run(months, meant or named(rules, rest))

    async def _reaches_the_city(self, officer: OfficerView) -> bool:
        """Whether a post that tries rules reaches every unit."""
        tree = await self._org.tree()
        return all(
            officer.holds(TRIES_RULES, unit.path)
            for unit in tree.units.values()
            if unit.parent_id is None
        )

    async def run(
        self, months: Sequence[date], rules: Sequence[Rule], policy: Policy | None = None
    ) -> Tried:
        """The same for the administrator, with another policy's formula if one is given."""
        formula = formula_of(policy or self._policy)
        async with reading(self._engine) as connection:
            tree = await self._org.tree(connection)
            found = [
                (rule, tuple(await look(connection, tree, rule, formula, months))) for rule in rules
            ]
        return Tried(tuple(months), formula, tuple(found), clock.now())

    def finished(self, policy: Policy | None = None) -> date:
        """The first day of the latest month that may be looked at."""
        return last_finished(clock.now(), grace_of(policy or self._policy))

    def _months(self, words: str) -> tuple[list[date], str]:
        last, now = self.finished(), clock.now()
        if not words:
            return months_before(last, USUALLY - 1), ""
        span, rest = period_in(words, now)
        if span is None:
            return months_before(last, USUALLY - 1), words
        months = [month for month in _whole(span) if month <= last][-AT_MOST:]
        if not months:
            raise Refusal("rules_no_month", month=f"{last:%Y-%m}")
        return months, rest


def _whole(span: Period) -> list[date]:
    """The first days of the whole months of the period."""
    first = span.start.astimezone(BEIJING).date()
    last = span.end.astimezone(BEIJING).date()
    if first.day > 1:
        first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return months_between(first, last.replace(day=1) - timedelta(days=1))


def named_first(rules: Sequence[Rule], words: str) -> tuple[list[Rule], str]:
    """The rule whose whole title or short name stands in the words, and the rest of them: a title
    may hold what looks like a period (当月末位). [] and the words without one.
    """
    said = words.casefold()
    names = [(name, rule) for rule in rules for name in _names(rule) if name in said]
    if not names:
        return [], words
    name, rule = max(names, key=lambda each: len(each[0]))
    place = said.index(name)
    return [rule], f"{words[:place]} {words[place + len(name) :]}".strip()


def named(rules: Sequence[Rule], words: str) -> list[Rule]:
    """The rules of which the words are a part; all of them without words. Refuses when none is."""
    said = words.strip().casefold()
    fitting = [rule for rule in rules if any(said in name for name in _names(rule))]
    if not fitting:
        raise Refusal("rule_unknown", rules="、".join(rule.title for rule in rules))
    return fitting


def _names(rule: Rule) -> tuple[str, ...]:
    return rule.name, rule.title.casefold(), rule.title_en.casefold()
