"""A supervisor's question in plain words, or as a command, read into a Question. Pure.

    上个月桥西分局满意率多少   the figure, the period, the unit
    /rank 本月 窗口            a command: its view, then the same
    跟去年同期比呢             a further question: it keeps what the one before had

Pieces that are recognised are cut out, those that could be mistaken first: what it is compared
with, periods, figures, kinds of units, views. What is left names the unit (leftover.py).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from actions.errors import Refusal
from actions.figures import against_words, view_words, vocabulary
from actions.figures.leftover import BREAK, OWN, SHOWN, asking_stripped, read_leftover
from actions.figures.period_words import compare, cut_periods
from actions.figures.plain_words import folded, plain_words
from actions.figures.question import Against, Figure, Question, View
from actions.reports.periods import Period, read_period

_OF_BAD = frozenset({Figure.SENT_BACK, Figure.REOPENED, Figure.DISPUTED})


def read_question(text: str, now: datetime, before: Question | None = None) -> Question:
    """What the text asks for; what it leaves open comes from `before` where it goes on from it.

    It does when it says so (那 … 呢, 环比, 跟 … 比), says one thing only (桥西, 上个月), or names
    neither unit nor period; a command with a slash never does.

    Raises Refusal: two_figures, two_units, two_comparisons, three_periods, period_impossible,
    period_future, period_unpublished, part_of_day, kind_unknown, officers_not_ranked.
    """
    reading = _Reading(plain_words(text), now)
    found = reading.question(before)
    if before is None or folded(text).startswith("/"):
        return found
    return found.after(before) if reading.goes_on(found) else found


def without_asking(text: str) -> str:
    """Period and unit of a question for figures, as words: 今天桥西分局满意率多少 → 今天桥西分局."""
    reading = _Reading(plain_words(text), datetime.min.replace(tzinfo=UTC))
    reading.take_command()
    for named in vocabulary.FIGURES:
        reading.cut(named.pattern)
    reading.cut(view_words.VIEWS[-1][0])
    pieces = [asking_stripped(piece) for piece in reading.words.split(BREAK)]
    own = [OWN.sub("", piece, count=1) for piece in pieces]
    return " ".join(" ".join(own).split())


class _Reading:
    """The words of one question, from which pieces are cut."""

    def __init__(self, words: str, now: datetime) -> None:
        self.words = words
        self._all = words
        self._now = now
        self._turned = self._late = False
        self._command: View | None = None

    def cut(self, pattern: re.Pattern[str]) -> str | None:
        """Cuts out all that matches; the first of it, or None."""
        found = pattern.search(self.words)
        if found is None or not found.group().strip():
            return None
        self.words = pattern.sub(BREAK, self.words)
        return found.group().strip()

    def question(self, before: Question | None) -> Question:
        if vocabulary.PERSONS.search(self.words):
            raise Refusal("officers_not_ranked")
        self._command = self.take_command()
        against = self._against()
        self.words, periods = cut_periods(self.words, self._now)
        figure = self._figure()
        kind = self._compared_kind()
        view, worst, ranked = self._view(kind)
        left = read_leftover(self.words, ranked=ranked)
        if left.named_kind:
            kind = left.kind if kind is None else kind
            view = View.RANK if view in (None, View.STATS) else view
        if ranked and view is View.RANK and self._late and figure is None:
            figure = Figure.ON_TIME
        period, compared_with = compare(
            periods, against, self._now, kept=before.period if before else None
        )
        if view_words.HALF_DAY.search(left.unit) and view is not View.HOURS:
            raise Refusal("part_of_day")
        return Question(
            view=view,
            figure=figure,
            period=period or self._bulletins_period(view),
            unit=left.unit,
            against=compared_with,
            kind=kind or "",
            worst_first=worst,
            own=left.own,
        )

    def goes_on(self, found: Question) -> bool:
        """Whether it goes on from the question before: it says so, or says one thing only."""
        if view_words.FURTHER.search(self._all):
            return True
        whose = bool(found.unit or found.own)
        view = found.view not in (None, View.STATS)
        said = [whose, found.period, found.figure, view, found.kind, found.against]
        if self._command is not None:  # 统计 本月 says all; 趋势 alone is of what was asked
            return sum(map(bool, said)) == (1 if view else 0)
        alone = sum(map(bool, said)) == 1
        return alone or not (whose or found.period)

    def take_command(self) -> View | None:
        """The view of the command that the words begin with, cut off."""
        for pattern, view in view_words.COMMANDS:
            found = pattern.match(self.words)
            if found is not None:
                self.words = self.words[found.end() :]
                return view
        self.words = self.words.removeprefix("/")
        return None

    def _against(self) -> Against | None:
        said = {}
        for pattern, against in against_words.AGAINST:
            if words := self.cut(pattern):
                said[against] = words
        if len(said) > 1:
            first, second = said.values()
            raise Refusal("two_comparisons", first=first[:SHOWN], second=second[:SHOWN])
        return next(iter(said), None)

    def _figure(self) -> Figure | None:
        """The figure that is named. Refuses two different ones."""
        said: dict[Figure, str] = {}
        while True:
            matches = [
                (found.start(), -found.end(), index)
                for index, named in enumerate(vocabulary.FIGURES)
                if (found := named.pattern.search(self.words)) is not None
            ]
            if not matches:
                break
            start, end, index = min(matches)
            named = vocabulary.FIGURES[index]
            said.setdefault(named.figure, self.words[start:-end].strip())
            self._turned = self._turned or named.turned
            self.words = f"{self.words[:start]}{BREAK}{self.words[-end:]}"
        if len(said) > 1:
            first, second, *_ = said.values()
            raise Refusal("two_figures", first=first[:SHOWN], second=second[:SHOWN])
        return next(iter(said), None)

    def _compared_kind(self) -> str | None:
        """The kind of units that are compared: 各所, 哪个窗口; None when none is named."""
        for pattern, kind in vocabulary.COMPARED_UNITS:
            if self.cut(pattern):
                return kind
        unknown = vocabulary.UNKNOWN_KIND.search(self.words)
        if unknown and not view_words.WHEN.search(self.words):
            raise Refusal("kind_unknown", text=unknown["what"][:SHOWN])
        return None

    def _view(self, kind: str | None) -> tuple[View | None, bool, bool]:
        """The view, whether the worst come first, and whether units are compared."""
        worst, extreme = self._extreme(kind)
        said = [view for pattern, view in view_words.VIEWS if self.cut(pattern)]
        self._late = View.OVERDUE in said or self._command is View.OVERDUE
        ranked = extreme or View.RANK in said or self._command is View.RANK
        if self._command is not None and not (extreme and self._command is View.STATS):
            return self._command, worst, ranked
        alone = kind is not None and not set(said) - {View.STATS, View.RANK}
        if extreme or alone:
            return View.RANK, worst, True
        return (said[0] if said else None), worst, ranked

    def _extreme(self, kind: str | None) -> tuple[bool, bool]:
        """Whether the worst come first, and whether an end of the ranking is asked for at all."""
        if view_words.WHEN.search(self.words):
            self.words = view_words.HIGH.sub(BREAK, view_words.LOW.sub(BREAK, self.words))
            return False, False
        if kind is None and view_words.WHAT.search(self.words):
            return False, False
        bad = self._turned or view_words.MANY_BAD.search(self.words) is not None
        bad = bad or re.search("超期|逾期|不满意|投诉|差评|overdue|late", self.words) is not None
        last, first = self.cut(view_words.LAST), self.cut(view_words.FIRST)
        high, low = self.cut(view_words.HIGH), self.cut(view_words.LOW)
        worst = bool(last or (high and bad) or (low and not bad))
        return worst, bool(last or first or high or low)

    def _bulletins_period(self, view: View | None) -> Period | None:
        """The last whole day, week, month …, of which the bulletin is when none is said."""
        if view is not View.REPORT:
            return None
        for pattern, name in view_words.BULLETINS:
            if pattern.search(self._all):
                return read_period(name, self._now)
        return None
