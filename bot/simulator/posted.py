"""What became of a callback that a fake platform posted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """The gateway's answer to one callback, without words in it.

    outcome: ok or empty, or a failure: timeout, refused, status, garbage (an answer nobody
    understands, which the platform ignores), unverified (the address did not pass the check).
    """

    outcome: str
    status: int
    milliseconds: int

    def to_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "status": self.status,
            "milliseconds": self.milliseconds,
            "text": "",
        }
