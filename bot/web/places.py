"""What a scanned code stands for, as the pages need it; the one place that asks the unit tree."""

from __future__ import annotations

from actions.org.org import Org
from bot.web.lines import Place


class OrgPlaces:
    """A `bot.channels.web.behind.Places`."""

    def __init__(self, org: Org) -> None:
        self._org = org

    async def find(self, scene: str) -> Place | None:
        """See `Places.find`."""
        code = await self._org.code(scene)
        return Place(scene, code.label) if code else None
