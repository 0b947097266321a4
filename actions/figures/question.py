"""What a supervisor asks: which figure, of which unit, over which period, seen how. Pure.

`read_question` (actions/figures/words.py) makes one of what was said; what was not said is None or
"", and is taken from the question before when it is a follow-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from actions.reports.periods import Period


class View(StrEnum):
    STATS = "stats"  # the figures of a unit
    RANK = "rank"  # its units beside each other
    TREND = "trend"  # the same over time
    HOURS = "hours"  # hour by weekday
    OVERDUE = "overdue"  # the cases themselves
    TOPICS = "topics"
    OFFICER = "officer"  # an officer's record
    REPORT = "report"  # the bulletin


class Figure(StrEnum):
    """What docs/figures.md defines."""

    SATISFACTION = "satisfaction"
    RESPONSE = "response"
    CLOSURE = "closure"
    ON_TIME = "on_time"
    CALLBACKS = "callbacks"
    TURNED_ROUND = "turned_round"
    SENT_BACK = "sent_back"
    REOPENED = "reopened"
    DISPUTED = "disputed"  # the unit says solved, the citizen says not
    ASPECTS = "aspects"


class Against(StrEnum):
    BEFORE = "before"  # the period of the same length before: 环比
    YEAR_AGO = "year_ago"  # the same days a year before: 同比, 去年同期


@dataclass(frozen=True, slots=True)
class Question:
    view: View | None = None
    figure: Figure | None = None  # None: the usual ones of the view
    period: Period | None = None
    unit: str = ""  # the words that name it; for OFFICER whose record it is
    against: Against | Period | None = None
    kind: str = ""  # of the units compared, as the tree has them: station, county, desk, car, …
    worst_first: bool = False
    own: bool = False  # the asker's own unit was named: 我们所, 全局

    def after(self, before: Question) -> Question:
        """This question with what it leaves open taken from the one before.

        One of those that stood in a ranking (那南站所呢) is asked for by itself. What was compared
        with stays until a period is named.
        """
        view = self.view or before.view
        if before.view is View.RANK and self.view is None and _one_of(self.unit, before.kind):
            view = View.STATS
        ranked_again = view is before.view is View.RANK
        return replace(
            self,
            view=view,
            figure=self.figure or before.figure,
            period=self.period or before.period,
            unit=self.unit if self.unit or self.own else before.unit,
            against=self.against or (None if self.period else before.against),
            kind=self.kind or (before.kind if ranked_again else ""),
            worst_first=self.worst_first or (ranked_again and before.worst_first),
            own=self.own or (not self.unit and before.own),
        )

    def plain(self) -> dict[str, Any]:
        """As JSON has it; `from_plain` reads it."""
        against = self.against
        return {
            "view": self.view,
            "figure": self.figure,
            "period": _plain(self.period) if self.period else None,
            "unit": self.unit,
            "against": _plain(against) if isinstance(against, Period) else against,
            "kind": self.kind,
            "worst_first": self.worst_first,
            "own": self.own,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Question:
        against = plain["against"]
        return cls(
            View(plain["view"]) if plain["view"] else None,
            Figure(plain["figure"]) if plain["figure"] else None,
            _period(plain["period"]) if plain["period"] else None,
            plain["unit"],
            _period(against) if isinstance(against, Mapping) else against and Against(against),
            plain["kind"],
            plain["worst_first"],
            plain.get("own", False),
        )


_ENDINGS = {
    "station": ("所", "大队", "中队", "station"),
    "county": ("局", "县", "区", "bureau", "county"),
    "desk": ("窗口", "窗", "台", "window", "counter", "desk"),
    "car": ("车", "car"),
    "community": ("社区", "警务室", "community"),
}


def _one_of(unit: str, kind: str) -> bool:
    """Whether the words name a unit of that kind; of any kind, where none is given."""
    endings = _ENDINGS.get(kind) or tuple(end for each in _ENDINGS.values() for end in each)
    return unit.endswith(endings)


def _plain(period: Period) -> dict[str, str]:
    return {
        "label": period.label,
        "label_en": period.label_en,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
    }


def _period(plain: Mapping[str, str]) -> Period:
    start, end = (datetime.fromisoformat(plain[name]) for name in ("start", "end"))
    return Period(plain["label"], start, end, plain["label_en"])
