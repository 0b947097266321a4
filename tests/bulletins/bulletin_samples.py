"""A quarter of an invented city, with everything that is hard: names like formulas, few ratings."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

from actions.bulletins.content import (
    AspectMean,
    Bulletin,
    CaseCounts,
    Change,
    FormulaUsed,
    Portion,
    Rate,
    Response,
    Row,
    TrendPoint,
    TrendSeries,
    UnitRanking,
    Unranked,
    WayRate,
    WorkDone,
    differs,
    shown_rate,
)
from actions.bulletins.kinds import BulletinKind, Span
from actions.figures.ranking import Entry, rank
from actions.notices.notices import Wording
from actions.reports.intervals import SATISFIED_ONLY, Counts

MINIMUM = 30
EVIL = '=HYPERLINK("http://evil.example","明德里派出所")'
LONG = "开发区高新技术产业园区治安管理服务中心派出所驻火车站南广场警务室"
NAMES = [EVIL, "+1派出所", "-2派出所", "@SUM(A1)", "\t=1+1", LONG, "<b>A&B</b>所", "$x^2$所"]
SAY = Wording().say


def rate(n: int, share: float = 0.93, minimum: int = MINIMUM) -> Rate:
    satisfied = round(n * share)
    basically = (n - satisfied) // 3
    counts = Counts(satisfied, basically, n - satisfied - basically)
    return shown_rate(counts, SATISFIED_ONLY, minimum)


def ranking(kind: str, names: list[str], seed: int) -> UnitRanking:
    pick = random.Random(seed)
    entries = []
    for i, name in enumerate(names):
        n = pick.choice([3, 20, 80, 300, 2000])
        satisfied = round(n * pick.uniform(0.8, 0.99))
        entries.append(Entry(i, name, kind, Counts(satisfied, 0, n - satisfied)))
    found = rank(entries, SATISFIED_ONLY, MINIMUM)
    return UnitRanking(
        kind,
        tuple(
            Row(
                each.entry.label,
                shown_rate(each.entry.counts, SATISFIED_ONLY, MINIMUM),
                each.rank,
                each.to,
                rate(200, pick.uniform(0.8, 0.99)),
            )
            for each in found.placed
        ),
        tuple(
            Unranked(each.label, each.counts.total if each.counts.total >= 5 else None)
            for each in found.too_few
        ),
        bool(found.certainly_last),
    )


def trend() -> TrendSeries:
    sizes = [0, 3, 900, 1100, 12, 3000, 3100, 3200, 3300, 3400, 3500, 3600]
    months = [date(2025, 10 + i, 1) if i < 3 else date(2026, i - 2, 1) for i in range(12)]
    points = [
        TrendPoint(month, rate(n, 0.9 + i * 0.004, 5))
        for i, (month, n) in enumerate(zip(months, sizes, strict=True))
    ]
    return TrendSeries("month", tuple(points))


def quarter() -> Bulletin:
    names = NAMES + [f"桥西分局第{i}派出所" for i in range(52)]
    rankings = (
        ranking("county", ["桥西分局", "桥东分局", "高新分局"], 7),
        ranking("station", names, 3),
    )
    changes = tuple(
        Change(row.unit, rose, row.before, row.rate)
        for each in rankings
        for row in each.rows
        if (rose := differs(row.before, row.rate)) is not None
    )
    return Bulletin(
        number="B26-0012",
        kind=BulletinKind.QUARTERLY,
        unit_id=1,
        unit="云州市公安局",
        span=Span(date(2026, 7, 1), date(2026, 10, 1)),
        period="2026年第三季度",
        period_en="Q3 2026",
        formula=FormulaUsed(
            SATISFIED_ONLY.name,
            SATISFIED_ONLY.version,
            SATISFIED_ONLY.label,
            SATISFIED_ONLY.label_en,
        ),
        minimum=MINIMUM,
        as_of=datetime(2026, 10, 3, 2, tzinfo=UTC),
        rate=rate(12_045, 0.941),
        before=rate(11_200, 0.93),
        year_ago=rate(0),
        ways=(
            WayRate("wechat", "scan", rate(4000, 0.92)),
            WayRate("sms", "invited", rate(7000, 0.95)),
            WayRate("wechat", "invited_by_officer", rate(1020, 0.991)),
            WayRate("web", "typed", rate(21)),
            WayRate("desk", "hotline", rate(4)),
        ),
        response=Response(20_000, 15_000, 14_800, 14_200, 7_000),
        cases=CaseCounts(340, 320, 41, 5),
        work=WorkDone(
            closed=310,
            silent=12,
            on_time=Portion(290, 305),
            turned_round=Portion(80, 120),
            disputed=Portion(9, 250),
            sent_back=14,
            reopened=6,
            calls=Portion(118, 120),
            aspects=(AspectMean("arrival", 4.56, 120), AspectMean("attitude", None, None)),
        ),
        rankings=rankings,
        trend=trend(),
        changes=changes,
        topics=('"排队久" 41 件，比上季度多 18 件', "=2+3 <b>态度</b> & 30 件"),
    )
