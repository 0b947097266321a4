"""The pictures of a bulletin, as drawings that actions/charts draws. Pure."""

from __future__ import annotations

from collections.abc import Callable

from actions.bulletins.content import Bulletin, Rate, UnitRanking
from actions.bulletins.kinds import BulletinKind
from actions.bulletins.labels import step_label
from actions.charts.drawing import Dot, Drawing, Language, Line, Point, Ranked, TooFew, Trend
from actions.clock import beijing

type Say = Callable[..., str]  # (key, language, **params), as Wording.say


MARK = "bulletin:"  # what a picture of a bulletin is called by; see bot/drawings.py


def reference_of(bulletin: Bulletin, language: str) -> str:
    """What stands with a message instead of the picture: bulletin:B26-0007:zh."""
    return f"{MARK}{bulletin.number}:{language}"


def picture_of(bulletin: Bulletin, say: Say, language: Language) -> Drawing:
    """The one that goes with the text: a month's is its ranking, if there is one; else the trend."""
    if bulletin.kind is BulletinKind.MONTHLY and bulletin.rankings:
        return ranking_of(bulletin, bulletin.rankings[0], say, language)
    return trend_of(bulletin, say, language)


def trend_of(bulletin: Bulletin, say: Say, language: Language) -> Trend:
    trend = bulletin.trend
    points = tuple(_point(step_label(trend.step, each.first), each.rate) for each in trend.points)
    return Trend(
        title=say("bulletin_trend_title", language, unit=bulletin.unit),
        subtitle="\n".join(
            [say(f"bulletin_step_{trend.step}", language), _formula(bulletin, say, language)]
        ),
        footer=_footer(bulletin, say, language),
        lines=(Line(say("bulletin_all_ways", language), points),),
        language=language,
    )


def ranking_of(bulletin: Bulletin, ranking: UnitRanking, say: Say, language: Language) -> Ranked:
    dots = tuple(
        Dot(row.unit, row.rate.share, row.rate.low, row.rate.high, row.rate.n, row.rank, row.to)
        for row in ranking.rows
        if row.rate.share is not None
        and row.rate.low is not None
        and row.rate.high is not None
        and row.rate.n is not None
    )
    kind = say(f"bulletin_kind_{ranking.kind}", language)
    period = bulletin.period if language == "zh" else bulletin.period_en
    return Ranked(
        title=say("bulletin_ranking_title", language, kind=kind),
        subtitle=f"{bulletin.unit} · {period}\n{_formula(bulletin, say, language)}",
        footer=_footer(bulletin, say, language),
        dots=dots,
        too_few=tuple(TooFew(each.unit, each.n) for each in ranking.too_few),
        minimum=bulletin.minimum,
        language=language,
    )


def _point(label: str, rate: Rate) -> Point:
    return Point(label, rate.share, rate.low, rate.high, rate.n)


def _formula(bulletin: Bulletin, say: Say, language: Language) -> str:
    formula = bulletin.formula
    label = formula.label if language == "zh" else formula.label_en
    return say("bulletin_formula", language, formula=label, version=str(formula.version))


def _footer(bulletin: Bulletin, say: Say, language: Language) -> str:
    return say("bulletin_footer", language, as_of=as_of(bulletin), number=bulletin.number)


def as_of(bulletin: Bulletin) -> str:
    """When the figures were read, in Beijing."""
    return f"{beijing(bulletin.as_of):%Y-%m-%d %H:%M}"
