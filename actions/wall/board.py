"""One snapshot for all screens of a unit, whichever gateway they are connected to.

Redis keeps it. Whoever finds the last one old takes the turn and computes the next; the others show
what is there. Without Redis each process computes for itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from actions import clock
from actions.reports.intervals import Counts
from actions.wall.rates import Held
from actions.wall.service import Wall

FRESH = 4.5  # seconds for which a snapshot is shown before the next is computed
KEPT = timedelta(days=2)  # what has been shown is remembered, so that no figure moves by one rating


@dataclass(frozen=True, slots=True)
class Board:
    """A snapshot as JSON, and the moment (aware, UTC) from which its figures are."""

    body: str
    as_of: datetime


@dataclass(slots=True)
class _Own:
    at: float
    board: Board
    held: Held = field(default_factory=dict)


class Boards:
    def __init__(self, wall: Wall, redis: Redis) -> None:
        self._wall = wall
        self._redis = redis
        self._own: dict[int, _Own] = {}

    async def look(self, unit_id: int) -> Board | None:
        """The unit's board, FRESH seconds old at most unless it is being computed right now; None
        while the very first is.

        Raises KeyError when there is no such unit, and what the database raises.
        """
        try:
            turn = await self._redis.set(f"wall:turn:{unit_id}", 1, nx=True, px=int(FRESH * 1000))
            if not turn:
                return await self._shown(unit_id)
            board, held = await self._computed(unit_id, _read(await self._held(unit_id)))
            await self._show(unit_id, board, held)
        except RedisError:
            return await self._alone(unit_id)
        self._own[unit_id] = _Own(time.monotonic(), board, held)
        return board

    async def _computed(self, unit_id: int, shown: Mapping[str, Counts]) -> tuple[Board, Held]:
        as_of = clock.now()
        snapshot, held = await self._wall.look(unit_id, shown)
        body = json.dumps(snapshot.plain(), ensure_ascii=False, separators=(",", ":"))
        return Board(body, as_of), held

    async def _shown(self, unit_id: int) -> Board | None:
        body, as_of = await self._redis.hmget(_key(unit_id), ["body", "as_of"])
        return Board(str(body), datetime.fromisoformat(str(as_of))) if body and as_of else None

    async def _held(self, unit_id: int) -> str:
        return str(await self._redis.hget(_key(unit_id), "held") or "")

    async def _show(self, unit_id: int, board: Board, held: Held) -> None:
        async with self._redis.pipeline(transaction=True) as together:
            together.hset(
                _key(unit_id),
                mapping={
                    "body": board.body,
                    "as_of": board.as_of.isoformat(),
                    "held": _written(held),
                },
            )
            together.expire(_key(unit_id), KEPT)
            await together.execute()

    async def _alone(self, unit_id: int) -> Board:
        own = self._own.get(unit_id)
        if own is not None and time.monotonic() - own.at < FRESH:
            return own.board
        board, held = await self._computed(unit_id, own.held if own is not None else {})
        self._own[unit_id] = _Own(time.monotonic(), board, held)
        return board


def _key(unit_id: int) -> str:
    return f"wall:board:{unit_id}"


def _written(held: Held) -> str:
    return json.dumps(
        {key: [each.satisfied, each.basically, each.unsatisfied] for key, each in held.items()}
    )


def _read(text: str) -> Held:
    return {key: Counts(*grades) for key, grades in json.loads(text or "{}").items()}
