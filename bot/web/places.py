"""What a scanned code stands for, as the pages need it; the one place that asks the unit tree."""

from __future__ import annotations

import time

from actions.org.org import Org
from bot.web.lines import Place

_FRESH = 5.0  # seconds for which a code in memory is believed, as the unit tree is
_MOST = 5_000  # codes in memory


class OrgPlaces:
    """A `bot.channels.web.behind.Places`. Known codes are kept for a few seconds: in a busy hall
    the same sticker is scanned again and again. Unknown ones are not; there is no end of them. Nor
    are one-time codes: one is used from one moment to the next.
    """

    def __init__(self, org: Org, app_id: str) -> None:
        self._org = org
        self._app_id = app_id  # of the official account that is connected; "" for none
        self._kept: dict[str, tuple[Place, float]] = {}

    async def find(self, scene: str) -> Place | None:
        """See `Places.find`."""
        place, until = self._kept.get(scene, (None, 0.0))
        if until > time.monotonic():
            return place
        place = await self._asked(scene)
        if place is not None and not place.one_time:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[scene] = (place, time.monotonic() + _FRESH)
        return place

    async def _asked(self, scene: str) -> Place | None:
        """A retired code with one in its place is a moved one to whoever stands before it."""
        code = await self._org.code(scene)
        if code is None:
            return None
        state = "moved" if code.state == "retired" and code.newer else code.state
        ours = code.wechat is not None and code.wechat.app_id == self._app_id
        url = code.wechat.url if code.wechat is not None and ours else ""
        scene, one_time = code.newer or code.scene, code.one_time is not None
        return Place(scene, code.label, state, code.was, url, one_time)
