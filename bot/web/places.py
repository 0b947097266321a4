"""What a scanned code stands for, as the pages need it; the one place that asks the unit tree."""

from __future__ import annotations

import time

from actions.org.org import Org
from bot.web.lines import Place

_FRESH = 5.0  # seconds for which a code in memory is believed, as the unit tree is
_MOST = 5_000  # codes in memory


class OrgPlaces:
    """A `bot.channels.web.behind.Places`. Known codes are kept for a few seconds: in a busy hall
    the same sticker is scanned again and again. Unknown ones are not; there is no end of them.
    """

    def __init__(self, org: Org) -> None:
        self._org = org
        self._kept: dict[str, tuple[Place, float]] = {}

    async def find(self, scene: str) -> Place | None:
        """See `Places.find`."""
        place, until = self._kept.get(scene, (None, 0.0))
        if until > time.monotonic():
            return place
        place = await self._asked(scene)
        if place is not None:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[scene] = (place, time.monotonic() + _FRESH)
        return place

    async def _asked(self, scene: str) -> Place | None:
        code = await self._org.code(scene)
        return Place(scene, code.label) if code else None
