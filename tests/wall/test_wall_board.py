"""One board for all screens and gateways; each process by itself where Redis is gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from actions.bootstrap import Services
from actions.reports.intervals import Counts
from actions.wall import board as module
from actions.wall.board import Boards
from actions.wall.rates import Held
from actions.wall.service import Wall
from actions.wall.snapshot import Snapshot
from tests.conftest import FrozenClock
from tests.wall_data import rate, unit_id


class Counted(Wall):
    """A wall that counts how often it is computed, and fails when told to."""

    times = 0
    broken = False

    async def look(self, unit_id: int, shown: Mapping[str, Counts]) -> tuple[Snapshot, Held]:
        self.times += 1
        if self.broken:
            raise OSError("broken by the test")
        return await super().look(unit_id, shown)


@pytest.fixture
def wall(services: Services) -> Counted:
    return Counted(services.engine, services.org)


async def again(services: Services, unit: int) -> None:
    """Lets the last board be old, without waiting."""
    await services.redis.delete(f"wall:turn:{unit}")


def today(body: str) -> Any:
    return json.loads(body)["ways"][0]["today"]


async def test_many_screens_of_many_gateways_one_computation(
    services: Services, wall: Counted, frozen: FrozenClock
) -> None:
    unit = await unit_id(services, "桥西分局")
    gateways = [Boards(wall, services.redis) for _ in range(3)]
    looks = await asyncio.gather(*(each.look(unit) for each in gateways for _ in range(10)))
    assert wall.times == 1
    boards = [look for look in looks if look is not None]
    assert boards
    assert {look.body for look in boards} == {boards[0].body}
    assert await gateways[2].look(unit) == boards[0]


async def test_the_next_one_is_computed_when_it_is_old(
    services: Services, wall: Counted, frozen: FrozenClock
) -> None:
    unit, boards = await unit_id(services, "桥西分局"), Boards(wall, services.redis)
    first = await boards.look(unit)
    frozen.advance(minutes=1)
    await again(services, unit)
    second = await boards.look(unit)
    assert first is not None
    assert second is not None
    assert wall.times == 2
    assert second.body == first.body  # so that nothing is sent
    assert second.as_of - first.as_of > timedelta(minutes=1)


async def test_what_was_shown_is_remembered_by_all_gateways(
    services: Services, wall: Counted, frozen: FrozenClock
) -> None:
    unit = await unit_id(services, "桥西分局")
    seen = []
    for more in (40, 4, 1):
        await rate(services, "明德里派出所", frozen.moment, satisfied=more)
        await again(services, unit)
        look = await Boards(wall, services.redis).look(unit)
        assert look is not None
        seen.append(today(look.body)["n"])
    assert seen == [40, 40, 45]


async def test_without_redis_each_process_by_itself(
    services: Services, wall: Counted, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = await unit_id(services, "桥西分局")
    gone = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=1)
    boards = Boards(wall, gone)
    await rate(services, "明德里派出所", frozen.moment, satisfied=40)
    first = await boards.look(unit)
    assert first is not None
    assert await boards.look(unit) == first
    assert wall.times == 1
    monkeypatch.setattr(module, "FRESH", 0.0)
    await rate(services, "明德里派出所", frozen.moment, satisfied=4)
    second = await boards.look(unit)
    assert second is not None
    assert today(second.body)["n"] == 40  # held back here, too
    await gone.aclose()


async def test_who_fails_to_compute_says_so_and_the_others_show_the_last_one(
    services: Services, wall: Counted, frozen: FrozenClock
) -> None:
    unit, boards = await unit_id(services, "桥西分局"), Boards(wall, services.redis)
    first = await boards.look(unit)
    await again(services, unit)
    wall.broken = True
    with pytest.raises(OSError, match="broken"):
        await boards.look(unit)
    assert await boards.look(unit) == first


async def test_no_such_unit(services: Services, wall: Counted) -> None:
    with pytest.raises(KeyError):
        await Boards(wall, services.redis).look(10_000_000)
