"""While the database is away, the queue's pool goes on asking at the same pace."""

from __future__ import annotations

import asyncio

from actions.jobs import steady_pool

MANY = 8  # with twice the wait after each attempt, the eighth would come after two minutes


async def test_it_does_not_wait_longer_and_longer() -> None:
    asked, enough = 0, asyncio.Event()

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        if asked >= MANY:
            enough.set()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    away = f"host=127.0.0.1 port={port} dbname=none user=none sslmode=disable gssencmode=disable"
    async with server, asyncio.timeout(60):
        pool = steady_pool(conninfo=away, min_size=1, max_size=2, open=False)
        await pool.open()
        try:
            await enough.wait()
        finally:
            await pool.close()
