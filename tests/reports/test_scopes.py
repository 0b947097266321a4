"""Figures: they agree with what was written, and nobody sees beyond their own subtree."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from actions import clock
from actions.bootstrap import Services
from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from actions.errors import Refusal
from tests.asking import asked
from tests.cast import Cast, Someone, badge_of, gather_cast
from tests.installation import Servers, installation

OCTOBER = datetime(2026, 10, 10, 4, 0, tzinfo=UTC)
FIRST_MINUTE = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # Friday 0:00 in Beijing
YESTERDAY = datetime(2026, 11, 19, 15, 59, 59, tzinfo=UTC)  # Thursday 23:59:59
NOW = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)  # Friday 14:05


@pytest.fixture(scope="module")
def at() -> Iterator[object]:
    """Sets the moment in which something happens."""

    def set_to(moment: datetime) -> None:
        clock.freeze(lambda: moment)

    yield set_to
    clock.freeze(None)


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture(scope="module")
async def cast(services: Services, at: object) -> AsyncIterator[Cast]:
    """The cast, after what happened in the two counties.

    Qiaoxi: in October one rating; yesterday one; today at Mingdeli four and at Nanzhan one (typed);
    three cases opened today, of which one is closed and one withdrawn. Qiaodong: one rating.
    """
    set_to: object = at
    set_to(NOW)  # type: ignore[operator]
    people = await gather_cast(services)
    mingdeli = await unit_of(services, "明德里派出所")
    nanzhan = await unit_of(services, "南站派出所")
    qiaodong = await unit_of(services, "石桥头派出所")
    code = await services.org.code("mdl-hj2-cspc")
    assert code is not None
    for moment, grade in (
        (OCTOBER, "basically"),
        (YESTERDAY, "unsatisfied"),
        (FIRST_MINUTE, "satisfied"),
        (NOW, "satisfied"),
        (NOW, "satisfied"),
        (NOW, "unsatisfied"),
    ):
        set_to(moment)  # type: ignore[operator]
        await services.ratings.rate(people.chen.turn(), grade, code_id=code.code_id)
    await services.ratings.rate(people.chen.turn(), "basically", unit_id=nanzhan)
    await services.ratings.rate(people.zhou.turn(), "satisfied", unit_id=qiaodong)

    async def submit(unit_id: int) -> str:
        draft = CaseDraft(CaseKind.COMPLAINT, "等太久", unit_id=unit_id)
        return (await services.cases.submit(people.chen.turn(), draft)).number

    closed, withdrawn, _ = [await submit(mingdeli) for _ in range(3)]
    await services.cases.act(people.li.turn(), closed, Verb.ACCEPT)
    await services.cases.act(people.li.turn(), closed, Verb.ANSWER, text="办好了")
    await services.cases.act(people.chen.turn(), closed, Verb.RATE_RESULT, grade="satisfied")
    await services.cases.act(people.chen.turn(), withdrawn, Verb.WITHDRAW)
    await submit(qiaodong)
    yield people
    clock.freeze(None)


async def unit_of(services: Services, name: str) -> int:
    (best, *_) = await services.org.match_units(name)
    return best.unit_id


async def lead(services: Services) -> Someone:
    """Mingdeli's lead, who sees the station alone."""
    badge = await badge_of(services, "明德里派出所", "unit_lead")
    async with services.engine.begin() as connection:
        person = await services.people.meet(connection, "telegram", f"chat-{badge}")
    someone = Someone(services, person.conversation, badge)
    code = await services.people.make_binding_code(badge)
    await services.people.bind(someone.turn(), code)
    return someone


async def refused(services: Services, someone: Someone, *words: str) -> str:
    with pytest.raises(Refusal) as caught:
        await asked(services, someone, *words)
    return caught.value.key


async def test_the_figures_of_today(services: Services, cast: Cast) -> None:
    stats = await asked(services, cast.chief)
    assert (stats.unit.label, stats.period.label) == ("桥西分局", "今天")
    assert stats.satisfaction.given == 5
    assert stats.satisfaction.span is None  # five more must come before the first five are shown
    assert (stats.opened, stats.closed, stats.open_now) == (3, 2, 1)
    assert stats.as_of == NOW


