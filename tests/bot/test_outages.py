"""What waits for a platform goes out when it is back, not when its back-off ends."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import uuid

import pytest
from sqlalchemy import text

from bot.channels.base import TransportError
from bot.outages import AT_MOST, PROBE, Outages, begin_anew
from bot.worker import work
from tests.bot.delivering import HURRIED, Installation

AWAY = TransportError("HTTP 502", code="502", outage=True)
DOUBTFUL = TransportError("the line was cut", code="network", outage=True, doubt=True)
LATER = "UPDATE procrastinate_jobs SET attempts = 8, scheduled_at = now() + interval '{}'"
DUE = """SELECT args ->> 'delivery_id' AS id, attempts FROM procrastinate_jobs
    WHERE task_name = 'deliver' AND scheduled_at <= now()"""


class Ticks:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def outages(ticks: Ticks) -> Outages:
    return Outages(ticks)


@pytest.fixture
async def waiting(there: Installation) -> list[uuid.UUID]:
    """Three deliveries to three people, each to be tried again in ten minutes."""
    for name in ("openid-chen", "openid-zhou", "openid-wu"):
        await there.tell(await there.meet(name), f"您好，{name}")
    await change(there, LATER.format("10 minutes"))
    return [row.id for row in await there.rows()]


async def change(there: Installation, statement: str) -> None:
    async with there.services.engine.begin() as connection:
        await connection.execute(text(statement))


async def due(there: Installation) -> dict[uuid.UUID, int]:
    """The deliveries that are due, and how many attempts count."""
    async with there.services.engine.connect() as connection:
        rows = (await connection.execute(text(DUE))).all()
    return {uuid.UUID(row.id): row.attempts for row in rows}


async def tried(there: Installation) -> None:
    """Returns when the first delivery has failed once."""
    for _ in range(600):
        if (await there.rows())[0].attempts:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("no attempt was made")


async def test_all_that_waits_goes_when_anything_went(
    there: Installation, outages: Outages, waiting: list[uuid.UUID]
) -> None:
    for each in waiting[:2]:
        outages.failed("wechat", each, AWAY)
    outages.failed("telegram", waiting[2], AWAY)
    outages.sent("wechat", uuid.uuid4())
    await outages.look(there.services.engine)
    assert await due(there) == dict.fromkeys(waiting[:2], 8)


async def test_one_tries_every_few_seconds_and_it_does_not_count(
    there: Installation, outages: Outages, ticks: Ticks, waiting: list[uuid.UUID]
) -> None:
    doubtful, first, second = waiting
    outages.failed("wechat", doubtful, DOUBTFUL)
    outages.failed("wechat", first, AWAY)
    outages.failed("wechat", second, AWAY)
    ticks.now += PROBE - 0.1
    await outages.look(there.services.engine)
    assert await due(there) == {}
    ticks.now += 0.1
    await outages.look(there.services.engine)
    assert await due(there) == {first: 7}
    ticks.now += PROBE
    await outages.look(there.services.engine)
    assert await due(there) == {first: 7, second: 7}, "each in its turn, never what may be there"


@pytest.mark.parametrize(
    "error",
    [
        TransportError("refused", permanent=True, outage=True),
        TransportError("flood", code="429", retry_after=30, outage=True),
        TransportError("a bad word"),
    ],
    ids=["for good", "told to wait", "this message only"],
)
async def test_what_has_its_own_time_keeps_it(
    there: Installation,
    outages: Outages,
    ticks: Ticks,
    waiting: list[uuid.UUID],
    error: TransportError,
) -> None:
    outages.failed("wechat", waiting[0], error)
    outages.sent("wechat", waiting[1])
    ticks.now += PROBE
    await outages.look(there.services.engine)
    assert await due(there) == {}


async def test_what_fails_alone_is_not_hurried_for_ever(
    there: Installation, outages: Outages, waiting: list[uuid.UUID]
) -> None:
    for _ in range(AT_MOST):
        outages.failed("wechat", waiting[0], AWAY)
        outages.sent("wechat", waiting[1])
        await outages.look(there.services.engine)
        assert waiting[0] in await due(there)
        await change(there, LATER.format("10 minutes"))
    outages.failed("wechat", waiting[0], AWAY)
    outages.sent("wechat", waiting[1])
    await outages.look(there.services.engine)
    assert await due(there) == {}


async def test_a_new_worker_tries_what_was_to_wait_long(
    there: Installation, waiting: list[uuid.UUID]
) -> None:
    first, second, third = (f"args ->> 'delivery_id' = '{each}'" for each in waiting)
    await change(there, f"{LATER.format('1 hour')} WHERE {first}")
    await change(there, f"{LATER.format('30 seconds')} WHERE {second}")
    await change(there, f"UPDATE procrastinate_jobs SET attempts = 0 WHERE {third}")
    await begin_anew(there.services.engine)
    assert list(await due(there)) == [waiting[0]]


async def test_whole(there: Installation) -> None:
    """WeChat is away for CHEN's message; when ZHOU's goes out, hers does not wait ten minutes."""
    there.platform.script = [AWAY]
    await there.tell(await there.meet("openid-chen"), "您好")
    patient = dataclasses.replace(HURRIED, first_wait=600)
    worker = asyncio.create_task(work(there.make(), patient, signals=False))
    try:
        await tried(there)
        await there.tell(await there.meet("openid-zhou"), "您好")
        await there.until("sent", "sent")
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker
    assert [who for who, _ in there.platform.sent] == ["openid-chen", "openid-zhou", "openid-chen"]
