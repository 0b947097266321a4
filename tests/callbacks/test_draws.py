"""The month's spot checks: from whom, how many, once, and the same when drawn again."""

from __future__ import annotations

from sqlalchemy import select, update

from actions.callbacks.draw import draw
from actions.callbacks.draws import Lot
from actions.cases.kinds import CaseKind
from actions.cases.states import Verb
from actions.store.tables import draws, identities, units
from tests.callbacks.conftest import Found
from tests.callbacks.town import SPOT_CHECKS, Town
from tests.cases.steps import refused, told, unit_id


async def draw_now(town: Town) -> int:
    return await town.services.callbacks.draw_month(town.clock())


async def spot_checked(town: Town, numbers: list[str]) -> set[str]:
    """Those of the cases that have an open spot check."""
    found = set()
    for number in numbers:
        tasks = await town.tasks(number)
        if any(task.kind == "spot_check" and task.state == "open" for task in tasks):
            found.add(number)
    return found


async def leaves(town: Town) -> None:
    """CHEN has left the channel."""
    async with town.services.engine.begin() as connection:
        statement = update(identities).where(
            identities.c.conversation == town.cast.chen.conversation
        )
        await connection.execute(statement.values(state="unsubscribed"))


async def test_drawn_from_what_was_closed_the_month_before(found: Found) -> None:
    """Of five cases of November: three closed, one withdrawn, one open; and one of December."""
    town: Town = await found(spot_checks={**SPOT_CHECKS, "each_month": 10})
    closed = [await town.close(grade) for grade in ("satisfied", "basically", "unsatisfied")]
    gone = await town.open()
    await town.act(town.cast.chen, gone, Verb.WITHDRAW)
    still = await town.open()
    town.at("12-01 00:05")
    later = await town.close()
    assert await draw_now(town) == 1
    every = [*closed, gone, still, later]
    assert await spot_checked(town, every) == set(closed)
    (view,) = await town.services.callbacks.latest_draws(town.cast.centre.turn())
    assert (view.period, view.population, view.chosen, view.open) == ("2026-11", 3, 3, 3)
    assert view.unit_label == "云州市公安局"
    assert view.as_recorded


async def test_as_many_as_the_policy_says_and_only_once(found: Found) -> None:
    town: Town = await found(spot_checks=SPOT_CHECKS)
    numbers = [await town.close() for _ in range(5)]
    town.at("12-01 09:00")
    assert await draw_now(town) == 1
    drawn = await spot_checked(town, numbers)
    assert len(drawn) == 2
    assert sorted(await town.listed(town.cast.centre)) == sorted(drawn)
    town.at("12-20 09:00")
    assert await draw_now(town) == 0
    assert await spot_checked(town, numbers) == drawn


async def test_two_workers_at_once_draw_once(found: Found) -> None:
    """The second comes to a draw that stands already."""
    town: Town = await found(spot_checks=SPOT_CHECKS)
    await town.close()
    town.at("12-01 09:00")
    service = town.services.callbacks._draws
    async with town.services.engine.connect() as connection:
        tree = await town.services.org.tree(connection)
    city = next(unit for unit in tree.units.values() if unit.parent_id is None)
    rule = town.services.policy.spot_checks
    assert rule is not None
    for expected in (True, False):
        async with town.services.engine.begin() as connection:
            lot = Lot(city, "centre", whole=True)
            made = await service._draw(connection, lot, rule, "2026-11", town.clock())
            assert made is expected


async def test_it_is_drawn_again_from_the_recorded_seed(found: Found) -> None:
    """With what was closed, though one of the cases was reopened since."""
    town: Town = await found(spot_checks=SPOT_CHECKS)
    numbers = [await town.close() for _ in range(6)]
    town.at("12-01 09:00")
    await draw_now(town)
    drawn = await spot_checked(town, numbers)
    await town.act(town.cast.chen, min(drawn), Verb.REOPEN, text="又出现了")
    async with town.services.engine.connect() as connection:
        row = (await connection.execute(select(draws))).one()
    assert len(row.seed) == 32
    assert set(draw(numbers, 2, row.seed)) == drawn
    city = await unit_id(town.services, "云州市公安局")
    assert set(await town.services.callbacks._drawn.again("2026-11", city)) == drawn
    (view,) = await town.services.callbacks.latest_draws(town.cast.inspect.turn())
    assert view.as_recorded
    assert view.seed == row.seed


