"""The replay's clock: it stands where it is set and moves a millisecond with each look."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from actions.clock import BEIJING


class Hours:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def pass_by(self, length: timedelta) -> None:
        """So much time goes by."""
        self.moment += length

    def set(self, day: date, hour: int, minute: int = 0) -> None:
        """That hour of the day in Beijing. The clock never goes back."""
        wanted = datetime.combine(day, time(hour, minute), BEIJING).astimezone(UTC)
        self.moment = max(self.moment, wanted)
