"""What an auditor finds, and how it is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """LOST, DOUBLED and BROKEN fail a campaign; the others are measured."""

    LOST = "lost"  # acknowledged, and without its effect, its end or its answer
    DOUBLED = "doubled"  # happened twice, or said twice where that could be known
    BROKEN = "broken"  # a row that contradicts another
    TWICE = "told twice"  # the platform did not say whether it had the message, and knows no key
    FAILED = "told failed"  # a notice that could not be brought, and the row says so
    UNTOLD = "unacknowledged, done"  # the platform gave up on us, but the message had got here


FATAL = frozenset({Verdict.LOST, Verdict.DOUBLED, Verdict.BROKEN})


@dataclass(frozen=True, slots=True)
class Finding:
    """`at`: time.monotonic of the message that it is about, if it is about one."""

    verdict: Verdict
    what: str
    at: float | None = None


@dataclass(slots=True)
class Findings:
    found: list[Finding] = field(default_factory=list)

    def add(self, verdict: Verdict, what: str, at: float | None = None) -> None:
        self.found.append(Finding(verdict, what, at))

    def count(self, *verdicts: Verdict) -> int:
        return sum(one.verdict in verdicts for one in self.found)

    @property
    def fatal(self) -> list[Finding]:
        return [one for one in self.found if one.verdict in FATAL]
