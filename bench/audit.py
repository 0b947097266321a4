"""What the audit trail costs its writers, and how fast it is linked and verified.

`.venv/bin/python -m bench.audit` starts a PostgreSQL of its own. Each writer writes one row that is
audited per transaction; the same rows without the trigger for comparison, and with a linker at
work.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.audit.trail import Trail
from actions.audit.verification import verify
from actions.privacy.vault import Vault
from actions.store.engine import create_engine
from actions.store.migrate import migrate
from bench.table import aligned, number
from bot.stack.embedded import Postgres

WRITERS = 16
SECONDS = 5.0
ENTRIES = 100_000
_WRITE = text("INSERT INTO opt_outs (person_digest, channel, at) VALUES (:digest, 'sms', now())")


async def written(engine: AsyncEngine) -> float:
    """Transactions a second by all writers together."""
    until = time.monotonic() + SECONDS

    async def write() -> int:
        done = 0
        while time.monotonic() < until:
            async with engine.begin() as connection:
                await connection.execute(_WRITE, {"digest": secrets.token_bytes(32)})
            done += 1
        return done

    return sum(await asyncio.gather(*(write() for _ in range(WRITERS)))) / SECONDS


@asynccontextmanager
async def linking(trail: Trail) -> AsyncIterator[None]:
    async def link() -> None:
        while True:
            await trail.link()
            await asyncio.sleep(0.1)

    task = asyncio.create_task(link())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def measure(address: str) -> None:
    engine = create_engine(address, WRITERS + 2)
    vault = Vault(Fernet.generate_key().decode(), secrets.token_urlsafe(32))
    trail = Trail(engine, vault)
    rows = [("one audited row a transaction, 16 writers", "transactions/s")]
    for name, statement in (
        ("without the trigger", "ALTER TABLE opt_outs DISABLE TRIGGER audited"),
        ("with it", "ALTER TABLE opt_outs ENABLE TRIGGER audited"),
    ):
        async with engine.begin() as connection:
            await connection.execute(text(statement))
        rows.append((name, number(await written(engine), 0)))
    async with linking(trail):
        rows.append(("with it, while entries are linked", number(await written(engine), 0)))
    await trail.link()
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO audit_entries (source, key, verb, content) SELECT 'command', n::text, "
                "'tried', jsonb_build_object('n', n) FROM generate_series(1, :n) AS n"
            ),
            {"n": ENTRIES},
        )
    started = time.monotonic()
    linked = await trail.link()
    rows.append(("linked, entries/s", number(linked / (time.monotonic() - started), 0)))
    started = time.monotonic()
    verdict = await verify(engine, vault)
    rows.append(("verified, links/s", number(verdict.links / (time.monotonic() - started), 0)))
    rows.append(("faults", str(len(verdict.faults))))
    print("\n".join(aligned(rows)))
    await engine.dispose()


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-audit-"))
    postgres = Postgres(folder / "postgres")
    try:
        address = postgres.start()
        migrate(address)
        asyncio.run(measure(address))
    finally:
        postgres.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
