"""Danger: the duty desk hears of it at once, and once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from actions.bootstrap import Services
from actions.store.tables import deliveries, identities, officers
from tests.cast import Cast, Someone, gather_cast
from tests.installation import Servers, installation


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture(scope="module")
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


async def alerts(services: Services, someone: Someone) -> list[str]:
    query = (
        select(deliveries.c.content_sealed)
        .join(identities, identities.c.id == deliveries.c.identity_id)
        .where(identities.c.conversation == someone.conversation, deliveries.c.topic == "duty")
        .order_by(deliveries.c.id)
    )
    async with services.engine.connect() as connection:
        sealed = (await connection.execute(query)).scalars().all()
    return [services.vault.open_json(content)["text"] for content in sealed]


@pytest.mark.parametrize("kind", ["danger", "self_harm"])
async def test_the_desk_is_told_in_the_persons_words(
    services: Services, cast: Cast, kind: str
) -> None:
    words = "有人在砸我家门 {怎么办}"
    assert await services.duty.alert(cast.chen.turn(), kind, words) == 1
    told = (await alerts(services, cast.centre))[-1]
    assert told.startswith("【紧急】")
    assert words in told
    assert cast.chen.conversation[-6:] in told
    for someone in (cast.li, cast.chief, cast.chen):
        assert await alerts(services, someone) == []


async def test_a_retried_turn_alerts_once(services: Services, cast: Cast) -> None:
    turn = cast.chen.turn()
    before = len(await alerts(services, cast.centre))
    for _ in range(2):
        await services.duty.alert(turn, "danger", "救命")
    assert len(await alerts(services, cast.centre)) == before + 1


async def test_the_desk_is_told_in_its_own_language(services: Services, cast: Cast) -> None:
    await services.people.set_language(cast.centre.turn(), "en")
    await services.duty.alert(cast.chen.turn(), "danger", "救命")
    assert (await alerts(services, cast.centre))[-1].startswith("[URGENT]")
    await services.people.set_language(cast.centre.turn(), "zh")


async def test_an_empty_desk_is_no_fault(services: Services, cast: Cast) -> None:
    """Nobody bound, or all have left: the citizen is sent to 110 all the same."""
    statement = update(officers).where(officers.c.badge == cast.centre.badge)
    async with services.engine.begin() as connection:
        await connection.execute(statement.values(active=False))
    assert await services.duty.alert(cast.chen.turn(), "danger", "救命") == 0
    async with services.engine.begin() as connection:
        await connection.execute(statement.values(active=True))


async def test_an_unknown_kind_is_a_fault(services: Services, cast: Cast) -> None:
    with pytest.raises(KeyError):
        await services.duty.alert(cast.chen.turn(), "boredom", "好无聊")
