"""A unit's figures in words: every rate with its n and interval, ways side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from actions.conversation.talk import Talk
from actions.figures.answers import CameBy, Compared, Rates, Response, Satisfaction, StatsAnswer
from actions.figures.compared import days_in
from actions.figures.disclosure import Span
from actions.reports.intervals import Counts, percent, percent_range, wilson
from actions.reports.periods import Period

_DAY = timedelta(days=1)


def say_stats(talk: Talk, answer: StatsAnswer, end: str) -> str:
    """The whole answer."""
    here, rates = answer.satisfaction, answer.rates
    return talk.wording(
        "stats",
        unit=answer.unit.label,
        period=period_name(talk, answer.period),
        given=_given(talk, here),
        rate=_lines(_rate(talk, here, rates, answer.period)),
        ways=_lines(_ways(talk, here, rates)),
        compared=_lines(_compared(talk, here, answer.compared, rates)),
        response=_lines(_response(talk, answer.response)),
        opened=f"{answer.opened:,}",
        closed=f"{answer.closed:,}",
        open_now=f"{answer.open_now:,}",
        end=end,
    )


def period_name(talk: Talk, period: Period) -> str:
    return period.label_en if talk.language == "en" and period.label_en else period.label


def rate_parts(counts: Counts, rates: Rates) -> dict[str, str]:
    """Share, interval and n, as sentences have them; only for counts that have a rate."""
    share, interval = rates.formula.satisfaction(counts), rates.formula.interval(counts)
    if share is None or interval is None:
        raise ValueError("no rate without ratings")
    return {
        "share": percent(share),
        "span": percent_range(*interval),
        "count": f"{counts.total:,}",
    }


def formula_label(talk: Talk, rates: Rates) -> str:
    return rates.formula.label_en if talk.language == "en" else rates.formula.label


def formula_line(talk: Talk, rates: Rates) -> str:
    label = formula_label(talk, rates)
    return talk.wording("part_formula", formula=label, version=rates.formula.version)


def share_of(count: int, n: int) -> dict[str, str]:
    """The same of a count of n, n above 0."""
    interval = wilson(count, n)
    if interval is None:
        raise ValueError("no share of nothing")
    return {
        "share": percent(count, n),
        "span": percent_range(*interval),
        "count": f"{count:,}",
        "n": f"{n:,}",
    }


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _given(talk: Talk, here: Satisfaction) -> str:
    if not here.given:
        return talk.wording("part_given_none")
    return talk.wording("part_given", count=f"{here.given:,}")


def _rate(talk: Talk, here: Satisfaction, rates: Rates, period: Period) -> list[str]:
    if not here.given:
        return []
    if here.span is None:
        return [talk.wording("part_hidden")]
    counts = here.counts
    grades = talk.wording(
        "part_grades",
        satisfied=f"{counts.satisfied:,}",
        basically=f"{counts.basically:,}",
        unsatisfied=f"{counts.unsatisfied:,}",
    )
    found = [grades, *_narrower(talk, here, here.span, period)]
    if rates.share(counts) is None:
        return [talk.wording("part_few", minimum=rates.minimum), *found]
    return [
        talk.wording("part_rate", **rate_parts(counts, rates)),
        *found,
        formula_line(talk, rates),
    ]


def _narrower(talk: Talk, here: Satisfaction, span: Span, period: Period) -> list[str]:
    """Which part of what was asked the grades are of, where they are not of all."""
    count = here.counts.total
    if count == here.given:
        return []
    first, end = days_in(period)
    if (span.first, span.end) == (first, end) and end - first == _DAY:
        return [talk.wording("part_of_today", count=f"{count:,}")]
    return [
        talk.wording(
            "part_drawn_in",
            first=_day(span.first),
            last=_day(span.end - _DAY),
            count=f"{count:,}",
        )
    ]


def _day(day: date) -> str:
    return f"{day:%m-%d}"


def _ways(talk: Talk, here: Satisfaction, rates: Rates) -> list[str]:
    """One line a way, the commonest first; several are never pooled without a word."""
    if here.span is None:
        return []
    ordered: list[tuple[CameBy, Counts]] = sorted(
        here.by_way.items(), key=lambda pair: (-pair[1].total, pair[0])
    )
    lines = [_way(talk, came, counts, rates) for came, counts in ordered]
    rest = here.counts.total - sum(counts.total for counts in here.by_way.values())
    if rest:
        lines.append(talk.wording("part_ways_rest", count=f"{rest:,}"))
    return [*lines, talk.wording("part_not_pooled")] if len(lines) > 1 else lines


def _way(talk: Talk, came: CameBy, counts: Counts, rates: Rates) -> str:
    told: Mapping[str, str] = {
        "channel": channel_name(talk, came[0]),
        "way": way_name(talk, came[1]),
    }
    if rates.share(counts) is None:
        return talk.wording("part_way_few", count=f"{counts.total:,}", **told)
    return talk.wording("part_way", **rate_parts(counts, rates), **told)


def channel_name(talk: Talk, channel: str) -> str:
    key = f"part_channel_{channel}"
    return talk.wording(key if talk.knows(key) else "part_channel_other").strip()


def way_name(talk: Talk, way: str) -> str:
    return talk.wording(f"part_way_{way}")


def _compared(talk: Talk, here: Satisfaction, compared: Compared | None, rates: Rates) -> list[str]:
    """The change in percentage points against the other period."""
    if compared is None or rates.share(here.counts) is None or here.span is None:
        return []
    named = period_name(talk, compared.period)
    there = compared.satisfaction
    if there.span is None or rates.share(there.counts) is None:
        return [talk.wording("part_compared_none", period=named)]
    return [
        talk.wording(
            "part_compared",
            period=named,
            share=percent(rates.formula.satisfaction(there.counts) or Fraction(0)),
            change=change_in_points(here.counts, there.counts, rates),
            beyond=talk.wording("part_beyond" if compared.beyond else "part_within"),
        )
    ]


def change_in_points(now: Counts, then: Counts, rates: Rates) -> str:
    """+0.3 or −1.2: of the exact shares, rounded half away from zero; "0.0" for hardly any."""
    here, there = rates.formula.satisfaction(now), rates.formula.satisfaction(then)
    if here is None or there is None:
        raise ValueError("no change without two rates")
    difference = (here - there) * 100
    tenths = int(abs(difference) * 10 + Fraction(1, 2))
    sign = "+" if difference > 0 else "−"
    return f"{sign if tenths else ''}{tenths // 10}.{tenths % 10}"


def _response(talk: Talk, response: Response | None) -> list[str]:
    if response is None:
        return []
    delivered = response.delivered
    return [
        talk.wording(
            "part_response",
            invited=f"{response.invited:,}",
            delivered=f"{delivered:,}",
            answered=f"{response.answered:,}",
            share=percent(response.answered, delivered) if delivered else "—",
            of_sent=percent(response.answered, response.invited),
        )
    ]
