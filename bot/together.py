"""Many callers' small writes in one statement: while one runs, the next gather."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

AT_ONCE = 1000


class BusyError(Exception):
    """So many are waiting that one more is refused; whoever called may try again later."""


class Together[Item]:
    def __init__(
        self, write: Callable[[Sequence[Item]], Awaitable[None]], most: int = 10_000
    ) -> None:
        """`write` gets up to AT_ONCE items at a time; `most` may wait."""
        self._write = write
        self._most = most
        self._gathered: list[tuple[Item, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> None:
        """Returns when the item has been written; raises what its writing raised, or BusyError."""
        if len(self._gathered) >= self._most:
            raise BusyError(f"{self._most} wait already")
        written = asyncio.get_running_loop().create_future()
        self._gathered.append((item, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all())
        await written

    async def _write_all(self) -> None:
        try:
            while self._gathered:
                some, self._gathered = self._gathered[:AT_ONCE], self._gathered[AT_ONCE:]
                await self._write_some(some)
        finally:
            self._writing = None

    async def _write_some(self, some: Sequence[tuple[Item, asyncio.Future[None]]]) -> None:
        try:
            await self._write([item for item, _ in some])
        except Exception as error:  # each caller gets it
            for _, written in some:
                if not written.done():
                    written.set_exception(error)
        else:
            for _, written in some:
                if not written.done():
                    written.set_result(None)
