"""Whether a record's words are an alarm: by the same rules as what people write to us.

The one thing that both sides of the program share: a module of words and the standard library.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.feeds.record import Record
from nlu.dangers import danger_in

FRESH = timedelta(hours=24)  # who hands over its history alarms nobody about last year


def alarm_in(record: Record, now: datetime) -> str | None:
    """`danger`, `self_harm` or None; `now` is aware."""
    if record.filed_at and datetime.fromisoformat(record.filed_at) < now - FRESH:
        return None
    return danger_in(record.what)
