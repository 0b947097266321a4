"""Many messages for whose answers nobody waits: they take their turns, others go first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from actions.bootstrap import Services
from bot.choices import Intent
from bot.gateway import AT_ONCE
from bot.message import Outgoing
from bot.nlu import Reply
from tests.bot.test_gateway import Gateways, StandInForRasa, words


@pytest.fixture
async def gateways(services: Services) -> AsyncIterator[Gateways]:
    made = Gateways(services)
    yield made
    for one in made.made:
        await one.settle()


async def test_who_waits_is_answered_before_a_flood_is_worked_off(
    services: Services, gateways: Gateways
) -> None:
    """Rasa answers nobody of the flood until the one who waits has been answered."""
    go = asyncio.Event()
    most = running = 0

    async def script(said: str | Intent) -> list[Reply]:
        nonlocal most, running
        if said == "急":
            return [Reply("在", ())]
        running += 1
        most = max(most, running)
        await go.wait()
        running -= 1
        return [Reply("好", ())]

    rasa = StandInForRasa(script)
    gateway = gateways(rasa)
    for number in range(AT_ONCE * 3):
        flood = words("1", f"f{number}", f"openid-{number}")
        assert await gateway.receive(flood, wait=0) is None
    assert await gateway.receive(words("急", "urgent"), wait=10) == [Outgoing("在")]
    assert most <= AT_ONCE
    go.set()
    await gateway.settle(30)
    assert len(rasa.asked) == AT_ONCE * 3 + 1
    assert most == AT_ONCE
