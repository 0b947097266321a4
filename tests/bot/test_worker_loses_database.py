"""A worker that loses the database begins anew; a gateway's leases live as long as it does."""

from __future__ import annotations

import asyncio

from sqlalchemy import select, text

from actions import clock
from actions.store.tables import inbox
from bot.inbox import Inbox
from tests.bot.delivering import Installation
from tests.bot.test_gateway import words

LISTENERS = "FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"


async def listeners(there: Installation) -> list[int]:
    async with there.services.engine.connect() as connection:
        return list((await connection.execute(text(f"SELECT pid {LISTENERS}"))).scalars())


async def until_listening(there: Installation, apart_from: list[int]) -> list[int]:
    """The connections on which workers hear of new jobs, once there are other ones."""
    for _ in range(1000):
        found = [pid for pid in await listeners(there) if pid not in apart_from]
        if found:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("no worker listens")


async def test_a_worker_that_lost_its_connection_works_on(there: Installation) -> None:
    chen = await there.meet("openid-chen")
    async with there.working():
        before = await until_listening(there, [])
        async with there.services.engine.connect() as connection:
            await connection.execute(text(f"SELECT pg_terminate_backend(pid) {LISTENERS}"))
        await until_listening(there, before)
        await there.tell(chen, "您好")
        await there.until("sent")


async def test_a_lease_is_renewed_while_its_gateway_lives(there: Installation) -> None:
    store = Inbox(there.services, lease_seconds=8)
    stored = await store.store(words("你好"), push=False)
    claimed = await store.claim(stored.person.conversation)
    assert claimed is not None
    long_ago = clock.now().replace(year=2020)
    async with there.services.engine.begin() as connection:
        await connection.execute(inbox.update().values(leased_until=long_ago))
    await store.renew({claimed.lease})
    async with there.services.engine.connect() as connection:
        until = (await connection.execute(select(inbox.c.leased_until))).scalar_one()
    assert until > clock.now()
    assert await store.claim(stored.person.conversation) is None
