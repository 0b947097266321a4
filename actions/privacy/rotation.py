"""Sealing everything anew with the newest key, while all parts go on working.

Nobody waits long: what needs it is locked in small batches, and what somebody else has locked is
left for the next pass.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Row, Table, bindparam, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from actions.privacy.vault import Vault
from actions.store.engine import reading
from actions.store.tables import metadata

BATCH = 200  # rows
BIG = {"attachments": 4, "web_files": 4}  # whole photos lie in them
PASSES = 20
PAUSE = 1.0  # seconds between passes

# Words of a card on their way lie in the job. By the queue's own index on status.
_JOBS = text("SELECT id, args ->> 'sealed' AS sealed FROM procrastinate_jobs WHERE args ? 'sealed'")
_JOB = text("""
UPDATE procrastinate_jobs SET args = jsonb_set(args, '{sealed}', to_jsonb(CAST(:new AS text)))
WHERE id = :id AND args ->> 'sealed' = :old
""")


@dataclass(slots=True)
class Rotated:
    """Values by the key they are sealed with (0: the newest), those that no key opens, what was
    sealed anew, and what others had locked in the last pass.
    """

    by_key: dict[int, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)
    resealed: int = 0
    locked: int = 0

    @property
    def older(self) -> int:
        return sum(count for key, count in self.by_key.items() if key > 0)


def sealed_columns() -> Iterator[tuple[Table, list[Column[Any]]]]:
    """Every table that seals something, with the columns in which it does."""
    for table in metadata.sorted_tables:
        columns = [column for column in table.columns if column.name.endswith("_sealed")]
        if columns:
            yield table, columns


class Rotation:
    def __init__(self, engine: AsyncEngine, vault: Vault) -> None:
        self._engine = engine
        self._vault = vault

    async def status(self) -> Rotated:
        """Which keys are in use; changes nothing."""
        return await self._pass(change=False)

    async def rotate(self, pause: float = PAUSE) -> Rotated:
        """Seals all anew that an older key has sealed; goes on until a pass finds nothing more, or
        twenty have been made. Begun again after a break it goes on where it was.
        """
        resealed = 0
        for _ in range(PASSES):
            found = await self._pass(change=True)
            resealed += found.resealed
            if not found.older:
                break
            if found.locked:
                await asyncio.sleep(pause)
        found.resealed = resealed
        return found

    async def _pass(self, *, change: bool) -> Rotated:
        """Counts what was found, before it was changed."""
        found = Rotated()
        for table, columns in sealed_columns():
            after: tuple[Any, ...] | None = None
            while True:
                rows = await self._read(table, columns, after)
                if not rows:
                    break
                old = [row for row in rows if self._count(found, table, row, columns)]
                if old and change:
                    await self._reseal(found, table, columns, old)
                after = _key(table, rows[-1])
        await self._jobs(found, change=change)
        return found

    async def _read(
        self, table: Table, columns: Sequence[Column[Any]], after: tuple[Any, ...] | None
    ) -> Sequence[Row[Any]]:
        """The next rows, by the primary key."""
        key = list(table.primary_key.columns)
        query = select(*key, *columns).order_by(*key).limit(BIG.get(table.name, BATCH))
        if after is not None:
            query = query.where(tuple_(*key) > after)
        async with reading(self._engine) as connection:
            return (await connection.execute(query)).all()

    def _count(
        self, found: Rotated, table: Table, row: Row[Any], columns: Sequence[Column[Any]]
    ) -> bool:
        """Whether a value of the row needs another key."""
        old = False
        for column in columns:
            sealed = row._mapping[column]
            if sealed is None:
                continue
            key = self._vault.key_of(sealed)
            if key is None:
                name = f"{table.name}.{column.name}"
                found.unreadable[name] = found.unreadable.get(name, 0) + 1
            else:
                found.by_key[key] = found.by_key.get(key, 0) + 1
                old = old or key > 0
        return old

    async def _reseal(
        self, found: Rotated, table: Table, columns: Sequence[Column[Any]], old: Sequence[Row[Any]]
    ) -> None:
        """Those that nobody has locked, as they are now."""
        key = list(table.primary_key.columns)
        wanted = tuple_(*key).in_([_key(table, row) for row in old])
        query = select(*key, *columns).where(wanted).with_for_update(skip_locked=True)
        async with self._engine.begin() as connection:
            await connection.execute(text("SET LOCAL huiyin.resealing = 'on'"))
            rows = (await connection.execute(query)).all()
            found.locked += len(old) - len(rows)
            changes = [self._change(table, row, columns) for row in rows]
            statement = update(table).where(*(c == bindparam(f"key_{c.name}") for c in key))
            statement = statement.values({c.name: bindparam(f"new_{c.name}") for c in columns})
            if changes:
                await connection.execute(statement, changes)
        found.resealed += len(rows)

    def _change(
        self, table: Table, row: Row[Any], columns: Sequence[Column[Any]]
    ) -> dict[str, Any]:
        key = {f"key_{c.name}": row._mapping[c] for c in table.primary_key.columns}
        return key | {f"new_{c.name}": self._newest(row._mapping[c]) for c in columns}

    def _newest(self, sealed: bytes | None) -> bytes | None:
        older = sealed is not None and (self._vault.key_of(sealed) or 0) > 0
        return self._vault.reseal(sealed) if sealed is not None and older else sealed

    async def _jobs(self, found: Rotated, *, change: bool) -> None:
        async with self._engine.begin() as connection:
            for job in (await connection.execute(_JOBS)).all():
                key = self._vault.key_of(job.sealed.encode())
                if key is None:
                    found.unreadable["jobs"] = found.unreadable.get("jobs", 0) + 1
                    continue
                found.by_key[key] = found.by_key.get(key, 0) + 1
                if key and change:
                    await self._job(connection, job)
                    found.resealed += 1

    async def _job(self, connection: AsyncConnection, job: Row[Any]) -> None:
        new = self._vault.reseal(job.sealed.encode()).decode()
        await connection.execute(_JOB, {"id": job.id, "old": job.sealed, "new": new})


def _key(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(row._mapping[column] for column in table.primary_key.columns)
