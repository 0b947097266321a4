"""Access tokens: the same one for everybody who asks, until it ends."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.simulator.clock import Clock
from bot.simulator.wecom.errors import RefusedError

LIFETIME = timedelta(seconds=7200)


class Tokens:
    """Gives tokens and checks them. Every moment is aware, UTC."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}
        self._newest = ""

    def give(self) -> tuple[str, int]:
        """The token and the seconds it has left."""
        now = self._clock.now()
        if self._until.get(self._newest, now) <= now:
            self._newest = secrets.token_urlsafe(150)
            self._until[self._newest] = now + LIFETIME
        return self._newest, int((self._until[self._newest] - now).total_seconds())

    def check(self, token: str | None) -> None:
        """Raises 41001, 40014 or 42001 for a token that does not open the door."""
        if not token:
            raise RefusedError(41001)
        if token not in self._until:
            raise RefusedError(40014)
        if self._until[token] <= self._clock.now():
            raise RefusedError(42001)

    def end_early(self) -> None:
        """The platform may end a token before its time."""
        if self._newest:
            self._until[self._newest] = self._clock.now()
