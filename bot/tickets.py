"""The official account's own codes for our places: made once, kept for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from actions import clock
from actions.codes.listing import Listed
from actions.store.engine import reading
from actions.store.tables import code_tickets
from bot.channels.base import TransportError
from bot.channels.wechat.api import WeChatApi

LIMIT = 100_000  # codes for ever that one account may have; none can be taken back


@dataclass(frozen=True, slots=True)
class Ticketed:
    """How many were made, how many stood before, and why it ended early ("" when it did not)."""

    made: int
    stood: int
    ended: str


async def make_tickets(
    engine: AsyncEngine, api: WeChatApi, app_id: str, wanted: Sequence[Listed]
) -> Ticketed:
    """A code of the account for each of ours that has none; each is kept the moment it is made.

    Interrupted, it goes on where it stopped when it is called again.
    """
    known = await urls(engine, app_id)
    lacking = [code for code in wanted if code.code_id not in known]
    stood = len(wanted) - len(lacking)
    for made, code in enumerate(lacking):
        if len(known) + made >= LIMIT:
            return Ticketed(made, stood, f"the account has all of its {LIMIT:,} codes")
        try:
            answer = await api.create_code(code.scene)
        except TransportError as error:
            return Ticketed(made, stood, error.message)
        row = {"code_id": code.code_id, "app_id": app_id, "made_at": clock.now()}
        statement = insert(code_tickets).values(row | {"ticket": answer.ticket, "url": answer.url})
        async with engine.begin() as connection:
            await connection.execute(statement.on_conflict_do_nothing())
    return Ticketed(len(lacking), stood, "")


async def urls(engine: AsyncEngine, app_id: str) -> dict[int, str]:
    """What the account's codes say, by the ids of ours."""
    query = select(code_tickets.c.code_id, code_tickets.c.url)
    async with reading(engine) as connection:
        rows = (await connection.execute(query.where(code_tickets.c.app_id == app_id))).all()
    return {row.code_id: row.url for row in rows}
