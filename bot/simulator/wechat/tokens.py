"""Access tokens: the classic one and the stable one, which know nothing of each other."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from bot.simulator.clock import Clock
from bot.simulator.wechat.errors import PlatformError

LIFETIME = timedelta(seconds=7200)
OVERLAP = timedelta(minutes=5)
FORCED_A_DAY = 20
FORCED_APART = timedelta(seconds=30)


class Tokens:
    """Gives tokens and checks them. Every moment is aware, UTC."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[str, datetime] = {}
        self._replaced: set[str] = set()
        self._classic = ""
        self._stable = ""
        self._forced: list[datetime] = []

    def classic(self) -> tuple[str, int]:
        """A new token each time and its seconds; the one before lives five minutes more."""
        if self._until.get(self._classic):
            self._shorten(self._classic, OVERLAP)
        self._classic = self._new()
        return self._classic, int(LIFETIME.total_seconds())

    def stable(self, *, force: bool) -> tuple[str, int]:
        """The same token until five minutes before its end, and the seconds it has left."""
        now = self._clock.now()
        if force:
            self._count_forced(now)
            self._shorten(self._stable, timedelta())
            self._stable = self._new()
        elif self._until.get(self._stable, now) - now <= OVERLAP:
            self._stable = self._new()
        return self._stable, int((self._until[self._stable] - now).total_seconds())

    def check(self, token: str | None) -> None:
        """Raises 41001, 40014, 40001 or 42001 for a token that does not open the door."""
        if not token:
            raise PlatformError(41001)
        if len(token) < 32:
            raise PlatformError(40014)
        if token not in self._until:
            raise PlatformError(40001)
        if self._until[token] <= self._clock.now():
            raise PlatformError(40001 if token in self._replaced else 42001)

    def _new(self) -> str:
        token = secrets.token_urlsafe(100)
        self._until[token] = self._clock.now() + LIFETIME
        return token

    def _shorten(self, token: str, rest: timedelta) -> None:
        if token in self._until:
            self._until[token] = min(self._until[token], self._clock.now() + rest)
            self._replaced.add(token)

    def _count_forced(self, now: datetime) -> None:
        today = [moment for moment in self._forced if moment.date() == now.date()]
        if len(today) >= FORCED_A_DAY:
            raise PlatformError(45009, "force_refresh")
        if today and now - today[-1] < FORCED_APART:
            raise PlatformError(45011, "force_refresh")
        self._forced = [*today, now]
