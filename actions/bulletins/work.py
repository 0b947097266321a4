"""The work in a bulletin: what became of the cases, as far as it may be shown."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.bulletins.content import FEWEST, AspectMean, CaseCounts, Portion, WorkDone, shown_n
from actions.bulletins.kinds import Span
from actions.figures.measures import Measure
from actions.figures.reading import read_counts, read_open, sums
from actions.org.org import Unit
from actions.reports.overdue import count_overdue
from actions.reports.work_figures import Part, WorkFigures


async def count_cases(connection: AsyncConnection, unit: Unit, span: Span) -> CaseCounts:
    """The cases of the unit and all below it: those of the span, and how they stand now."""
    found = sums(await read_counts(connection, unit.id, span.first, span.end))
    return CaseCounts(
        opened=found[Measure.OPENED],
        closed=found[Measure.CLOSED],
        open_now=await read_open(connection, unit.id),
        overdue=await count_overdue(connection, unit, clock.now()),
    )


def work_done(found: WorkFigures) -> WorkDone:
    """What was done, for a reader of bulletins."""
    calls = found.calls.values()
    return WorkDone(
        closed=found.closed,
        silent=found.silent,
        on_time=_portion(found.on_time),
        turned_round=_said(found.turned_round),
        disputed=_said(found.disputed),
        sent_back=found.sent_back,
        reopened=found.reopened,
        calls=Portion(sum(each.done for each in calls), sum(each.due for each in calls)),
        aspects=tuple(
            AspectMean(name, mean.value if mean.n >= FEWEST else None, shown_n(mean.n))
            for name, mean in sorted(found.aspects.items())
        ),
    )


def _said(part: Part) -> Portion:
    """What citizens said; nothing of so few that they could be known."""
    return Portion(0, 0) if part.n < FEWEST else _portion(part)


def _portion(part: Part) -> Portion:
    return Portion(part.count, part.n)
