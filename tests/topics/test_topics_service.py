"""What citizens wrote about, as supervisors see it: whose texts, with what rights, kept and waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from actions import clock
from actions.bootstrap import Services
from actions.cases.kinds import CaseKind
from actions.errors import Refusal
from actions.org.org import Unit
from actions.reports.periods import Period, read_period
from actions.store.tables import cases, topic_reports
from actions.topics import runner, service
from actions.topics.building import FoundGroup
from actions.topics.report import TopicReport, Trend
from tests.cases.steps import officer_id
from tests.cast import Cast, citizen
from tests.conftest import FrozenClock
from tests.topics.town_talk import odd, say

THEFTS = say("theft", 14)


async def named(services: Services, name: str) -> Unit:
    return next(u for u in (await services.org.tree()).units.values() if u.name == name)


async def told(
    services: Services,
    unit: Unit,
    texts: Sequence[str],
    *,
    kind: CaseKind = CaseKind.COMPLAINT,
    days_ago: int = 0,
    citizens: int | None = None,
    prefix: str = "a",
    **values: object,
) -> list[str]:
    """Cases at the unit, each of another citizen unless `citizens` says of how many; their numbers."""
    people = [
        await citizen(services, f"openid-{prefix}-{n}") for n in range(citizens or len(texts))
    ]
    made = [
        (await _row(services, unit, text, people[at % len(people)].conversation))
        | {"kind": kind, "created_at": clock.now() - timedelta(days=days_ago), **values}
        for at, text in enumerate(texts)
    ]
    async with services.engine.begin() as connection:
        await connection.execute(insert(cases), made)
    return [str(row["number"]) for row in made]


async def _row(services: Services, unit: Unit, text: str, conversation: str) -> dict[str, object]:
    async with services.engine.connect() as connection:
        person = await services.people.person(connection, conversation)
    case_id = clock.new_id()
    now = clock.now()
    return {
        "id": case_id,
        "number": f"HY2026-{case_id.int % 10**12:012d}",
        "short_code_digest": case_id.bytes,
        "short_code_sealed": b"",
        "state": "submitted",
        "unit_id": unit.id,
        "identity_id": person.identity_id,
        "matter_sealed": services.vault.seal_json(
            {"what": text, "when": "", "where": "", "who": ""}
        ),
        "anonymous": False,
        "answer_by": now,
        "updated_at": now,
    }


def this_week() -> Period:
    found = read_period("本周", clock.now())
    assert found is not None
    return found


async def shown(services: Services, unit: Unit, said: str = "本周") -> TopicReport:
    """The report, however long it takes."""
    period = read_period(said, clock.now())
    assert period is not None
    return await services.topics.topics(unit, period, patience=None)


async def test_groups_of_the_subtree(services: Services, frozen: FrozenClock) -> None:
    """Of both stations of the county, and nothing of another county."""
    one, two = await named(services, "明德里派出所"), await named(services, "南站派出所")
    other = await named(services, "桥东分局")
    await told(services, one, THEFTS[:7])
    await told(services, two, [*THEFTS[7:], *odd(12)], prefix="b")
    await told(services, other, say("dogs", 30), prefix="c")
    report = await shown(services, await named(services, "桥西分局"))
    assert report.texts == 26
    theft = report.groups[0]
    assert "电动车" in theft.name
    assert theft.count >= 10
    assert len(theft.examples) == 3
    assert all(each.number in theft.cases for each in theft.examples)
    assert not any("拴绳" in group.name for group in report.groups)
    assert report.ungrouped == 26 - sum(group.count for group in report.groups)


async def test_compared_with_the_week_before(services: Services, frozen: FrozenClock) -> None:
    """Thefts are new, queues as many as before."""
    unit = await named(services, "明德里派出所")
    await told(services, unit, [*THEFTS, *say("queue", 15), *odd(10)])
    await told(services, unit, [*say("queue", 15, 2), *odd(15, 2)], days_ago=7, prefix="b")
    report = await shown(services, unit)
    trends = {word: group.trend for group in report.groups for word in group.name}
    assert report.compared
    assert report.groups[0].trend is Trend.NEW
    assert report.groups[0].before == 0
    assert trends["电动车"] is Trend.NEW
    assert trends["排队"] is Trend.STEADY


async def test_what_counts(services: Services, frozen: FrozenClock) -> None:
    """Not praise, not what was withdrawn, not ratings without words, not other weeks."""
    unit = await named(services, "明德里派出所")
    await told(services, unit, ["多谢民警送我回家"], kind=CaseKind.PRAISE)
    await told(services, unit, ["车被偷了"], closed_as="withdrawn")
    await told(services, unit, ["", " 1"], kind=CaseKind.UNSATISFIED)
    await told(services, unit, ["车被偷了"], days_ago=7)
    counted = [kind for kind in CaseKind if kind is not CaseKind.PRAISE]
    for kind in counted:
        await told(services, unit, ["车被偷了"], kind=kind)
    report = await shown(services, unit)
    assert report.texts == len(counted)
    assert report.too_few
    assert report.groups == ()


async def test_a_period_with_nothing(services: Services, frozen: FrozenClock) -> None:
    report = await shown(services, await named(services, "明德里派出所"), "去年")
    assert (report.texts, report.groups, report.ungrouped) == (0, (), 0)


async def test_four_citizens_are_not_shown(services: Services, frozen: FrozenClock) -> None:
    unit = await named(services, "明德里派出所")
    await told(services, unit, THEFTS, citizens=4)
    await told(services, unit, odd(20), prefix="b")
    report = await shown(services, unit)
    assert not any("电动车" in group.name for group in report.groups)


async def test_no_example_of_a_case_about_an_officer(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    """Counted, but neither shown to LI's head as an example nor in the list of cases."""
    unit = await named(services, "明德里派出所")
    about = await officer_id(services, cast.li.badge)
    hidden = await told(services, unit, THEFTS, subject_id=about)
    await told(services, unit, [*say("queue", 15), *odd(6)], prefix="b")
    report = await shown(services, unit)
    theft = next(group for group in report.groups if "电动车" in group.name)
    assert theft.count >= 10
    assert theft.examples == ()
    assert await services.topics.group_cases(cast.head.turn(), theft.cases) == []
    seen = await services.topics.group_cases(cast.chief.turn(), theft.cases)
    assert {case.number for case in seen} == set(theft.cases) <= set(hidden)


