"""What is overdue: as a scan of every case says, and nobody sees what is not theirs."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from actions import clock
from actions.bootstrap import Services
from actions.cases import rows
from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.cases.standing import barred
from actions.cases.states import Clock, Verb
from actions.errors import Refusal
from actions.reports.overdue import PAGE, Late, Overdue
from actions.store.tables import cases, deadlines
from tests.cases.steps import STATION, officer_id, submit, unit_id
from tests.cast import Cast, Someone
from tests.conftest import FrozenClock


async def overdue(services: Services, who: Someone, *words: str, **given: Any) -> Overdue:
    return await services.overdue.overdue(who.turn(), *words, **given)


async def numbers(services: Services, who: Someone, *words: str) -> list[str]:
    """All of them, page by page."""
    found = await overdue(services, who, *words)
    listed = list(found.cases)
    while found.more:
        found = await overdue(services, who, *words, page=found.page + 1)
        listed += found.cases
    assert len(listed) == found.count
    return [late.number for late in listed]


async def refused(services: Services, who: Someone, *words: str, **given: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await overdue(services, who, *words, **given)
    return caught.value.key


async def test_nothing_is_overdue(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    await submit(services, cast.chen)
    found = await overdue(services, cast.chief)
    assert (found.count, found.cases, found.more) == (0, [], False)
    assert found.unit_label == "桥西分局"


async def test_which_clock_ran_out_when_and_who_holds_it(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    first = (await submit(services, cast.chen)).number
    frozen.advance(minutes=5)
    second = (await submit(services, cast.zhou, kind=CaseKind.HELP)).number
    await services.cases.act(cast.li.turn(), second, Verb.ACCEPT)
    frozen.advance(days=40)
    found = await overdue(services, cast.chief)
    late = {each.number: each for each in found.cases}
    assert late.keys() == {first, second}
    assert [each.due_at for each in found.cases] == sorted(each.due_at for each in found.cases)
    for each in found.cases:
        due = await earliest(services, each.number)
        assert (each.clock, each.due_at) == due
    assert late[first].holder == ""
    assert late[second].holder.endswith("警官")
    assert (late[second].kind, late[second].unit_label) == (CaseKind.HELP, f"桥西分局{STATION}")


async def earliest(services: Services, number: str) -> tuple[Clock, datetime]:
    query = (
        select(deadlines.c.clock, deadlines.c.due_at)
        .join(cases, cases.c.id == deadlines.c.case_id)
        .where(cases.c.number == number, deadlines.c.stopped_at.is_(None))
        .order_by(deadlines.c.due_at, deadlines.c.clock)
    )
    async with services.engine.connect() as connection:
        name, due_at = (await connection.execute(query)).first() or ("", clock.now())
    return Clock(name), due_at


async def test_as_many_as_a_scan_finds(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    """Forty cases all over the city in all states, some about somebody; every asker."""
    pick = random.Random(11)
    tree = await services.org.tree()
    stations = [u.id for u in tree.units.values() if u.kind == "station"]
    mingdeli = await unit_id(services, STATION)
    subjects = [await officer_id(services, who.badge) for who in (cast.li, cast.head, cast.liu)]
    for _ in range(40):
        unit = pick.choice([*stations, mingdeli])
        kind = pick.choice([CaseKind.COMPLAINT, CaseKind.SUGGESTION])
        draft = CaseDraft(kind, "等太久", unit_id=unit)
        who = pick.choice([cast.chen, cast.zhou])
        number = (await services.cases.submit(who.turn(), draft)).number
        if unit == mingdeli and pick.random() < 0.5:
            await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
            if pick.random() < 0.5:
                await services.cases.act(cast.li.turn(), number, Verb.ANSWER, text="办好了")
        elif pick.random() < 0.2:
            await services.cases.act(who.turn(), number, Verb.WITHDRAW)
        if pick.random() < 0.3:
            async with services.engine.begin() as connection:
                of = cases.c.number == number
                subject = {"subject_id": pick.choice(subjects)}
                await connection.execute(update(cases).where(of).values(**subject))
        frozen.advance(hours=pick.randrange(60))
    assert await scanned(services, cast.centre)
    for who in (cast.chief, cast.other, cast.centre, cast.head, cast.sub, cast.inspect):
        assert await numbers(services, who) == await scanned(services, who)
    assert await numbers(services, cast.chief, "南站") == await scanned(
        services, cast.chief, "南站"
    )
    assert await numbers(services, cast.li) == await scanned(services, cast.li, mine=True)


async def scanned(
    services: Services, who: Someone, words: str = "", *, mine: bool = False
) -> list[str]:
    """Every case, looked at one by one."""
    person = await services.people.whoami(who.turn())
    officer = person.officer
    assert officer is not None
    path = officer.unit_path
    if words:
        path = (await services.org.unit((await services.org.match_units(words))[0].unit_id)).path
    async with services.engine.connect() as connection:
        found = (await connection.execute(rows.base_query())).all()
    late = [
        row
        for row in found
        if row.closed_at is None
        and row.due_at is not None
        and row.due_at < clock.now()
        and (row.accepted_by == officer.id if mine else row.path.startswith(path))
        and (mine or not barred(row, officer))
    ]
    return [row.number for row in sorted(late, key=lambda row: (row.due_at, row.number))]


async def test_ten_on_a_page(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    for _ in range(PAGE + 3):
        await submit(services, cast.chen)
    frozen.advance(days=40)
    first, second = [await overdue(services, cast.chief, page=page) for page in (1, 2)]
    assert [len(first.cases), len(second.cases)] == [10, 3]
    assert (first.more, second.more, first.count) == (True, False, 13)
    beyond = await overdue(services, cast.chief, page=99)
    assert (beyond.page, list(beyond.cases)) == (2, list(second.cases))
    assert (await overdue(services, cast.chief, page=-1)).page == 1


async def test_each_sees_their_own(services: Services, cast: Cast, frozen: FrozenClock) -> None:
    number = (await submit(services, cast.chen)).number
    taken = (await submit(services, cast.zhou)).number
    await services.cases.act(cast.li.turn(), taken, Verb.ACCEPT)
    frozen.advance(days=40)
    assert set(await numbers(services, cast.chief)) == {number, taken}
    assert await numbers(services, cast.li, "桥西") == [taken]  # whatever is named: only their own
    assert await numbers(services, cast.wang) == await numbers(services, cast.other) == []
    assert await refused(services, cast.chen) == "not_allowed"
    assert await refused(services, cast.other, "明德里") == "not_yours"
    assert await refused(services, cast.other, "没有这个所") == "not_yours"
    mingdeli = await unit_id(services, STATION)
    assert (await overdue(services, cast.chief, unit_id=mingdeli)).count == 2
    assert await refused(services, cast.other, unit_id=mingdeli) == "not_yours"
    assert await refused(services, cast.chief, unit_id=10**6) == "not_yours"


async def test_a_supervisor_may_look_at_what_is_listed_and_do_nothing(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = (await submit(services, cast.chen, phone="13900000000")).number
    seen = await services.cases.find(cast.chief.turn(), number)
    assert (seen.number, seen.may, seen.mine) == (number, [], False)
    assert seen.phone == "139****0000"
    assert await services.cases.history(cast.chief.turn(), number)
    for call in (
        services.cases.act(cast.chief.turn(), number, Verb.ACCEPT),
        services.cases.links(cast.chief.turn(), number),
        services.cases.find(cast.other.turn(), number),
    ):
        with pytest.raises(Refusal) as caught:
            await call
        assert caught.value.key == "case_not_found"


async def test_a_supervisor_sees_nothing_of_what_is_about_them(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = (await submit(services, cast.chen)).number
    subject = {"subject_id": await officer_id(services, cast.chief.badge)}
    async with services.engine.begin() as connection:
        await connection.execute(update(cases).where(cases.c.number == number).values(**subject))
    frozen.advance(days=40)
    assert await numbers(services, cast.chief) == []
    assert await numbers(services, cast.sub) == [number]
    with pytest.raises(Refusal) as caught:
        await services.cases.find(cast.chief.turn(), number)
    assert caught.value.key == "case_not_found"


async def test_open_cases_are_read_by_an_index(services: Services, cast: Cast) -> None:
    async with services.engine.connect() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await connection.execute(
            text(
                "EXPLAIN SELECT c.number FROM cases AS c JOIN units AS u ON u.id = c.unit_id"
                " WHERE c.closed_at IS NULL AND c.due_at < now() AND u.path LIKE '/1/%'"
            )
        )
        assert "ix_cases_open" in "\n".join(plan.scalars())


def test_a_page_says_whether_there_is_more() -> None:
    late: list[Late] = []
    now = datetime(2026, 11, 20) + timedelta()  # noqa: DTZ001
    assert not Overdue(1, "桥西分局", 10, 1, late, now).more
    assert Overdue(1, "桥西分局", 11, 1, late, now).more
