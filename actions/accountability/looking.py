"""Evaluates rules on what the counters hold now; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.accountability.evaluation import LOOK_BACK, Evaluation, evaluate, months_before
from actions.accountability.months import months_between
from actions.accountability.reading import read_figures
from actions.accountability.rule import Rule
from actions.org.org import Tree
from actions.reports.intervals import Formula


async def look(
    connection: AsyncConnection, tree: Tree, rule: Rule, formula: Formula, months: Sequence[date]
) -> list[Evaluation]:
    """What the rule says at the end of each of the months (first days, the earliest first)."""
    units = [unit for unit in tree.units.values() if unit.kind == rule.compare]
    if not units or not months:
        return [Evaluation(rule, formula, month, ()) for month in months]
    needed = months_between(months_before(months[0], LOOK_BACK)[0], months[-1])
    figures = await read_figures(connection, rule, units, needed)
    return evaluate(rule, formula, months, figures)
