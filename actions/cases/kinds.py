"""What a case can be about."""

from __future__ import annotations

from enum import StrEnum


class CaseKind(StrEnum):
    UNSATISFIED = "unsatisfied"  # grew out of a rating "not satisfied"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    HELP = "help"
    PRAISE = "praise"


class Reason(StrEnum):
    """Why someone was not satisfied; the officer's list of causes, as the presets count them."""

    ATTITUDE = "attitude"
    SPEED = "speed"
    RESULT = "result"
    COMMUNICATION = "communication"
    ERROR = "error"
    OTHER = "other"