async def test_another_seed_is_noticed(found: Found) -> None:
    town: Town = await found(spot_checks={**SPOT_CHECKS, "each_month": 1})
    numbers = [await town.close() for _ in range(4)]
    town.at("12-01 09:00")
    await draw_now(town)
    (drawn,) = await spot_checked(town, numbers)
    forged = next(seed for seed in map(str, range(99)) if draw(numbers, 1, seed) != [drawn])
    async with town.services.engine.begin() as connection:
        await connection.execute(update(draws).values(seed=forged))
    (view,) = await town.services.callbacks.latest_draws(town.cast.centre.turn())
    assert not view.as_recorded


async def test_who_cannot_be_reached_is_passed_over_and_that_is_kept(found: Found) -> None:
    """CHEN's cases without a number, after CHEN left the channel; ZHOU's can be called."""
    town: Town = await found(spot_checks={**SPOT_CHECKS, "each_month": 10})
    silent = [await town.close(phone="") for _ in range(3)]
    called = await town.close()
    await leaves(town)
    town.at("12-01 09:00")
    await draw_now(town)
    assert await spot_checked(town, [*silent, called]) == {called}
    (view,) = await town.services.callbacks.latest_draws(town.cast.centre.turn())
    assert (view.population, view.chosen, view.as_recorded) == (4, 1, True)


async def test_only_the_satisfied_where_the_policy_says_so(found: Found) -> None:
    town: Town = await found(spot_checks={**SPOT_CHECKS, "each_month": 10, "of": ["satisfied"]})
    content, not_content = await town.close("basically"), await town.close("unsatisfied")
    town.at("12-01 09:00")
    await draw_now(town)
    assert await spot_checked(town, [content, not_content]) == {content}


async def test_each_county_draws_its_own(found: Found) -> None:
    """Four counties, and the centre for what belongs to none."""
    town: Town = await found(spot_checks={**SPOT_CHECKS, "by": "sub_centre", "each_month": 10})
    qiaoxi = await town.close()
    city = await town.open(kind=CaseKind.SUGGESTION, unit_id=await town_id(town))
    await town.answer(city, by=town.cast.centre)
    await town.act(town.cast.chen, city, Verb.RATE_RESULT, grade="satisfied")
    town.at("12-01 09:00")
    assert await draw_now(town) == 5
    assert await town.listed(town.cast.sub) == [qiaoxi]
    (own,) = await town.services.callbacks.latest_draws(town.cast.sub.turn())
    assert (own.unit_label, own.population) == ("桥西分局", 1)
    every = await town.services.callbacks.latest_draws(town.cast.inspect.turn())
    assert sorted(view.population for view in every) == [0, 0, 0, 1, 1]
    assert all(view.as_recorded for view in every)
    assert await town.listed(town.cast.centre) == []  # the centre's own work


async def town_id(town: Town) -> int:
    async with town.services.engine.connect() as connection:
        query = select(units.c.id).where(units.c.parent_id.is_(None))
        return int((await connection.execute(query)).scalar_one())


async def test_those_who_call_are_told_once(found: Found) -> None:
    town: Town = await found(spot_checks=SPOT_CHECKS)
    for _ in range(3):
        await town.close()
    town.at("12-01 09:00")
    await draw_now(town)
    await draw_now(town)
    heard = [text for text in await told(town.services, town.cast.centre) if "抽查" in text]
    assert heard == ["抽查回访：云州市公安局 2026-11 办结的 3 件里抽了 2 件，请在月底前打完。"]


async def test_none_where_the_policy_has_none_and_seen_by_few(found: Found) -> None:
    town: Town = await found()
    assert await draw_now(town) == 0
    assert await town.services.callbacks.latest_draws(town.cast.centre.turn()) == []
    for name in ("chen", "li", "chief"):
        call = town.services.callbacks.latest_draws(getattr(town.cast, name).turn())
        assert (await refused(call)).key == "draws_not_yours"
