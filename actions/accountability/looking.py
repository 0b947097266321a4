"""Evaluates rules on what the counters hold now; changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.accountability.evaluation import Evaluation, evaluate, months_needed
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
    needed = months_between(months_needed(rule, months[0])[0], months[-1])
    figures = await read_figures(connection, rule, units, needed)
    # Every unit is held against every other, month by month: a second or two for 300 units.
    return await asyncio.to_thread(evaluate, rule, formula, months, figures)
