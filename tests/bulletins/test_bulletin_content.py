"""A bulletin says what the rows say, each figure with what it is of."""

from __future__ import annotations

from datetime import date

import pytest

from actions.bulletins.content import Bulletin, CaseCounts
from actions.bulletins.gathering import Subject
from actions.bulletins.kinds import BulletinKind, Span
from actions.bulletins.text import chat_text
from actions.cases.states import Verb
from actions.clock import beijing
from actions.errors import Refusal
from actions.ratings.rating import Way
from actions.reports.intervals import Counts, wilson
from tests.bulletins.asking import ask_for_bulletin
from tests.bulletins.conftest import Bureau


async def asked(bureau: Bureau, words: str = "", who: str = "chief") -> Bulletin:
    return await ask_for_bulletin(bureau.services, getattr(bureau.cast, who).turn(), words)


async def test_ratings_of_the_period_and_of_the_unit_only(bureau: Bureau) -> None:
    """CHIEF asks in November for October: 40 at one station, 10 at the other, not the city's."""
    await bureau.rate("明德里派出所", "2026-10-01", 30, 4, 6)
    await bureau.rate("南站派出所", "2026-10-31", 9, 0, 1, channel="sms", way=Way.INVITED)
    await bureau.rate("南站派出所", "2026-11-01", 7)
    await bureau.rate("明德里派出所", "2026-09-30", 50, 0, 50)
    found = await asked(bureau)
    assert (found.unit, found.period, found.kind) == ("桥西分局", "10 月", BulletinKind.MONTHLY)
    assert found.span == Span(date(2026, 10, 1), date(2026, 11, 1))
    assert found.rate.counts == Counts(39, 4, 7)
    assert found.rate.share == pytest.approx(39 / 50)
    assert (found.rate.low, found.rate.high) == wilson(39, 50)
    assert found.before.n == 100
    assert found.year_ago.n == 0
    ways = {(way.channel, way.way): way.rate for way in found.ways}
    assert ways["wechat", "scan"].counts == Counts(30, 4, 6)
    assert ways["sms", "invited"].counts == Counts(9, 0, 1)
    assert ways["sms", "invited"].share is None  # ten are too few for a share
    assert found.formula.name == "satisfied_only"


async def test_what_is_not_added_up_yet_and_what_is_count_alike(bureau: Bureau) -> None:
    await bureau.rate("明德里派出所", "2026-10-05", 33, 2, 5)
    first = await asked(bureau)
    await bureau.services.counters.add_up()
    second = await asked(bureau)
    assert first.rate == second.rate
    assert first.trend == second.trend
    assert first.number != second.number


async def test_stations_are_ranked_and_the_last_one_named(bureau: Bureau) -> None:
    await bureau.rate("明德里派出所", "2026-10-05", 95, 0, 5)
    await bureau.rate("南站派出所", "2026-10-06", 50, 0, 50)
    found = await asked(bureau)
    (stations,) = found.rankings
    assert stations.kind == "station"
    assert [(row.unit, row.rank, row.rate.n) for row in stations.rows] == [
        ("明德里派出所", 1, 100),
        ("南站派出所", 2, 100),
    ]
    assert stations.certainly_last
    assert {each.n for each in stations.too_few} == {0}
    text = chat_text(found, bureau.services.notices.wording.say, "zh")
    assert "派出所排第一：明德里派出所\n派出所排在后面，确有差距：南站派出所" in text


async def test_a_quarter_tells_what_changed_beyond_error(bureau: Bureau) -> None:
    await bureau.rate("明德里派出所", "2026-05-05", 95, 0, 5)
    await bureau.rate("明德里派出所", "2026-08-05", 50, 0, 50)
    await bureau.rate("南站派出所", "2026-05-05", 50, 0, 50)
    await bureau.rate("南站派出所", "2026-08-05", 52, 0, 48)
    found = await asked(bureau, "三季度")
    assert found.kind is BulletinKind.QUARTERLY
    assert [(each.unit, each.rose) for each in found.changes] == [("明德里派出所", False)]


async def test_the_trend_has_a_place_for_every_step_and_gaps_where_nobody_rated(
    bureau: Bureau,
) -> None:
    await bureau.rate("明德里派出所", "2026-11-18", 30, 0, 10)
    await bureau.rate("明德里派出所", "2026-11-15", 30, 0, 10)
    await bureau.rate("明德里派出所", "2026-11-17", 2, 0, 1)
    bureau.at("2026-11-19 09:00")
    found = await asked(bureau, "昨天")
    points = {point.first.day: point.rate for point in found.trend.points}
    assert len(points) == 14
    assert max(point.first for point in found.trend.points) == date(2026, 11, 18)
    # the 17th has three, and cannot be told apart from the 18th
    assert (points[18].n, points[17].n, points[16].n, points[15].n) == (None, None, 0, 40)
    assert points[15].share == 0.75
    assert points[18].share is points[17].share is points[16].share is None


