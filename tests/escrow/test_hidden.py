"""Whom a case is about, and who leads them, learn nothing of it: not who complained, not that.

LI is complained about; HEAD leads LI's station.
"""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import insert, select

from actions import clock
from actions.bootstrap import Services
from actions.cases.case import Receipt
from actions.cases.states import Verb
from actions.store.tables import cases, deliveries, identities, units
from tests.asking import asked
from tests.cases.steps import PHONE, officer_id, refused, submit, told, unit_id
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("frozen")
BARRED = ("li", "head")
WHAT = "李警官收了材料又说没收到"


async def about_li(services: Services, cast: Cast) -> Receipt:
    about = await officer_id(services, cast.li.badge)
    return await submit(services, cast.chen, officer_id=about, what=WHAT)


@pytest.mark.parametrize("name", BARRED)
async def test_no_way_in(services: Services, cast: Cast, name: str) -> None:
    """By number, by short code, by list, by history, by its clocks, its likenesses, its looks."""
    receipt = await about_li(services, cast)
    someone = getattr(cast, name)
    number = receipt.number
    for call in (
        services.cases.find(someone.turn(), number),
        services.cases.find(someone.turn(), receipt.short_code),
        services.cases.history(someone.turn(), number),
        services.cases.clocks(someone.turn(), number),
        services.cases.links(someone.turn(), number),
        services.cases.act(someone.turn(), number, Verb.ACCEPT),
        services.callbacks.script(someone.turn(), number),
        services.looks.at(someone.turn(), number),
        services.escrow.ask(someone.turn(), number, "想知道是谁"),
    ):
        assert (await refused(call)).key == "case_not_found"
    assert await services.cases.open_for_officer(someone.turn()) == []
    assert await services.cases.mine(someone.turn()) == []
    assert await services.callbacks.open_for(someone.turn()) == []


@pytest.mark.parametrize("name", BARRED)
async def test_no_word_of_it_through_its_whole_life(
    services: Services, cast: Cast, name: str
) -> None:
    """Opened, accepted, asked and answered, extended, urged, answered, rated, asked about later."""
    number = (await about_li(services, cast)).number
    centre, chen = cast.centre, cast.chen
    steps = [
        (centre, Verb.ACCEPT, {}),
        (centre, Verb.ASK, {"text": "哪一天？"}),
        (chen, Verb.REPLY, {"text": "上周三"}),
        (chen, Verb.URGE, {}),
        (chen, Verb.ADD_FACTS, {"text": "有收据"}),
        (centre, Verb.EXTEND, {"span": "2 working days", "text": "调监控"}),
        (centre, Verb.VERIFY, {"finding": "partly", "text": "登记漏了"}),
        (centre, Verb.ANSWER, {"text": "已补登记"}),
        (chen, Verb.RATE_RESULT, {"grade": "satisfied"}),
        (chen, Verb.REPORT_TREATMENT, {"treated": "badly", "text": "被刁难"}),
    ]
    for who, verb, given in steps:
        await services.cases.act(who.turn(), number, verb, **given)
    assert await told(services, getattr(cast, name)) == []


async def test_its_alarms_do_not_reach_them_either(
    services: Services, cast: Cast, frozen: object
) -> None:
    """Nobody takes it for a week: warned, urged, escalated to every level."""
    await about_li(services, cast)
    frozen.advance(days=7)  # type: ignore[attr-defined]
    await services.rounds.minute()
    frozen.advance(hours=18)  # type: ignore[attr-defined]  # out of the quiet hours
    await services.rounds.minute()
    for name in BARRED:
        assert await told(services, getattr(cast, name)) == [], name


async def test_the_stations_group_gets_no_card(services: Services, cast: Cast) -> None:
    """The group of LI's station; a case that is not about anybody is posted there."""
    group = await bound_group(services, "明德里派出所")
    await about_li(services, cast)
    assert await posted(services, group) == []
    await submit(services, cast.zhou)
    assert len(await posted(services, group)) == 1


async def test_named_later_it_goes_above_them_and_they_hear_no_more(
    services: Services, cast: Cast
) -> None:
    """The case was with the station when the sub-centre found out whom it is about."""
    number = (await submit(services, cast.chen)).number
    before = {name: len(await told(services, getattr(cast, name))) for name in BARRED}
    await services.cases.act(cast.sub.turn(), number, Verb.NAME_SUBJECT, officer=cast.li.badge)
    await services.cases.act(cast.chen.turn(), number, Verb.URGE)
    for name in BARRED:
        assert len(await told(services, getattr(cast, name))) == before[name], name
        find = services.cases.find(getattr(cast, name).turn(), number)
        assert (await refused(find)).key == "case_not_found"
    async with services.engine.connect() as connection:
        query = (
            select(units.c.name)
            .join(cases, cases.c.unit_id == units.c.id)
            .where(cases.c.number == number)
        )
        assert (await connection.execute(query)).scalar_one() == "桥西分局"


async def test_figures_count_and_name_nobody(services: Services, cast: Cast) -> None:
    """HEAD may ask for the station's figures: the lifted case is not in them."""
    await about_li(services, cast)
    figures = await services.work_reports.work_figures(cast.head.turn(), "本月")
    assert (figures.closed, figures.calls) == (0, {})
    stats = await asked(services, cast.head, "今天")
    assert stats.opened == 0


async def test_those_above_see_the_case_but_not_the_number(services: Services, cast: Cast) -> None:
    number = (await about_li(services, cast)).number
    for name in ("sub", "centre", "inspect"):
        view = await services.cases.find(getattr(cast, name).turn(), number)
        assert (view.escrow, view.phone) == (True, ""), name
        assert PHONE not in "".join(await told(services, getattr(cast, name))), name


async def bound_group(services: Services, unit: str) -> uuid.UUID:
    """A group chat bound to the unit: its identity."""
    new = clock.new_id()
    async with services.engine.begin() as connection:
        await connection.execute(
            insert(identities).values(
                id=new,
                channel="telegram",
                sender_digest=new.bytes,
                sender_sealed=services.vault.seal("-100"),
                conversation=f"c{new.hex}",
                kind="group",
                unit_id=await unit_id(services, unit),
                created_at=clock.now(),
            )
        )
    return new


async def posted(services: Services, group: uuid.UUID) -> list[str]:
    query = select(deliveries.c.content_sealed).where(deliveries.c.identity_id == group)
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalars().all()
    return [services.vault.open_json(content)["text"] for content in sealed]
