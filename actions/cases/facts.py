"""Whether a row's condition holds, from what is known of the case and what the policy says. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actions.cases.states import When

CONTENT = frozenset({"satisfied", "basically"})


@dataclass(frozen=True, slots=True)
class Facts:
    """`grade` is the one being given now, `disputed` whether the last one given was a bad one.

    Moments are aware, UTC. `reopen_until` is None when the case is open or was reopened too often.
    """

    now: datetime
    grade: str | None = None
    reviewed: bool = False
    disputed: bool = False
    disputes_are_reviewed: bool = True
    own_answer_settles: bool = True
    reopen_until: datetime | None = None
    extension_asked: bool = False
    extensions_left: int = 0
    callback_open: bool = False
    visit_open: bool = False
    urges_left: int = 1
    holder_gone: bool = False

    def holds(self, when: When) -> bool:
        """Where a grade is needed and none is given yet, the condition on it may still hold."""
        content = self.grade is None or self.grade in CONTENT
        disputed = self.grade is None or self.grade not in CONTENT
        match when:
            case When.REVIEWED:
                return self.reviewed
            case When.UNREVIEWED:
                return not self.reviewed
            case When.CONTENT_SETTLES:
                return content and self.own_answer_settles
            case When.CONTENT:
                return content
            case When.DISPUTED:
                return disputed
            case When.DISPUTED_CLOSES:
                return disputed and not self.disputes_are_reviewed
            case When.FRESH:
                return not self.disputed
            case When.MAY_REOPEN:
                return self.reopen_until is not None and self.now <= self.reopen_until
            case When.EXTENSION_FREE:
                return not self.extension_asked and self.extensions_left > 0
            case When.EXTENSION_ASKED:
                return self.extension_asked
            case When.CALLBACK_OPEN:
                return self.callback_open
            case When.UNCONFIRMED_VISIT:
                return self.visit_open
            case When.HOLDER_GONE:
                return self.holder_gone
            case When.URGES_LEFT:
                return self.urges_left > 0