async def test_who_may_ask(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    """Supervisors of their own subtree; others and citizens nothing, nor a group's cases."""
    unit = await named(services, "明德里派出所")
    numbers = await told(services, unit, ["我叫张伟，车被偷了，电话13900000000"])
    assert (
        await services.topics.ask(cast.chief.turn(), "本周 明德里派出所", patience=None)
    ).texts == 1
    assert (await services.topics.ask(cast.head.turn(), "", patience=None)).unit_id == unit.id
    for someone, key in (
        (cast.other, "not_yours"),
        (cast.li, "not_allowed"),
        (cast.chen, "not_allowed"),
    ):
        with pytest.raises(Refusal) as refusal:
            await services.topics.ask(someone.turn(), "本周 明德里派出所")
        assert refusal.value.key == key
    with pytest.raises(Refusal, match="not_allowed"):
        await services.topics.group_cases(cast.chen.turn(), numbers)
    assert await services.topics.group_cases(cast.other.turn(), numbers) == []
    (case,) = await services.topics.group_cases(cast.chief.turn(), numbers)
    assert "张伟" not in case.gist
    assert "13900000000" not in case.gist
    (mine,) = await services.topics.group_cases(cast.head.turn(), numbers)
    assert mine.opens


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts each search was given."""
    found: list[int] = []

    async def find(now: Sequence[str], before: Sequence[str]) -> list[FoundGroup]:
        found.append(len(now))
        return [FoundGroup(("车",), list(range(len(now))), [], [(0, now[0])])]

    monkeypatch.setattr(service, "find_apart", find)
    return found


async def test_kept_and_found_again_when_more_was_written(
    services: Services, frozen: FrozenClock, looked: list[int]
) -> None:
    unit = await named(services, "明德里派出所")
    await told(services, unit, THEFTS * 2)
    first = await shown(services, unit)
    assert await shown(services, unit) == first
    frozen.advance(hours=2)
    assert await shown(services, unit) == first  # nobody has written since
    await told(services, unit, ["又一辆车被偷"], prefix="b")
    assert (await shown(services, unit)).texts == 29
    await told(services, unit, ["又一辆车被偷"], prefix="c")
    assert (await shown(services, unit)).texts == 29  # within the hour
    assert looked == [28, 29]


async def test_what_is_kept_is_sealed_and_goes(
    services: Services, frozen: FrozenClock, looked: list[int]
) -> None:
    unit = await named(services, "明德里派出所")
    await told(services, unit, THEFTS * 2)
    await shown(services, unit)
    async with services.engine.connect() as connection:
        (row,) = (await connection.execute(select(topic_reports))).all()
    assert "电动车".encode() not in bytes(row.report_sealed)
    assert services.vault.open_json(row.report_sealed)["texts"] == 28
    frozen.advance(days=8)
    await told(services, unit, THEFTS * 2, prefix="b")
    await shown(services, unit)
    async with services.engine.connect() as connection:
        assert len((await connection.execute(select(topic_reports))).all()) == 1


async def test_who_asks_does_not_wait_for_long(
    services: Services, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked by two at once it is found once; it goes on, and is there when asked again."""
    unit = await named(services, "明德里派出所")
    await told(services, unit, THEFTS * 2)
    go_on, begun = asyncio.Event(), 0

    async def find(now: Sequence[str], before: Sequence[str]) -> list[FoundGroup]:
        nonlocal begun
        begun += 1
        await go_on.wait()
        return []

    monkeypatch.setattr(service, "find_apart", find)
    for _ in range(2):
        with pytest.raises(Refusal, match="topics_later"):
            await services.topics.topics(unit, this_week(), patience=0)
    waiting = asyncio.create_task(services.topics.topics(unit, this_week(), patience=None))
    go_on.set()
    assert (await waiting).texts == 28
    assert (await services.topics.topics(unit, this_week(), patience=0)).texts == 28
    assert begun == 1


async def test_too_many(
    services: Services, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch, looked: list[int]
) -> None:
    monkeypatch.setattr(service, "MOST", 20)
    unit = await named(services, "明德里派出所")
    await told(services, unit, THEFTS * 2)
    with pytest.raises(Refusal) as refusal:
        await shown(services, unit)
    assert (refusal.value.key, refusal.value.params) == ("topics_too_many", {"count": "20"})
    assert looked == []


async def test_a_round_finds_the_usual_periods_once(
    services: Services, frozen: FrozenClock, looked: list[int]
) -> None:
    """Of the city and each county; with nothing new there is nothing to do in the next round."""
    await told(services, await named(services, "明德里派出所"), THEFTS * 2)
    counties = [u for u in (await services.org.tree()).units.values() if u.kind == "county"]
    assert await services.topics.round() == (len(counties) + 1) * len(service.USUAL)
    assert await services.topics.round() == 0
    before = len(looked)
    await shown(services, await named(services, "桥西分局"))
    assert len(looked) == before


async def test_a_search_that_fails_says_no_word_of_the_texts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(RuntimeError) as failed:
        await runner.find_apart(["电动车", None], [])  # type: ignore[list-item]
    assert "电动车" not in str(failed.value)
    monkeypatch.setattr(runner, "LONGEST", 0.0)
    with pytest.raises(TimeoutError):
        await runner.find_apart(THEFTS, [])
