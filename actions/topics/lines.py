"""Topics for those who show them among other things: a bulletin's lines, a wall's list."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from actions.bulletins.kinds import Span
from actions.errors import Refusal
from actions.org.org import Org, Unit
from actions.reports.periods import Period
from actions.topics.report import Group, TopicReport, Trend
from actions.topics.service import Topics
from actions.wall.snapshot import Topic

MOST = 5

_TRENDS = {
    Trend.NEW: "新出现",
    Trend.RISING: "上升",
    Trend.FALLING: "下降",
    Trend.STEADY: "持平",
}

log = structlog.get_logger()


class TopicLines:
    """None where there are too few texts, or too many to look at."""

    def __init__(self, topics: Topics, org: Org) -> None:
        self._topics = topics
        self._org = org

    async def lines(self, unit_path: str, span: Span) -> Sequence[str]:
        """A bulletin's: 占道·停车 12 件（上期 3 件，上升）, as `Topics.topics` has them."""
        unit = await self._org.unit(int(unit_path.strip("/").rsplit("/", 1)[-1]))
        report = await self._report(unit, Period("", span.start, span.until))
        return [_line(group, report.compared) for group in report.groups[:MOST]] if report else []

    async def for_wall(self, unit: Unit, period: Period) -> Sequence[Topic]:
        """A wall's."""
        report = await self._report(unit, period)
        if report is None:
            return []
        return [Topic("·".join(group.name), group.count, group.before) for group in report.groups]

    async def _report(self, unit: Unit, period: Period) -> TopicReport | None:
        try:
            return await self._topics.topics(unit, period, patience=None)
        except Refusal as refusal:
            log.info("no topics", unit=unit.code, why=refusal.key)
            return None


def _line(group: Group, compared: bool) -> str:
    name = f"{'·'.join(group.name)} {group.count} 件"
    if not compared:
        return name
    before = "上期不足 5 件" if group.before is None else f"上期 {group.before} 件"
    return f"{name}（{before}，{_TRENDS[group.trend]}）"
