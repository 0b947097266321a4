"""Whether what stands behind a turn is well."""

from __future__ import annotations

import aiohttp

from bot.nlu import Nlu


class Health:
    def __init__(self, nlu: Nlu, actions_url: str) -> None:
        self._nlu = nlu
        self._actions_url = actions_url.rstrip("/")

    async def behind_turns(self) -> bool:
        """Rasa answers with its model loaded, and the action server answers."""
        return await self._nlu.healthy() and await self.actions()

    async def rasa_missing(self) -> str:
        """One sentence, "" when Rasa answers; of several, all of them."""
        missing = await self._nlu.missing()
        if not missing:
            return ""
        where = " nor at ".join(missing)
        return f"Rasa does not answer at {where}; run ./huiyin nlu or check NLU_URL."

    async def actions_missing(self) -> str:
        """One sentence, "" when the action server answers."""
        if await self.actions():
            return ""
        return (
            f"The action server does not answer at {self._actions_url}; "
            "run ./huiyin actions or check ACTIONS_URL."
        )

    async def actions(self) -> bool:
        timeout = aiohttp.ClientTimeout(total=3)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(f"{self._actions_url}/health") as response,
            ):
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False
