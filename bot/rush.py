"""Storing messages: each by itself, and together when many come at once."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import inbox_sql as sql
from bot.together import Together

FEW = 8  # at once that are stored each by itself: nobody waits for anybody else's row
ALONE = {"lease", "until"}  # of a message that is stored by itself only


@dataclass(slots=True)
class Words:
    """The values of `inbox_sql.STORE` for one message, and the row that came back, if any."""

    values: dict[str, Any]
    row: Row[Any] | None = None


class Rush:
    """A message alone takes a statement; of a thousand at once, so many are one statement as came
    while the one before ran. Otherwise all would wait for connections until their platform gives up.
    """

    def __init__(self, single: AsyncEngine) -> None:
        """`single`: an engine whose statements are transactions of their own."""
        self._single = single
        self._storing = 0
        self._together = Together(self._store_many)

    async def store(self, words: Words) -> Row[Any] | None:
        """The row; None when at this moment somebody else makes the same identity, or leases another
        message of its conversation.

        Raises what the statement raised, and BusyError when thousands wait already.
        """
        self._storing += 1
        try:
            if self._storing > FEW:
                await self._together.add(words)
            else:
                await self._store_one(words)
        finally:
            self._storing -= 1
        return words.row

    async def _store_one(self, words: Words) -> None:
        with contextlib.suppress(IntegrityError):  # ux_inbox_one_at_a_time
            async with self._single.connect() as connection:
                words.row = (await connection.execute(sql.STORE, words.values)).one_or_none()

    async def _store_many(self, many: Sequence[Words]) -> None:
        names = many[0].values.keys() - ALONE
        values = {name: [words.values[name] for words in many] for name in names}
        async with self._single.connect() as connection:
            for row in (await connection.execute(sql.STORE_MANY, values)).all():
                many[row.number - 1].row = row
