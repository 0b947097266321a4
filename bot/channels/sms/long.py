"""Long replies, which come in parts: put together again before they are passed on."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.channels.sms.short import Piece

PATIENCE = 30.0  # seconds to wait for the missing parts
_MOST = 2_000  # replies under way; beyond that a part is passed on by itself


@dataclass(frozen=True, slots=True)
class Whole:
    """A reply: from and to which number, its key, its words."""

    source: str
    destination: str
    key: str
    text: str


@dataclass(slots=True)
class _Open:
    whole: Whole
    total: int
    pieces: dict[int, str] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None


class LongReplies:
    """`store` is given each reply when it is complete, or when the rest does not come.

    A part is acknowledged when it has come: one that is lost with this process leaves a gap.
    """

    def __init__(
        self, store: Callable[[Whole], Awaitable[None]], patience: float = PATIENCE
    ) -> None:
        self._store = store
        self._patience = patience
        self._open: dict[tuple[str, str, int], _Open] = {}
        self._late: set[asyncio.Task[None]] = set()

    async def take(self, piece: Piece, whole: Whole) -> None:
        """Raises what `store` raises."""
        if piece.total < 2 or len(self._open) >= _MOST:
            await self._store(dataclasses.replace(whole, text=piece.text))
            return
        name = (whole.source, whole.destination, piece.reference)
        found = self._open.get(name)
        if found is None or found.total != piece.total:
            found = self._open[name] = _Open(whole, piece.total)
            found.timer = self._timer(name)
        found.pieces[piece.number] = piece.text
        if len(found.pieces) >= found.total:
            await self._pass_on(name)

    async def close(self) -> None:
        """Passes on what there is."""
        for found in self._open.values():
            if found.timer is not None:
                found.timer.cancel()
        late = [self._pass_on(name) for name in list(self._open)]
        await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*self._late, return_exceptions=True)

    async def _pass_on(self, name: tuple[str, str, int]) -> None:
        found = self._open.pop(name)
        if found.timer is not None:
            found.timer.cancel()
        text = "".join(found.pieces[number] for number in sorted(found.pieces))
        try:
            await self._store(dataclasses.replace(found.whole, text=text))
        except Exception:
            self._open.setdefault(name, found)  # the last part will come again
            found.timer = self._timer(name)
            raise

    def _timer(self, name: tuple[str, str, int]) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._patience, self._give_up, name)

    def _give_up(self, name: tuple[str, str, int]) -> None:
        if name in self._open:
            task = asyncio.ensure_future(self._pass_on(name))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
