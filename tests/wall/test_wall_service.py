"""A snapshot equals a count of the rows; cases as they stand; what burns."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from actions import clock
from actions.bootstrap import Services
from actions.figures.answers import Satisfaction, StatsAnswer
from actions.figures.question import Question, View
from actions.org.org import Unit
from actions.reports.intervals import SATISFIED_ONLY, Counts
from actions.reports.periods import Period, read_period
from actions.store.tables import cases, officers, units
from actions.wall.rates import Rates
from actions.wall.service import DAYS, MOST_BURNING, MOST_TOPICS, WINDOW, Wall
from actions.wall.snapshot import CasesNow, Snapshot, Topic
from tests.cast import Cast
from tests.conftest import FrozenClock
from tests.wall_data import SCAN, due, grades, opens, rate, unit_id

MINGDELI, NANZHAN, WANGJIANG = "明德里派出所", "南站派出所", "望江门派出所"
SMS = ("sms", "invited")


async def look(services: Services, unit: str, wall: Wall | None = None) -> Snapshot:
    shown = wall or Wall(services.engine, services.org)
    return (await shown.look(await unit_id(services, unit), {}))[0]


async def counted(
    services: Services, unit: str, start: datetime, end: datetime, came: tuple[str, str] = SCAN
) -> tuple[int, int]:
    """How many rated this way, and how many of them are satisfied: by a scan of the rows."""
    query = text("""
        SELECT count(*), count(*) FILTER (WHERE grade = 'satisfied')
        FROM ratings JOIN units ON units.id = unit_id
        WHERE path LIKE (SELECT path FROM units WHERE name = :unit LIMIT 1) || '%'
          AND rated_at >= :start AND rated_at < :end AND channel = :channel AND way = :way""")
    given = {"unit": unit, "start": start, "end": end, "channel": came[0], "way": came[1]}
    async with services.engine.connect() as connection:
        n, satisfied = (await connection.execute(query, given)).one()
        return int(n), int(satisfied)


def midnight(moment: datetime, days: int = 0) -> datetime:
    day = clock.beijing(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=days)


@pytest.fixture
async def two_months(services: Services, frozen: FrozenClock) -> None:
    """Ratings of sixty days at three stations of two counties, by two ways."""
    pick = random.Random(11)
    for back in range(60):
        at = midnight(frozen.moment, -back) + timedelta(hours=9)
        for unit, share in (
            (MINGDELI, 0.97),
            (NANZHAN, 0.7 if back < 20 else 0.95),
            (WANGJIANG, 0.9),
        ):
            await rate(services, unit, at, **grades(pick, pick.randrange(3, 16), share))
            await rate(services, unit, at, SMS, **grades(pick, pick.randrange(0, 4), 0.8))
        if back % 10 == 0:
            await services.counters.add_up()


@pytest.mark.parametrize("unit", ["云州市公安局", "桥西分局", NANZHAN])
async def test_every_figure_is_that_of_the_rows(
    services: Services, frozen: FrozenClock, two_months: None, unit: str
) -> None:
    board, now = await look(services, unit), frozen.moment
    month, today, tomorrow = midnight(now).replace(day=1), midnight(now), midnight(now, 1)
    assert [(way.channel, way.way) for way in board.ways] == [SCAN, SMS]
    shown = Rates(SATISFIED_ONLY, 30).shown
    for way, came in zip(board.ways, (SCAN, SMS), strict=True):
        n, satisfied = await counted(services, unit, today, tomorrow, came)
        assert way.today == shown(Counts(satisfied, 0, n - satisfied))
        n, satisfied = await counted(services, unit, month, today, came)
        if way.month.n or came == SCAN:  # the few by SMS may not stand alone
            assert way.month == shown(Counts(satisfied, 0, n - satisfied))
    assert len(board.trend) == DAYS
    for point in board.trend:
        last = midnight(now, (point.day - clock.beijing(now).date()).days + 1)
        n, satisfied = await counted(services, unit, last - timedelta(days=WINDOW), last)
        assert point.rate == shown(Counts(satisfied, 0, n - satisfied))


async def test_the_month_is_what_the_chat_says(
    services: Services, cast: Cast, two_months: None
) -> None:
    """Way by way, the stations too; and 30 that came by web today are no part of it."""

    async def says(unit: str = "") -> Satisfaction:
        question = Question(View.STATS, period=read_period("本月", clock.now()), unit=unit)
        viewer = await services.scopes.viewer(cast.chief.turn())
        answer = await services.figures.answer(viewer, question)
        assert isinstance(answer, StatsAnswer)
        return answer.satisfaction

    await rate(services, MINGDELI, clock.now(), ("web", "scan"), satisfied=30)
    board, said = await look(services, "桥西分局"), await says()
    shown = Rates(SATISFIED_ONLY, 30).shown
    assert {(way.channel, way.way): way.month for way in board.ways if way.month.n} == {
        came: shown(counts) for came, counts in said.by_way.items()
    }
    assert board.month_count == said.counts.total
    for tile in board.below:
        by_scan = (await says(tile.label)).by_way.get(SCAN, Counts(0, 0, 0))
        assert tile.rate == shown(by_scan), tile.label
    web = next(way for way in board.ways if way.channel == "web")
    assert (web.today.n, web.month.n) == (30, 0)


async def test_a_way_of_three_does_not_stand_alone(services: Services, frozen: FrozenClock) -> None:
    at = midnight(frozen.moment, -3)
    await rate(services, MINGDELI, at, satisfied=40)
    await rate(services, MINGDELI, at, SMS, unsatisfied=3)
    await rate(services, MINGDELI, at, ("web", "scan"), satisfied=9)
    board = await look(services, "桥西分局")
    assert [(way.channel, way.month.n) for way in board.ways] == [
        ("wechat", 40), ("web", 0), ("sms", 0),
    ]  # fmt: skip
    assert board.month_count == 52


async def test_on_the_first_no_day_of_the_month_has_gone_by(
    services: Services, frozen: FrozenClock
) -> None:
    await rate(services, MINGDELI, frozen.moment, satisfied=40)
    frozen.moment = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    await rate(services, MINGDELI, frozen.moment, satisfied=30)
    board = await look(services, "桥西分局")
    assert (board.ways[0].today.n, board.ways[0].month.n, board.month_count) == (30, 0, 0)


async def test_an_arrow_for_the_station_that_fell(
    services: Services, frozen: FrozenClock, two_months: None
) -> None:
    board = await look(services, "桥西分局")
    assert {tile.label: tile.trend for tile in board.below} == {
        MINGDELI: "", NANZHAN: "down", "槐荫路派出所": "",
    }  # fmt: skip


async def test_too_few_leave_gaps(services: Services, frozen: FrozenClock) -> None:
    await rate(services, MINGDELI, midnight(frozen.moment, -20), satisfied=40)
    board = await look(services, "桥西分局")
    assert [p.day.day for p in board.trend if p.rate.share is not None] == [31, *range(1, 7)]
    assert board.ways[0].today.n == 0
    assert board.below[0].rate.n == 0


async def test_nobody_has_rated(services: Services, frozen: FrozenClock) -> None:
    board = await look(services, "桥西分局")
    assert (board.ways, board.trend, board.topics) == ((), (), ())
    assert [tile.rate.n for tile in board.below] == [0, 0, 0]
    assert board.cases == CasesNow(0, 0, 0, 0, 0, 0, 0, 0, 0)


async def test_cases_as_they_stand(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    first = await opens(cast.chen, MINGDELI)
    await opens(cast.zhou, NANZHAN)
    await opens(cast.zhou, WANGJIANG)
    board = await look(services, "桥西分局")
    assert (board.cases.opened, board.cases.open, board.cases.new) == (2, 2, 2)
    city = await look(services, "云州市公安局")
    assert (city.cases.opened, city.cases.open) == (3, 3)
    async with services.engine.begin() as connection:
        these = update(cases).where(cases.c.number == first)
        await connection.execute(these.values(state="reviewing"))
    assert (await look(services, "桥西分局")).cases.reviewing == 1
    async with services.engine.begin() as connection:
        ended = {"state": "closed", "closed_at": clock.now(), "closed_as": "rated"}
        await connection.execute(these.values(**ended))
    board = await look(services, "桥西分局")
    assert (board.cases.closed, board.cases.open, board.cases.opened) == (1, 1, 2)


async def test_what_burns_the_oldest_first(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    numbers = [await opens(cast.chen, unit) for unit in (MINGDELI, NANZHAN, MINGDELI, WANGJIANG)]
    now = frozen.moment
    for number, minutes in zip(numbers, (-90, 60, 500, -10), strict=True):
        await due(services, number, now + timedelta(minutes=minutes))
    board = await look(services, "桥西分局")
    assert [(each.number, each.unit) for each in board.burning] == [
        (numbers[0], "明德里所"),
        (numbers[1], "南站所"),
    ]
    assert (board.late, board.soon) == (1, 1)
    assert (await look(services, "云州市公安局")).late == 2


async def test_a_fire_names_the_clock_that_runs_out(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    await opens(cast.chen, MINGDELI)
    frozen.advance(days=30)
    (fire,) = (await look(services, "桥西分局")).burning
    assert fire.clock in {"accept", "callback", "answer"}
    assert fire.due_at < frozen.moment


async def test_a_case_about_an_officer_has_no_number_on_the_wall(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await opens(cast.chen, MINGDELI)
    await due(services, number, frozen.moment - timedelta(hours=1))
    for change in ({"subject_id": 1}, {"subject_id": None, "escrow": True}):
        async with services.engine.begin() as connection:
            if change["subject_id"]:
                change = {"subject_id": await connection.scalar(select(officers.c.id).limit(1))}
            await connection.execute(update(cases).values(**change))
        (fire,) = (await look(services, "桥西分局")).burning
        assert fire.number == ""
        assert fire.unit


async def test_only_the_oldest_are_named_and_all_are_counted(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    for _ in range(MOST_BURNING + 3):
        number = await opens(cast.chen, MINGDELI)
        await due(services, number, frozen.moment - timedelta(hours=1))
    board = await look(services, "桥西分局")
    assert len(board.burning) == MOST_BURNING
    assert board.late == MOST_BURNING + 3


async def test_a_window_is_named_by_its_station_and_at_the_station_by_itself(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await opens(cast.chen, MINGDELI)
    await due(services, number, frozen.moment)
    async with services.engine.begin() as connection:
        desk = await connection.scalar(select(units.c.id).where(units.c.code == "YZ-QX-MDL-HJ2"))
        await connection.execute(update(cases).values(unit_id=desk))
    assert (await look(services, "桥西分局")).burning[0].unit == "明德里所"
    assert (await look(services, MINGDELI)).burning[0].unit == "户籍 2 号窗"


async def test_a_figure_stands_until_five_more_have_rated(
    services: Services, frozen: FrozenClock
) -> None:
    wall, county = Wall(services.engine, services.org), await unit_id(services, "桥西分局")
    await rate(services, MINGDELI, frozen.moment, satisfied=40)
    board, held = await wall.look(county, {})
    await rate(services, MINGDELI, frozen.moment, unsatisfied=4)
    board, held = await wall.look(county, held)
    assert (board.ways[0].today.n, board.ways[0].today.percent) == (40, "100%")
    await rate(services, MINGDELI, frozen.moment, unsatisfied=1)
    board, held = await wall.look(county, held)
    assert (board.ways[0].today.n, board.ways[0].today.percent) == (45, "88.9%")  # 40 / 45
    frozen.advance(days=30)
    assert await wall.look(county, held)


class Topics:
    """Gives seven topics, fails when told to, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked, self.broken = Counter[str](), False

    async def __call__(self, unit: Unit, period: Period) -> Sequence[Topic]:
        self.asked[unit.name] += 1
        if self.broken:
            raise RuntimeError("broken by the test")
        assert (period.end - period.start).days == 30
        return [Topic(f"排队 {n}", 10 - n, None) for n in range(MOST_TOPICS + 1)]


async def test_topics_are_asked_for_now_and_then(services: Services, frozen: FrozenClock) -> None:
    topics = Topics()
    wall = Wall(services.engine, services.org, topics=topics)
    for _ in range(3):
        board = await look(services, "桥西分局", wall)
        assert [topic.count for topic in board.topics] == [10, 9, 8, 7]
    assert topics.asked == {"桥西分局": 1}


async def test_without_topics_the_wall_goes_on(services: Services, frozen: FrozenClock) -> None:
    topics = Topics()
    topics.broken = True
    board = await look(services, "桥西分局", Wall(services.engine, services.org, topics=topics))
    assert board.topics == ()


async def test_a_snapshot_is_plain(
    services: Services, cast: Cast, frozen: FrozenClock, two_months: None
) -> None:
    number, fell_due = await opens(cast.chen, MINGDELI), frozen.moment
    await due(services, number, fell_due)
    plain = (await look(services, "桥西分局")).plain()
    assert plain["today"] == "2026-11-20"
    assert datetime.fromisoformat(plain["burning"][0]["due_at"]) == fell_due
    assert set(plain["trend"][0]) == {"day", "share", "low", "high"}
    assert "等了" not in str(plain)
