"""Small cells: no figure may tell how fewer than five citizens rated, by itself or by taking one
figure from another. Pure. Days are Beijing's, spans half-open.

A figure is of a unit over a span of days. Whoever asks for two spans that overlap can subtract
them; so spans may begin and end on certain days only, so chosen that between any two of them lie no
ratings or at least FEW (`cuts`). A span that was asked for is drawn in to such days (`drawn_in`).

- Within a month a cut comes after every FEW ratings, counted from its first day (and wherever none
  lie between): later ratings do not move it. Before the month's end FEW must follow, or (while the
  month runs) be as good as certain.
- Months are whole for everybody; one with 1 to 4 ratings is no edge of a span.
- Today's ratings count in spans that end later once the day is over. Of today alone is shown what
  has FEW or more behind it, in steps of FEW (`shown_of_today`).

Ways in (channel and way) within a span: `ways_shown`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import takewhile

FEW = 5
CERTAIN = 20  # so many expected: then fewer than FEW come once in fifty thousand (Poisson)
CITIZENS_COUNTED = 50  # from so many ratings on they are not all of one to four citizens

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    end: date


@lru_cache(maxsize=1024)
def month_of(day: date) -> Span:
    first = day.replace(day=1)
    return Span(first, date(first.year + first.month // 12, first.month % 12 + 1, 1))


def cuts(by_day: Mapping[date, int], month: date, today: date) -> frozenset[date]:
    """The days of the month (given by its first), that day not among them, on which a span may
    begin or end; `by_day` has the ratings of the whole month so far, today's included.
    """
    last = month_of(month).end
    total = sum([n for day, n in by_day.items() if month <= day < last])
    found, since, before, open_ = [], 0, 0, True
    day, until, ended = month, min(last - _DAY, today), last <= today
    while day < until:
        given = by_day.get(day, 0)
        since, before = since + given, before + given
        day += _DAY
        if since >= FEW:
            since, open_ = 0, _enough_follow(total - before, before, day, month, today)
        if (open_ and not since) or (ended and before == total):
            found.append(day)
    return frozenset(found)


def last_cut(by_day: Mapping[date, int], month: date, today: date, latest: date) -> date | None:
    """The last of the month's cuts up to `latest`. Where the day before it has FEW ratings of its own
    and enough follow, it is `latest` itself: so it is nearly always, and for hundreds of units.
    """
    last = month_of(month).end
    if month < latest <= min(last - _DAY, today) and by_day.get(latest - _DAY, 0) >= FEW:
        before = after = 0
        for day, n in by_day.items():
            if month <= day < latest:
                before += n
            elif latest <= day < last:
                after += n
        if _enough_follow(after, before, latest, month, today):
            return latest
    return max((day for day in cuts(by_day, month, today) if day <= latest), default=None)


def _enough_follow(after: int, before: int, day: date, month: date, today: date) -> bool:
    """Whether FEW ratings follow `day` before the month ends, for certain or as good as; `before`
    of the month came before it, `after` from it on until now.
    """
    if after >= FEW:
        return True
    now = max(day, today)
    left = max(0, (month_of(month).end - now).days)
    expected = (before + after) / (now - month).days * left
    return after + expected >= CERTAIN


def drawn_in(
    asked: Span, by_day: Mapping[date, int], by_month: Mapping[date, int], today: date
) -> Span | None:
    """The largest span within the one asked that begins and ends where it may; None: there is none.

    `by_day`: the ratings of the whole months that `asked` cuts or that still run; `by_month`: of
    the others within it, by their first day.
    """
    first = _begin(asked, by_day, by_month, today)
    end = _end(asked, by_day, by_month, today)
    return Span(first, end) if first < end else None


def _begin(
    asked: Span, by_day: Mapping[date, int], by_month: Mapping[date, int], today: date
) -> date:
    first = asked.first
    if first.day != 1:
        month = month_of(first)
        open_ = [day for day in cuts(by_day, month.first, today) if day >= first]
        first = min(open_, default=month.end)
        if first < month.end:
            return first
    while first < asked.end and 0 < by_month.get(first, 0) < FEW:
        first = month_of(first).end
    return first


def _end(
    asked: Span, by_day: Mapping[date, int], by_month: Mapping[date, int], today: date
) -> date:
    end = min(asked.end, today + _DAY)
    running = today < month_of(end - _DAY).end
    if end.day != 1 or running:
        month, latest = month_of(end - _DAY), min(end, today)
        end = last_cut(by_day, month.first, today, latest) or month.first
        if end > month.first:
            return end
    while end > asked.first and 0 < by_month.get(month_of(end - _DAY).first, 0) < FEW:
        end = month_of(end - _DAY).first
    return end


def rest_of_month(after: int, before: int, day: date, today: date) -> int:
    """The ratings from `day` to the end of its month: `after` so far; FEW where so many are as good
    as certain to come.
    """
    month = month_of(day).first
    return max(after, FEW) if _enough_follow(after, before, day, month, today) else after


def ways_shown[Way: Hashable](
    inside: Mapping[Way, int], beside: Mapping[Way, tuple[int, ...]]
) -> frozenset[Way]:
    """The ways whose grades may stand by themselves. `beside` has the ratings of each in the rest of
    the months that the span cuts: they too are none or FEW, or they could be had by subtraction.
    What is left over is none or FEW as well.
    """
    shown = {
        way
        for way, n in inside.items()
        if n >= FEW and not any(0 < rest < FEW for rest in beside.get(way, ()))
    }
    for way in sorted(shown, key=lambda way: (inside[way], str(way))):
        left = sum(n for each, n in inside.items() if each not in shown)
        if not 0 < left < FEW:
            break
        shown.discard(way)
    return frozenset(shown)


def shown_of_today(n: int) -> int:
    """How many of a day's `n` ratings, in the order in which they came, are shown while it lasts:
    a multiple of FEW, with FEW or more behind it.
    """
    return max(0, (n - FEW) // FEW * FEW)


def months_between(first: date, end: date) -> list[date]:
    """The first days of the months that the span touches."""
    day, found = first.replace(day=1), []
    while day < end:
        found.append(day)
        day = month_of(day).end
    return found


def open_days(months: list[date], by_day: Mapping[date, int], today: date) -> frozenset[date]:
    """All days on which a span within these months may begin or end, the months' own ends too."""
    ended = takewhile(lambda month: month_of(month).end <= today, months)
    edges = {day for month in ended for day in (month, month_of(month).end)}
    firsts = set(months)
    return frozenset(edges | firsts).union(*(cuts(by_day, month, today) for month in months))
