"""The codes that may change a card, each once and within 72 hours: one comes when it is sent, and one
more with every tap on it (path/94945).
"""

from __future__ import annotations

import secrets

import structlog

from bot.channels.tokens import TokenStore
from bot.message import Incoming

_LIFETIME = 72 * 3600  # seconds

log = structlog.get_logger(__name__)


def task_of(key: str, number: int) -> str:
    """The task id of a message's card, the same at every attempt; `key` names the message."""
    return f"{key}-{number}" if key else new_task()


def new_task(before: str = "") -> str:
    """A task id that no card has had. A card in the place of another keeps the part before the @,
    by which its taps are found to be the first one's.
    """
    return f"{before}@{secrets.token_urlsafe(6)}" if before else secrets.token_urlsafe(18)


def written(task: str, code: str) -> str:
    """A card's task and the code it was sent with, as a platform id."""
    return f"{task}:{code}"


def read(platform_id: str) -> list[tuple[str, str]]:
    """Task and code of every card of a message; empty where there was none."""
    pairs = [card.partition(":") for card in platform_id.split()]
    return [(task, code) for task, _, code in pairs if code]


class CardCodes:
    """The codes of taps, in the store that processes share. Losing one costs a second change of a
    card, so a store that cannot be reached holds up no tap.
    """

    def __init__(self, store: TokenStore, prefix: str) -> None:
        self._store = store
        self._prefix = prefix

    async def note(self, incoming: Incoming) -> None:
        """Keeps the code that a tap brought, if it is one."""
        task, code = (incoming.extra.get(name, "") for name in ("task_id", "response_code"))
        if not (task and code):
            return
        try:
            await self._store.set(self._key(task.partition("@")[0]), code, _LIFETIME)
        except Exception as error:
            log.warning("wecom: the code of a tap was not kept", error=type(error).__name__)

    async def of_tap(self, task: str) -> str:
        """The code of the last tap on the card; '' when there is none, or it was spent."""
        return await self._store.get(self._key(task)) or ""

    async def spend(self, task: str) -> None:
        """The code was used: it works only once."""
        await self._store.set(self._key(task), "", _LIFETIME)

    def _key(self, task: str) -> str:
        return f"{self._prefix}:{task}"
