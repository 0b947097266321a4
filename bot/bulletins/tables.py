"""What stands in the tables of a bulletin's files; Excel and PDF show the same. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from actions.bulletins.content import Bulletin, Portion, Rate, UnitRanking, differs
from actions.bulletins.drawings import Say
from actions.bulletins.text import before_name, way_name
from actions.charts.drawing import Language
from actions.reports.intervals import wilson


@dataclass(frozen=True, slots=True)
class Share:
    """A cell that is a share, 0 to 1; the ends of an interval are rounded outwards on paper."""

    value: float
    end: Literal["", "low", "high"] = ""


type Cell = str | int | float | Share | date | None  # None: nothing to show


@dataclass(frozen=True, slots=True)
class Table:
    """`wide` are the widths of the columns in characters of Latin text."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    wide: tuple[int, ...]


class Tables:
    """The tables of one bulletin in one language."""

    def __init__(self, bulletin: Bulletin, say: Say, language: Language) -> None:
        self._bulletin = bulletin
        self._say = say
        self._language = language

    def overview(self) -> Table:
        """Every figure with what it is of, and its interval where it is a share of ratings."""
        b, work, cases = self._bulletin, self._bulletin.work, self._bulletin.cases
        rows = [
            self._rate("col_share", b.rate),
            self._before(),
            self._rate("item_year_ago", b.year_ago),
            *self._response(),
            self._count("item_opened", cases.opened),
            self._count("item_closed", cases.closed),
            self._count("item_open_now", cases.open_now),
            self._count("item_overdue", cases.overdue),
            self._count("item_work_closed", work.closed),
            self._count("item_silent", work.silent),
            self._portion("item_on_time", work.on_time),
            self._portion("item_turned_round", work.turned_round),
            self._portion("item_disputed", work.disputed),
            self._count("item_sent_back", work.sent_back),
            self._count("item_reopened", work.reopened),
            self._portion("item_calls", work.calls),
            *self._aspects(),
        ]
        header = self._header("item", "value", "n", "low", "high", "remark")
        return Table(self._told("sheet_overview"), header, tuple(rows), (34, 12, 12, 12, 12, 20))

    def ways(self) -> Table:
        """The ways side by side."""
        rows = []
        for each in self._bulletin.ways:
            channel, way = way_name(each, self._say, self._language)
            counts, rate = each.rate.counts, each.rate
            rows.append(
                (
                    channel.rstrip("·,"),
                    way,
                    rate.n,
                    counts.satisfied if counts else None,
                    counts.basically if counts else None,
                    counts.unsatisfied if counts else None,
                    _share(rate.share),
                    _share(rate.low, "low"),
                    _share(rate.high, "high"),
                    self._why_none(rate),
                )
            )
        columns = ("channel", "way", "n", "satisfied", "basically", "unsatisfied", "share")
        header = self._header(*columns, "low", "high", "remark")
        wide = (18, 22, 10, 10, 12, 12, 10, 12, 12, 14)
        return Table(self._told("sheet_ways"), header, tuple(rows), wide)

    def ranking(self, ranking: UnitRanking) -> Table:
        """All units of the kind: the ranked ones first, then those with too few ratings."""
        kind = self._told(f"kind_{ranking.kind}")
        rows: list[tuple[Cell, ...]] = [
            (
                row.rank,
                row.to,
                row.unit,
                _share(row.rate.share),
                _share(row.rate.low, "low"),
                _share(row.rate.high, "high"),
                row.rate.n,
                _share(row.before.share),
                self._moved(row.before, row.rate),
            )
            for row in ranking.rows
        ]
        unranked, withheld = self._told("unranked"), self._told("withheld_short")
        rows += [
            (
                *(None, None, each.unit, None, None, None, each.n, None),
                withheld if each.n is None else unranked,
            )
            for each in ranking.too_few
        ]
        columns = ("rank", "to", "unit", "share", "low", "high", "n", "before", "change")
        wide = (8, 16, 34, 10, 12, 12, 10, 14, 14)
        return Table(
            self._told("sheet_ranking", kind=kind), self._header(*columns), tuple(rows), wide
        )

    def trend(self) -> Table:
        rows = tuple(
            (
                each.first,
                _share(each.rate.share),
                _share(each.rate.low, "low"),
                _share(each.rate.high, "high"),
                each.rate.n,
                self._why_none(each.rate),
            )
            for each in self._bulletin.trend.points
        )
        header = self._header("from", "share", "low", "high", "n", "remark")
        return Table(self._told("sheet_trend"), header, rows, (14, 12, 12, 12, 10, 16))

    def notes(self) -> list[str]:
        """What the figures mean, a sentence each."""
        keys = ("silence", "ways", "interval", "minimum", "shared", "trend", "states")
        return [self._told(f"note_{key}", minimum=str(self._bulletin.minimum)) for key in keys]

    def _response(self) -> list[tuple[Cell, ...]]:
        found = self._bulletin.response
        if found is None:
            return []
        return [
            self._count("item_events", found.events),
            self._count("item_chosen", found.chosen),
            self._count("item_sent", found.sent),
            self._portion("item_delivered", Portion(found.delivered, found.sent)),
            self._portion("item_answered", Portion(found.answered, found.delivered)),
        ]

    def _aspects(self) -> list[tuple[Cell, ...]]:
        return [
            (
                self._told(f"aspect_{each.name}"),
                None if each.value is None else round(each.value, 2),
                each.n,
                None,
                None,
                self._told("withheld_short") if each.value is None else None,
            )
            for each in self._bulletin.work.aspects
        ]

    def _rate(self, key: str, rate: Rate) -> tuple[Cell, ...]:
        ends = (_share(rate.low, "low"), _share(rate.high, "high"))
        return (self._told(key), _share(rate.share), rate.n, *ends, self._why_none(rate))

    def _before(self) -> tuple[Cell, ...]:
        """The period before, with its days where they are known."""
        name, *cells = self._rate("item_before", self._bulletin.before)
        if self._bulletin.before_span is None:
            return (name, *cells)
        days = before_name(self._bulletin, self._say, self._language)
        gap = ("（", "）") if self._language == "zh" else (" (", ")")
        return (f"{name}{gap[0]}{days}{gap[1]}", *cells)

    def _count(self, key: str, count: int) -> tuple[Cell, ...]:
        return (self._told(key), count, None, None, None, None)

    def _portion(self, key: str, part: Portion) -> tuple[Cell, ...]:
        ends = wilson(part.count, part.n) if part.n >= max(1, self._bulletin.minimum) else None
        share = Share(part.count / part.n) if ends else None
        told = f"{part.count:,}/{part.n:,}" if part.n else None
        low, high = ends or (None, None)
        return (self._told(key), share, part.n, _share(low, "low"), _share(high, "high"), told)

    def _why_none(self, rate: Rate) -> str | None:
        """Why there is no share; None where there is one."""
        if rate.n is None:
            return self._told("withheld_short")
        if rate.share is not None:
            return None
        return self._told("few_short" if rate.n else "nobody_short")

    def _moved(self, before: Rate, now: Rate) -> str | None:
        if before.share is None or now.share is None:
            return None
        moved = differs(before, now)
        return self._told(
            "same_short" if moved is None else "rose_short" if moved else "fell_short"
        )

    def _header(self, *names: str) -> tuple[str, ...]:
        return tuple(self._told(f"col_{name}") for name in names)

    def _told(self, key: str, **params: str) -> str:
        return self._say(f"bulletin_{key}", self._language, **params)


def _share(value: float | None, end: Literal["", "low", "high"] = "") -> Share | None:
    return None if value is None else Share(value, end)