async def test_a_month_that_runs_is_compared_with_the_same_days_of_the_month_before(
    bureau: Bureau,
) -> None:
    """On 20 November: 1 to 19 November beside 1 to 19 October, and said so."""
    await bureau.rate("明德里派出所", "2026-10-11", 40)
    await bureau.rate("明德里派出所", "2026-10-20", 35)
    await bureau.rate("明德里派出所", "2026-11-03", 50)
    found = await asked(bureau, "本月")
    assert found.span == Span(date(2026, 11, 1), date(2026, 11, 20))
    assert (found.kind, found.period) == (BulletinKind.ASKED, "2026 年 11 月 1 日–19 日")
    assert (found.before.n, found.rate.n) == (40, 50)
    assert found.before_span == Span(date(2026, 10, 1), date(2026, 10, 20))
    wording = bureau.services.notices.wording
    assert "（2026 年 10 月 1 日–19 日 100%）" in chat_text(found, wording.say, "zh")


async def test_a_quarter_and_a_week_that_run_are_compared_with_as_much_as_has_gone_by(
    bureau: Bureau,
) -> None:
    """On Friday 20 November; and on a Monday the week is that day."""
    await bureau.rate("明德里派出所", "2026-08-19", 40)
    await bureau.rate("明德里派出所", "2026-08-20", 40)
    assert (await asked(bureau, "本季度")).before.n == 40
    week = await asked(bureau, "本周")
    assert week.span == Span(date(2026, 11, 16), date(2026, 11, 20))
    assert week.before_span == Span(date(2026, 11, 9), date(2026, 11, 13))
    bureau.at("2026-11-23 09:00")
    assert (await asked(bureau, "本周")).span == Span(date(2026, 11, 23), date(2026, 11, 24))


async def test_cases_opened_closed_open_and_overdue(bureau: Bureau) -> None:
    """One case of MINGDELI, opened on Friday; after two weeks its promise is overdue."""
    from tests.callbacks.town import Town

    town = Town(bureau.services, bureau.cast, bureau.frozen)
    number = await town.open()
    found = await asked(bureau, "今天")
    assert found.cases == CaseCounts(opened=1, closed=0, open_now=1, overdue=0)
    bureau.frozen.advance(days=14)
    assert (await asked(bureau, "今天")).cases == CaseCounts(0, 0, 1, 1)
    await town.answer(number)
    await town.act(bureau.cast.chen, number, Verb.RATE_RESULT, grade="satisfied")
    done = await asked(bureau, "今天")
    assert done.cases == CaseCounts(0, 1, 0, 0)
    assert (done.work.closed, done.work.on_time.count, done.work.on_time.n) == (1, 0, 1)


async def test_nothing_at_all_is_no_error(bureau: Bureau) -> None:
    found = await asked(bureau, "上周")
    assert (found.rate.n, found.rate.share, found.ways) == (0, None, ())
    assert found.cases == CaseCounts(0, 0, 0, 0)


async def test_the_same_message_asks_once(bureau: Bureau) -> None:
    turn = bureau.cast.chief.turn()
    first = await ask_for_bulletin(bureau.services, turn, "上周")
    await bureau.rate("明德里派出所", "2026-11-10", 40)
    assert await ask_for_bulletin(bureau.services, turn, "上周") == first


async def test_topics_are_lines_from_whoever_knows_them(bureau: Bureau) -> None:
    class Known:
        async def lines(self, unit_path: str, span: Span) -> list[str]:
            return [f"{unit_path} {span.first}"]

    gathering = bureau.services.bulletins._gathering
    gathering._topics = Known()
    unit = await bureau.unit("桥西分局")
    span = Span(date(2026, 10, 1), date(2026, 11, 1))
    subject = Subject("B26-9999", BulletinKind.MONTHLY, unit, span, "10月", "October")
    found = await gathering.gather(subject)
    assert found.topics == (f"{unit.path} 2026-10-01",)
    assert beijing(found.as_of).date() == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("who", "words", "why"),
    [
        ("chen", "", "not_allowed"),
        ("li", "", "not_allowed"),
        ("chief", "桥东分局 上月", "not_yours"),
        ("chief", "没有这个所 上月", "not_yours"),
        ("chief", "明年", "period_future"),
        ("head", "桥西分局 上月", "not_yours"),
    ],
)
async def test_who_may_not_ask_is_refused(bureau: Bureau, who: str, words: str, why: str) -> None:
    """A citizen and an officer see nothing; a chief nothing beyond the own county."""
    with pytest.raises(Refusal) as refused:
        await asked(bureau, words, who)
    assert refused.value.key.removesuffix("_but") == why
