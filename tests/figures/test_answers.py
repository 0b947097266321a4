"""Answers to questions for figures: exact, within the asker's part of the tree, and kept."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest

from actions import clock
from actions.bootstrap import Services
from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.errors import Refusal, WhichUnit
from actions.figures.answers import (
    AspectsAnswer,
    HoursAnswer,
    PartAnswer,
    RankAnswer,
    StatsAnswer,
    TrendAnswer,
)
from actions.figures.compared import period_of
from actions.figures.question import Against, Figure, Question, View
from actions.reports.intervals import Counts
from tests.cast import Cast, Someone
from tests.conftest import FrozenClock
from tests.figures.ratings import Raters, unit_named

OCTOBER = period_of(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = period_of(date(2026, 9, 1), date(2026, 10, 1))
NOVEMBER = period_of(date(2026, 11, 1), date(2026, 12, 1))


@pytest.fixture
async def rated(services: Services, cast: Cast, frozen: FrozenClock) -> Raters:
    """Qiaoxi in October: Mingdeli 100 (97 satisfied), Nanzhan 40 (20), Huaiyin 12; in September
    Nanzhan 40 (38). Friday 20 November, 14:05.
    """
    raters = Raters(services)
    for name, day, grades in (
        ("明德里派出所", date(2026, 10, 12), "s" * 97 + "buu"),
        ("南站派出所", date(2026, 10, 12), "s" * 20 + "u" * 20),
        ("槐荫路派出所", date(2026, 10, 12), "s" * 12),
        ("南站派出所", date(2026, 9, 12), "s" * 38 + "uu"),
    ):
        await raters.rate(await unit_named(services, name), day, grades)
    return raters


async def ask(services: Services, someone: Someone, question: Question) -> object:
    return await services.figures.answer(await services.scopes.viewer(someone.turn()), question)


async def test_a_ranking_names_who_is_certainly_last_and_who_fell(
    services: Services, cast: Cast, rated: Raters
) -> None:
    found = await ask(services, cast.chief, Question(View.RANK, period=OCTOBER))
    assert isinstance(found, RankAnswer)
    placed = [(each.entry.label, each.rank, each.entry.counts) for each in found.ranking.placed]
    nanzhan = await unit_named(services, "南站派出所")
    assert placed == [
        ("桥西分局明德里派出所", 1, Counts(97, 1, 2)),
        (nanzhan.label, 2, Counts(20, 0, 20)),
    ]
    assert [each.entry.label for each in found.ranking.certainly_last] == [nanzhan.label]
    assert found.moved == {nanzhan.id: False}
    assert found.few["桥西分局槐荫路派出所"] == 12
    assert found.kind == "station"


async def test_a_station_stands_beside_its_like(
    services: Services, cast: Cast, rated: Raters
) -> None:
    """A desk has none below it: it is shown among the desks of its station."""
    units = (await services.org.tree()).units.values()
    county = await unit_named(services, "桥西分局")
    alone = next(u for u in units if u.path.startswith(county.path) and u.kind == "desk")
    question = Question(View.RANK, period=OCTOBER, unit=alone.label)
    found = await ask(services, cast.chief, question)
    assert isinstance(found, RankAnswer)
    assert (found.unit.id, found.kind) == (alone.parent_id, "desk")
    itself = Question(View.RANK, period=OCTOBER, unit="南站派出所", kind="station")
    assert isinstance(await ask(services, cast.chief, itself), StatsAnswer)
    with pytest.raises(Refusal, match="nothing_to_rank"):
        await ask(services, cast.chief, Question(View.RANK, period=OCTOBER, kind="county"))


async def test_compared_with_the_month_before_and_the_year_before(
    services: Services, cast: Cast, rated: Raters
) -> None:
    question = Question(View.STATS, period=OCTOBER, unit="南站派出所")
    found = await ask(services, cast.chief, question)
    assert isinstance(found, StatsAnswer)
    assert found.compared is not None
    assert found.compared.satisfaction.counts == Counts(38, 0, 2)
    assert found.compared.beyond is True
    ago = Question(View.STATS, period=OCTOBER, unit="南站派出所", against=Against.YEAR_AGO)
    other = await ask(services, cast.chief, ago)
    assert isinstance(other, StatsAnswer)
    assert other.compared is not None
    assert (other.compared.period.label, other.compared.beyond) == ("2025 年 10 月", None)
    named = Question(View.STATS, period=OCTOBER, unit="南站派出所", against=SEPTEMBER)
    third = await ask(services, cast.chief, named)
    assert isinstance(third, StatsAnswer)
    assert third.compared is not None
    assert third.compared.satisfaction == found.compared.satisfaction


@pytest.mark.parametrize(
    ("few", "last"),
    [(0, 19), (2, 16)],  # two on the 17th: any closer, the days after it would tell who they are
)
async def test_a_running_month_is_set_beside_the_days_that_may_be_shown(
    services: Services, cast: Cast, frozen: FrozenClock, few: int, last: int
) -> None:
    raters, nanzhan = Raters(services), await unit_named(services, "南站派出所")
    for day, grades in (
        (date(2026, 10, 5), "s" * 30 + "u" * 10),
        (date(2026, 10, 17), "s" * few),
        (date(2026, 10, 25), "s" * 40),
        (date(2026, 11, 5), "s" * 40),
    ):
        await raters.rate(nanzhan, day, grades)
    question = Question(View.STATS, period=NOVEMBER, unit="南站派出所")
    found = await ask(services, cast.chief, question)
    assert isinstance(found, StatsAnswer)
    assert found.compared is not None
    assert found.compared.period.label == f"10 月 1 日–{last} 日"
    assert found.compared.satisfaction.counts == Counts(30, 0, 10)
    assert found.compared.beyond is True


async def test_a_trend_by_month_has_the_running_month_as_far_as_it_may(
    services: Services, cast: Cast, rated: Raters
) -> None:
    pick = random.Random(2)
    unit = await unit_named(services, "南站派出所")
    for day in range(1, 21):
        await rated.rate(unit, date(2026, 11, day), pick.choices("su", k=7))
    span = period_of(date(2026, 5, 1), date(2026, 12, 1))
    found = await ask(services, cast.chief, Question(View.TREND, period=span, unit="南站派出所"))
    assert isinstance(found, TrendAnswer)
    assert found.step == "month"
    shown = {point.first.month: point.counts and point.counts.total for point in found.points}
    assert shown == {5: 0, 6: 0, 7: 0, 8: 0, 9: 40, 10: 40, 11: 19 * 7}
    assert found.points[-1].end == date(2026, 11, 20)


async def test_hours_are_beijings(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    """Two complaints on a Friday at 14:05 in Beijing."""
    unit = await unit_named(services, "明德里派出所")
    for _ in range(2):
        draft = CaseDraft(CaseKind.COMPLAINT, "等太久", unit_id=unit.id)
        await services.cases.submit(cast.chen.turn(), draft)
    found = await ask(services, cast.chief, Question(View.HOURS, period=NOVEMBER))
    assert isinstance(found, HoursAnswer)
    assert found.cases == {(4, 14): 2}


@pytest.mark.parametrize("figure", [each for each in Figure if each is not Figure.SATISFACTION])
async def test_every_figure_of_an_empty_period_is_empty(
    services: Services, cast: Cast, frozen: FrozenClock, figure: Figure
) -> None:
    found = await ask(services, cast.chief, Question(View.STATS, figure, SEPTEMBER))
    if isinstance(found, AspectsAnswer):
        assert found.means == {}
    else:
        assert isinstance(found, PartAnswer)
        assert (found.count, found.n or 0) == (0, 0)
        assert (found.n is None) == (figure in {Figure.SENT_BACK, Figure.REOPENED})


async def test_the_number_gives_the_same_answer_to_whoever_may_see_it(
    services: Services, cast: Cast, rated: Raters
) -> None:
    log, turn = services.queries, cast.chief.turn()
    unit = await unit_named(services, "桥西分局")
    question = Question(View.STATS, period=OCTOBER, unit=unit.label)
    number = log.number()
    kept = {"text": "桥西分局 10 月", "buttons": [], "chart": None}
    await log.keep(turn, number, question, unit_id=unit.id, answer=kept)
    await log.keep(turn, log.number(), question, unit_id=unit.id, answer=None)  # the same turn
    again = await log.of_turn(turn)
    assert again is not None
    assert (again.number, again.answer, again.question) == (number, kept, question)
    assert (await log.again(cast.centre.turn(), number.lower())).answer == kept
    for someone, key in (
        (cast.other, "query_unknown"),
        (cast.li, "not_allowed"),
        (cast.chen, "not_allowed"),
    ):
        with pytest.raises(Refusal) as refused:
            await log.again(someone.turn(), number)
        assert refused.value.key == key
    with pytest.raises(Refusal, match="query_unknown"):
        await log.again(cast.chief.turn(), "ZZZZZZ")
    assert await log.before(cast.chief.turn()) == question
    assert await log.before(cast.other.turn()) is None
    later = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
    clock.freeze(lambda: later)
    assert await log.before(cast.chief.turn()) is None  # too long ago to lean on


async def test_cases_behind_a_figure(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    unit, county = (
        await unit_named(services, "明德里派出所"),
        await unit_named(services, "桥西分局"),
    )
    for number in range(12):
        kind = CaseKind.COMPLAINT if number % 4 else CaseKind.SUGGESTION
        draft = CaseDraft(kind, "等太久", unit_id=unit.id)
        await services.cases.submit(cast.chen.turn(), draft)
    chief = cast.chief.turn()
    first = await services.case_lists.submitted(chief, county.id, NOVEMBER, None)
    rest = await services.case_lists.submitted(chief, county.id, NOVEMBER, None, 1)
    assert (first.total, len(first.listed), first.more) == (12, 10, True)
    assert (len(rest.listed), rest.more) == (2, False)
    assert len({each.number for each in [*first.listed, *rest.listed]}) == 12
    complaints = await services.case_lists.submitted(chief, county.id, NOVEMBER, CaseKind.COMPLAINT)
    assert complaints.total == 9
    for someone in (cast.other, cast.li, cast.chen):
        with pytest.raises(Refusal):
            await services.case_lists.submitted(someone.turn(), county.id, NOVEMBER, None)


@pytest.mark.parametrize("words", ["户籍 2 号窗口", "户籍2号窗"])
async def test_a_name_of_several_windows_asks_which(
    services: Services, cast: Cast, words: str
) -> None:
    """CENTRE sees all of them, and each label offered leads to one; CHIEF has one alone."""
    with pytest.raises(WhichUnit) as asked:
        await ask(services, cast.centre, Question(View.STATS, unit=words))
    labels = asked.value.labels
    assert len(labels) > 1
    assert any("明德里派出所" in label for label in labels)
    for label in labels:
        found = await ask(services, cast.centre, Question(View.STATS, unit=label))
        assert isinstance(found, StatsAnswer)
        assert found.unit.label == label
    only = await ask(services, cast.chief, Question(View.STATS, unit=words))
    assert isinstance(only, StatsAnswer)
    assert only.unit.label.startswith("桥西分局明德里派出所")
    with pytest.raises(WhichUnit) as within:
        await ask(services, cast.chief, Question(View.STATS, unit=words.replace("2", "1")))
    assert len(within.value.labels) > 1
    assert all(label.startswith("桥西分局") for label in within.value.labels)
