"""The platforms' clock, which tests and demonstrations may move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def system_time() -> datetime:
    """The current moment, aware, UTC."""
    return datetime.now(UTC)


class Clock:
    """The moment of `source`, shifted by what `advance` and `set` asked for."""

    def __init__(self, source: Callable[[], datetime] = system_time) -> None:
        self._source = source
        self._shift = timedelta()

    def now(self) -> datetime:
        return self._source() + self._shift

    def seconds(self) -> int:
        """Unix time, as both platforms write it."""
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        self._shift += timedelta(seconds=seconds)

    def set(self, moment: datetime) -> None:
        """Makes it `moment` now; time goes on from there."""
        self._shift = moment - self._source()
