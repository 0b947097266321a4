"""The periods of a question: which is asked for, and which it is compared with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.errors import Refusal
from actions.figures import against_words
from actions.figures.leftover import BREAK, SHOWN
from actions.figures.question import Against
from actions.reports.periods import Period, periods_in, read_period

_WHOLE_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Named:
    """A period and its words; `compared`: something is compared with it (比上个月)."""

    period: Period
    words: str
    compared: bool


def cut_periods(words: str, now: datetime) -> tuple[str, list[Named]]:
    """The words with each period cut out, and the periods, each once.

    Raises Refusal period_impossible, period_future or period_unpublished for what is written like
    a period and has no figures.
    """
    found: list[Named] = []
    end, pieces = 0, []
    for said in periods_in(words, now):
        name, before, behind = words[said.start : said.end], words[end : said.start], said.end
        if said.period is None:
            raise Refusal(said.refusal, text=name.strip()[:SHOWN])
        than = against_words.COMPARES.search(before)
        joint = against_words.WITH.search(before)
        compared = against_words.COMPARED.match(words, behind)
        is_compared = bool(than or (joint and compared))
        cut = than or (joint if found or is_compared else None)
        if all(said.period != other.period for other in found):
            found.append(Named(said.period, name.strip(), is_compared))
        pieces.append(before[: cut.start()] if cut else before)
        end = compared.end() if compared and is_compared else behind
    return BREAK.join([*pieces, words[end:]]), found


def compare(
    found: list[Named], against: Against | None, now: datetime, *, kept: Period | None
) -> tuple[Period | None, Against | Period | None]:
    """The period that is asked for, and with what it is compared; of two the first is asked for.

    `kept` is that of the question before. Compared with 上个月 alone, this month is asked for.
    Raises Refusal three_periods.
    """
    asked = [each for each in found if not each.compared]
    others = [each for each in found if each.compared]
    asked, others = asked[:1], [*asked[1:], *others]
    if len(others) > 1 or (others and against is not None):
        raise Refusal("three_periods")
    period = asked[0].period if asked else None
    if not others:
        return period, against
    other = others[0]
    whole_year = period is not None and period.end - period.start >= _WHOLE_YEAR
    if against_words.LAST_YEAR.fullmatch(other.words) and not whole_year:
        return period, Against.YEAR_AGO
    return period or (None if kept else _counterpart(other.words, now)), other.period


def _counterpart(words: str, now: datetime) -> Period | None:
    for pattern, present in against_words.COUNTERPARTS:
        if pattern.fullmatch(words):
            return read_period(present, now)
    return None