@pytest.mark.parametrize(
    ("words", "ratings"),
    [
        (("今天",), 5),
        (("昨天",), 1),
        (("上个月",), 1),
        (("本月",), 6),
        (("本周",), 6),
        (("今年",), 7),
        (("today",), 5),
        (("last month",), 1),
        (("10月10日",), 1),
    ],
)
async def test_days_end_at_midnight_in_beijing(
    services: Services, cast: Cast, words: tuple[str, ...], ratings: int
) -> None:
    assert (await asked(services, cast.chief, *words)).satisfaction.given == ratings


@pytest.mark.parametrize(
    ("words", "unit", "period", "ratings"),
    [
        (("今天", "明德里"), "桥西分局明德里派出所", "今天", 4),
        (("", "南站"), "桥西分局南站派出所", "今天", 1),
        (("", "上个月桥西"), "桥西分局", "10 月", 1),
        (("上个月桥西", ""), "桥西分局", "10 月", 1),
        (("", "桥西上个月"), "桥西分局", "10 月", 1),
        (("今天", "今天桥西"), "桥西分局", "今天", 5),  # the sentence and what was recognised
        (("今天", "今天"), "桥西分局", "今天", 5),
        (("昨天", "明德里派出所昨天"), "桥西分局明德里派出所", "昨天", 1),
        (("", "桥西分局明德里派出所 · 户籍 2 号窗口"), None, "今天", 4),
    ],
)
async def test_period_and_unit_as_people_say_them(
    services: Services,
    cast: Cast,
    words: tuple[str, ...],
    unit: str | None,
    period: str,
    ratings: int,
) -> None:
    stats = await asked(services, cast.chief, *words)
    assert stats.unit.label == (unit or words[1])
    assert (stats.period.label, stats.satisfaction.given) == (period, ratings)


async def test_a_period_without_anything(services: Services, cast: Cast) -> None:
    stats = await asked(services, cast.chief, "前天")
    assert (stats.satisfaction.given, stats.opened, stats.closed) == (0, 0, 0)
    assert stats.satisfaction.by_way == {}
    assert stats.open_now == 1  # open cases are open now, whatever was asked


async def test_each_sees_their_own_subtree(services: Services, cast: Cast) -> None:
    other = await asked(services, cast.other)
    assert (other.unit.label, other.satisfaction.given, other.opened) == ("桥东分局", 1, 1)
    centre = await asked(services, cast.centre)
    assert (centre.satisfaction.given, centre.opened) == (6, 4)
    station = await asked(services, await lead(services))
    assert (station.unit.label, station.satisfaction.given) == ("桥西分局明德里派出所", 4)


@pytest.mark.parametrize(
    "words", ["桥西", "明德里派出所", "上个月桥西分局", "不存在的派出所", "xyz"]
)
async def test_what_is_not_theirs_and_what_is_not_there_are_refused_alike(
    services: Services, cast: Cast, words: str
) -> None:
    assert await refused(services, cast.other, "", words) in {"not_yours", "not_yours_but"}


async def test_a_lead_sees_nothing_above_or_beside(services: Services, cast: Cast) -> None:
    station = await lead(services)
    for words in ("桥西分局", "南站派出所", "云州市公安局"):
        assert await refused(services, station, "", words) in {"not_yours", "not_yours_but"}


@pytest.mark.parametrize("name", ["chen", "zhou", "li", "liu"])
async def test_citizens_and_officers_get_no_figures(
    services: Services, cast: Cast, name: str
) -> None:
    for words in ((), ("今天", "明德里"), ("乱写", "")):
        assert await refused(services, getattr(cast, name), *words) == "not_allowed"


@pytest.mark.parametrize("words", ["2月30日", "明年", "2099年"])
async def test_a_period_that_is_none_is_refused(services: Services, cast: Cast, words: str) -> None:
    assert await refused(services, cast.chief, words) in {"period_impossible", "period_future"}
