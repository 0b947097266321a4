"""A bulletin as the text of a chat: what a chief reads in ten seconds. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from actions.bulletins.content import (
    Bulletin,
    NotSent,
    Portion,
    Rate,
    UnitRanking,
    WayRate,
    differs,
)
from actions.bulletins.drawings import Say, as_of
from actions.bulletins.kinds import BulletinKind
from actions.charts.drawing import Language
from actions.figures.compared import period_of
from actions.reports.intervals import percent, percent_range

_NAMED = 3  # units that a line names
NOTHING = NotSent()
MOST_LINES = 5  # of what changed and what citizens spoke of; files have all
_CHANNELS = frozenset({"wechat", "web", "sms", "telegram", "wecom", "console", "desk"})
_WAYS = frozenset(
    {"scan", "typed", "invited", "invited_by_officer", "hotline", "walk_in", "door_visit", "voice"}
)


def chat_text(bulletin: Bulletin, say: Say, language: Language, not_sent: NotSent = NOTHING) -> str:
    """The text; `not_sent` is told, so that what did not go out is seen."""
    lines = [head(bulletin, say, language), *summary_lines(bulletin, say, language)]
    if bulletin.kind is BulletinKind.QUARTERLY:
        lines += _first(change_lines(bulletin, say, language), say, language)
    if bulletin.kind in (BulletinKind.MONTHLY, BulletinKind.QUARTERLY):
        lines += _first(topic_lines(bulletin, say, language), say, language)
    if not_sent.failed:
        lines.append(say("bulletin_not_sent", language, count=str(not_sent.failed)))
    if not_sent.no_chat:
        lines.append(say("bulletin_no_chat", language, count=str(not_sent.no_chat)))
    lines += [say("bulletin_footer", language, as_of=as_of(bulletin), number=bulletin.number)]
    return "\n".join([*lines, formula_line(bulletin, say, language)])


def summary_lines(bulletin: Bulletin, say: Say, language: Language) -> list[str]:
    """Satisfaction, ways, response, cases, work and who is ahead and behind."""
    lines = [
        rate_line(bulletin.rate, bulletin.minimum, say, language),
        *_compared(bulletin, say, language),
        *_ways(bulletin.ways, say, language),
        *_response(bulletin, say, language),
        _cases(bulletin, say, language),
    ]
    if bulletin.kind is not BulletinKind.DAILY:
        lines.append(_work(bulletin, say, language))
    return lines + [_ranked(each, bulletin.minimum, say, language) for each in bulletin.rankings]


def head(bulletin: Bulletin, say: Say, language: Language) -> str:
    """Unit, kind and period."""
    return say(
        "bulletin_head",
        language,
        unit=bulletin.unit,
        kind=say(f"bulletin_{bulletin.kind}", language),
        period=bulletin.period if language == "zh" else bulletin.period_en or bulletin.period,
    )


def formula_line(bulletin: Bulletin, say: Say, language: Language) -> str:
    formula = bulletin.formula
    label = formula.label if language == "zh" else formula.label_en
    return say("bulletin_formula", language, formula=label, version=str(formula.version))


def rate_line(rate: Rate, minimum: int, say: Say, language: Language) -> str:
    """The satisfaction with its interval, or why there is none."""
    if rate.n is None:
        return say("bulletin_rate_withheld", language)
    if rate.n == 0:
        return say("bulletin_rate_nobody", language)
    told = {"n": f"{rate.n:,}", "minimum": str(minimum)}
    if rate.share is None or rate.low is None or rate.high is None:
        return say("bulletin_rate_few", language, **told)
    span = percent_range(rate.low, rate.high)
    return say("bulletin_rate", language, share=percent(rate.share), span=span, **told)


def short_rate(rate: Rate, say: Say, language: Language) -> str:
    """The same in a word or two: for a line of several."""
    if rate.n is None:
        return say("bulletin_way_withheld", language)
    n = f"{rate.n:,}"
    if rate.share is None:
        return say("bulletin_way_n" if rate.n else "bulletin_nobody_short", language, n=n)
    return say("bulletin_way_short", language, share=percent(rate.share), n=n)


def change_lines(bulletin: Bulletin, say: Say, language: Language) -> list[str]:
    """What changed beyond error, a line for each unit; or that nothing did."""
    if not bulletin.changes:
        return [say("bulletin_no_changes", language)]
    return [
        say("bulletin_changes", language),
        *(
            say(
                "bulletin_change_rose" if each.rose else "bulletin_change_fell",
                language,
                unit=each.unit,
                before=percent(each.before.share or 0),
                now=percent(each.now.share or 0),
            )
            for each in bulletin.changes
        ),
    ]


def topic_lines(bulletin: Bulletin, say: Say, language: Language) -> list[str]:
    """What citizens spoke of; no lines where nobody looks for topics."""
    if not bulletin.topics:
        return []
    lines = [say("bulletin_topic", language, line=line) for line in bulletin.topics]
    return [say("bulletin_topics", language), *lines]


def way_name(way: WayRate, say: Say, language: Language) -> tuple[str, str]:
    """Channel and way in words."""
    channel = way.channel if way.channel in _CHANNELS else "other"
    how = way.way if way.way in _WAYS else "other"
    return say(f"bulletin_channel_{channel}", language), say(f"bulletin_way_{how}", language)


def portion(part: Portion, say: Say, language: Language) -> str:
    return say("bulletin_of", language, count=f"{part.count:,}", n=f"{part.n:,}")


def _first(lines: list[str], say: Say, language: Language) -> list[str]:
    """A heading and the first lines below it, with how many there are in all."""
    most = 1 + MOST_LINES
    if len(lines) <= most:
        return lines
    return [*lines[:most], say("bulletin_more_lines", language, count=str(len(lines) - most))]


def _compared(bulletin: Bulletin, say: Say, language: Language) -> Iterable[str]:
    if bulletin.rate.share is None:
        return
    if bulletin.before.share is None:
        yield say("bulletin_no_before", language)
        return
    moved = differs(bulletin.before, bulletin.rate)
    key = "bulletin_same" if moved is None else "bulletin_rose" if moved else "bulletin_fell"
    yield say(
        key,
        language,
        before=before_name(bulletin, say, language),
        share=percent(bulletin.before.share),
    )


def before_name(bulletin: Bulletin, say: Say, language: Language) -> str:
    """The days that the period is set beside; a word for them in bulletins that do not know them."""
    if bulletin.before_span is None:
        return say("bulletin_before_unnamed", language)
    named = period_of(bulletin.before_span.first, bulletin.before_span.end)
    return named.label if language == "zh" else named.label_en


def _ways(ways: tuple[WayRate, ...], say: Say, language: Language) -> Iterable[str]:
    if not ways:
        return
    if len(ways) > 1:
        yield say("bulletin_ways_said", language)
    for each in ways:
        channel, way = way_name(each, say, language)
        rate = short_rate(each.rate, say, language)
        # A sentence's trailing space is cut where it is said: the comma before the way needs it.
        gap = " " if channel.endswith(",") else ""
        yield say("bulletin_way", language, channel=f"{channel}{gap}", way=way, rate=rate)


def _response(bulletin: Bulletin, say: Say, language: Language) -> Iterable[str]:
    found = bulletin.response
    if found is None:
        return
    told = {name: f"{getattr(found, name):,}" for name in ("sent", "delivered", "answered")}
    if not found.delivered:
        yield say(
            "bulletin_response_none" if found.sent else "bulletin_nothing_sent", language, **told
        )
        return
    share = percent(found.answered, found.delivered)
    yield say("bulletin_response", language, share=share, **told)


def _cases(bulletin: Bulletin, say: Say, language: Language) -> str:
    names = ("opened", "closed", "open_now", "overdue")
    told = {name: f"{getattr(bulletin.cases, name):,}" for name in names}
    return say("bulletin_cases", language, **told)


def _work(bulletin: Bulletin, say: Say, language: Language) -> str:
    """How the work went; a share of nothing is left out, it would read like a bad one."""
    work = bulletin.work
    shares = {
        "on_time": work.on_time,
        "turned_round": work.turned_round,
        "disputed": work.disputed,
    }
    told = {name: portion(part, say, language) for name, part in shares.items() if part.n}
    told |= {"sent_back": f"{work.sent_back:,}", "reopened": f"{work.reopened:,}"}
    comma = "，" if language == "zh" else ", "
    return comma.join(say(f"bulletin_work_{name}", language, count=n) for name, n in told.items())


def _ranked(ranking: UnitRanking, minimum: int, say: Say, language: Language) -> str:
    """Who is ahead and, where that is certain, who is behind."""
    kind = say(f"bulletin_kind_{ranking.kind}", language)
    if not ranking.rows:
        return say("bulletin_none_ranked", language, kind=kind, minimum=str(minimum))
    if not ranking.certainly_last:
        return say("bulletin_no_last", language, kind=kind, count=str(len(ranking.rows)))
    worst = max(row.rank for row in ranking.rows)
    ahead = [row.unit for row in ranking.rows if row.rank == 1]
    behind = [row.unit for row in ranking.rows if row.rank == worst]
    first = say(
        "bulletin_first" if len(ahead) > 1 else "bulletin_first_one",
        language,
        kind=kind,
        count=str(len(ahead)),
        names=_names(ahead, say, language),
    )
    last = say("bulletin_last", language, kind=kind, names=_names(behind, say, language))
    return f"{first}\n{last}"


def _names(units: list[str], say: Say, language: Language) -> str:
    comma = "、" if language == "zh" else ", "
    shown = comma.join(units[:_NAMED])
    if len(units) <= _NAMED:
        return shown
    more = say("bulletin_and_more", language, count=str(len(units)))
    return f"{shown} {more}"
