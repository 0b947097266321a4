"""The rankings of a bulletin: like beside like, and who certainly rose or fell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from actions.bulletins.content import (
    FEWEST,
    Change,
    Rate,
    Row,
    UnitRanking,
    Unranked,
    differs,
    shown_n,
    shown_rate,
)
from actions.bulletins.kinds import Span
from actions.figures.answers import Rates
from actions.figures.cells import Seen, see_many
from actions.figures.disclosure import Span as Days
from actions.figures.ranking import Entry, Placed, rank
from actions.org.org import Unit

_RANKED = {"city": ("county", "station"), "county": ("station",), "station": ("desk",)}


def comparable(units: Iterable[Unit], above: Unit) -> dict[str, list[Unit]]:
    """The units below this one that are put beside each other, by kind; none without another."""
    below = [each for each in units if each.id != above.id and each.path.startswith(above.path)]
    found = {
        kind: [each for each in below if each.kind == kind] for kind in _RANKED.get(above.kind, ())
    }
    return {kind: those for kind, those in found.items() if len(those) > 1}


def rate_of(seen: Seen, rates: Rates) -> Rate:
    """The rate of a unit, as far as what was seen of its grades may be shown."""
    if seen.given and seen.span is None:
        return Rate(None)
    return shown_rate(seen.counts, rates.formula, rates.minimum)


async def read_ranking(
    connection: AsyncConnection,
    kind: str,
    units: Sequence[Unit],
    spans: tuple[Span, Span],
    rates: Rates,
    today: date,
) -> UnitRanking:
    """The units beside each other in the first span, with their rates in the second."""
    now, earlier = [
        await see_many(connection, units, Days(span.first, span.end), today) for span in spans
    ]
    names = [unit.name for unit in units]
    alone = len(set(names)) == len(names)
    entries = [
        Entry(unit.id, unit.name if alone else unit.label, kind, now[unit.id].counts)
        for unit in units
    ]
    found = rank(entries, rates.formula, max(rates.minimum, FEWEST))

    def row(placed: Placed) -> Row:
        entry = placed.entry
        rate = shown_rate(entry.counts, rates.formula, rates.minimum)
        before = rate_of(earlier[entry.unit_id], rates)
        return Row(entry.label, rate, placed.rank, placed.to, before)

    return UnitRanking(
        kind,
        tuple(row(each) for each in found.placed),
        tuple(Unranked(each.label, shown_n(now[each.unit_id].given)) for each in found.too_few),
        certainly_last=bool(found.certainly_last),
    )


def changes_in(rankings: Iterable[UnitRanking]) -> tuple[Change, ...]:
    """Who certainly rose or fell since the period before; those that fell first, then by share."""
    rows = [row for ranking in rankings for row in ranking.rows]
    moved = [(row, differs(row.before, row.rate)) for row in rows]
    found = [
        Change(row.unit, rose, row.before, row.rate) for row, rose in moved if rose is not None
    ]
    return tuple(sorted(found, key=lambda each: (each.rose, each.now.share or 0, each.unit)))
