"""The sweep and the verbs never wait for each other, however long either takes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.bootstrap import Services
from actions.cases import rows
from actions.cases.alarm_rows import Swept
from actions.cases.states import State, Verb
from actions.clock import BEIJING
from tests.cases.steps import events_of, state_of, submit, told
from tests.cast import Cast
from tests.conftest import FrozenClock


@pytest.fixture
def impatient(services: Services) -> None:
    """Whoever waits for a lock fails at once instead."""

    @event.listens_for(services.engine.sync_engine, "begin")
    def begin(connection: object) -> None:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")  # type: ignore[attr-defined]


@contextlib.asynccontextmanager
async def unfinished_sweep(services: Services) -> AsyncIterator[AsyncConnection]:
    """A sweep that has done all its work and does not commit yet."""
    done, go_on = asyncio.Event(), asyncio.Event()
    rounds = services.rounds
    tell = rounds._sweep._tell

    async def tell_and_wait(*arguments: object) -> int:
        told = await tell(*arguments)  # type: ignore[arg-type]
        done.set()
        await go_on.wait()
        return told

    rounds._sweep._tell = tell_and_wait  # type: ignore[method-assign, assignment]
    running = asyncio.create_task(rounds.minute())
    await done.wait()
    try:
        yield running  # type: ignore[misc]
    finally:
        rounds._sweep._tell = tell  # type: ignore[method-assign]
        go_on.set()
        await running


async def overdue(services: Services, cast: Cast, frozen: FrozenClock) -> str:
    """A case of LI's at the moment at which it falls due."""
    number = (await submit(services, cast.chen)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    frozen.moment = datetime(2026, 11, 23, 18, 0, tzinfo=BEIJING)
    return number


@pytest.mark.usefixtures("impatient")
async def test_verbs_go_on_while_a_sweep_is_under_way(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await overdue(services, cast, frozen)
    act = services.cases.act
    async with unfinished_sweep(services):
        await act(cast.li.turn(), number, Verb.ASK, text="几号去的？")
        await act(cast.chen.turn(), number, Verb.REPLY, text="三号")
        await act(cast.li.turn(), number, Verb.EXTEND, span="1 working day", text="等街道")
        await act(cast.head.turn(), number, Verb.GRANT)
        await act(cast.sub.turn(), number, Verb.NAME_SUBJECT, officer=cast.wang.badge)
        await act(cast.chen.turn(), number, Verb.WITHDRAW)
    verbs = await events_of(services, number)
    assert "withdraw" in verbs
    assert "supervise" in verbs  # both are there in the end


@pytest.mark.usefixtures("impatient")
async def test_the_sweep_goes_on_while_a_verb_holds_the_case(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await overdue(services, cast, frozen)
    before = len(await told(services, cast.li, number))
    async with services.engine.begin() as verb:
        assert await rows.by_number(verb, number, lock=True)
        swept = await services.rounds.minute()
    assert swept.fired == 3
    assert len(await told(services, cast.li, number)) == before + 1


@pytest.mark.usefixtures("impatient")
async def test_a_second_sweep_passes_over_what_the_first_has(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await overdue(services, cast, frozen)
    async with unfinished_sweep(services):
        other = Swept()
        assert await services.rounds._sweep._batch(other) == 0
    assert (await events_of(services, number)).count("supervise") == 1


@pytest.mark.usefixtures("impatient")
async def test_a_case_that_a_verb_holds_is_continued_at_the_next_round(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    """What the program does itself is a verb, and does not wait for another one either."""
    number = (await submit(services, cast.chen)).number
    await services.cases.act(cast.li.turn(), number, Verb.ACCEPT)
    await services.cases.act(cast.li.turn(), number, Verb.ASK, text="几号去的？")
    frozen.moment = datetime(2026, 11, 23, 18, 0, tzinfo=BEIJING)
    async with services.engine.begin() as verb:
        assert await rows.by_number(verb, number, lock=True)
        swept = await services.rounds.minute()
    assert swept.acted == 0
    assert await state_of(services, number) is State.WAITING
    await services.rounds.minute()
    assert await state_of(services, number) is State.ACCEPTED


async def test_a_sweep_that_fails_is_done_again(
    services: Services, cast: Cast, frozen: FrozenClock
) -> None:
    number = await overdue(services, cast, frozen)
    async with services.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE deliveries RENAME TO away"))
    with pytest.raises(Exception, match="deliveries"):
        await services.rounds.minute()
    async with services.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO deliveries"))
    assert "supervise" not in await events_of(services, number)
    await services.rounds.minute()
    assert "supervise" in await events_of(services, number)
