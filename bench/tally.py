"""What a load run saw: times by kind of turn, wrong replies, late ones."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

EXAMPLES = 12


@dataclass(slots=True)
class Tally:
    """Counts while `counting`; before that, the warm-up is forgotten."""

    counting: bool = True
    times: dict[str, list[float]] = field(default_factory=dict)
    late: int = 0
    conversations: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def turn(self, kind: str, seconds: float) -> None:
        """A turn that was answered, in whatever words."""
        if self.counting:
            self.times.setdefault(kind, []).append(round(seconds * 1000, 2))

    def nothing_yet(self) -> None:
        """A turn whose answer did not come in the passive reply."""
        if self.counting:
            self.late += 1

    def wrong(self, reason: str, example: str) -> None:
        """A turn that failed, or that was answered wrongly."""
        if self.counting:
            self.errors[reason] += 1
            if len(self.examples) < EXAMPLES:
                self.examples.append(f"{reason}: {example[:400]}")

    def ended(self, dialogue: str) -> None:
        if self.counting:
            self.conversations[dialogue] += 1

    def to_json(self) -> dict[str, Any]:
        return {
            "times": self.times,
            "late": self.late,
            "conversations": dict(self.conversations),
            "errors": dict(self.errors),
            "examples": self.examples,
        }


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed; nan for no values."""
    if not values:
        return float("nan")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
