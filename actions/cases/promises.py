"""By when a citizen is told to expect an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from actions.cases.kinds import CaseKind

_DAYS = {
    CaseKind.UNSATISFIED: 1,
    CaseKind.HELP: 1,
    CaseKind.COMPLAINT: 3,
    CaseKind.SUGGESTION: 7,
    CaseKind.PRAISE: 7,
}


def answer_by(kind: CaseKind, opened: datetime) -> datetime:
    """18:00 local time, the kind's number of calendar days after `opened` (aware, local time)."""
    day = opened + timedelta(days=_DAYS[kind])
    return day.replace(hour=18, minute=0, second=0, microsecond=0)
