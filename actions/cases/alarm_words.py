"""What a deadline's alarm says: one at a time, or many in a digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.cases.intents import intent_of
from actions.cases.rows import CaseRow
from actions.cases.states import Clock
from actions.notices.dates import say_date
from actions.notices.notices import Offer, Wording

MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Due:
    """An alarm that is to be told: `kind` warn, supervise or escalate; `due_at` aware, UTC."""

    row: CaseRow
    clock: Clock
    kind: str
    level: str
    due_at: datetime
    certain: bool


class AlarmWords:
    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def single(self, due: Due, language: str, seen: datetime) -> tuple[str, list[Offer]]:
        """The sentence and the buttons for one alarm that will be read at `seen` (aware)."""
        sentence = f"alarm_{due.kind}"
        if due.kind != "warn" and due.clock is Clock.ACCEPT:
            sentence = f"alarm_{due.kind}_accept"
        text = self._wording.say(
            sentence,
            language,
            number=due.row.number,
            clock=self._wording.say(f"clock_{due.clock}", language),
            due=self._date(due, language, seen),
        )
        return text, [self._offer(name, due, language) for name in _buttons(due)]

    def digest(self, dues: Sequence[Due], language: str, seen: datetime) -> str:
        """Many alarms in one message: how many, and the worst of them."""
        worst = sorted(dues, key=lambda due: due.due_at)
        lines = [
            self._wording.say(
                "digest_line",
                language,
                number=due.row.number,
                clock=self._wording.say(f"clock_{due.clock}", language),
                due=self._date(due, language, seen),
            )
            for due in worst[:MOST_LINES]
        ]
        count = len({due.row.id for due in dues})
        head = self._wording.say("digest_due", language, count=str(count))
        more = count - len({due.row.id for due in worst[:MOST_LINES]})
        if more > 0:
            lines.append(self._wording.say("digest_more", language, count=str(more)))
        return "\n".join([head, *lines])

    def _date(self, due: Due, language: str, seen: datetime) -> str:
        return say_date(self._wording, due.due_at, language, certain=due.certain, seen=seen)

    def _offer(self, name: str, due: Due, language: str) -> Offer:
        label = self._wording.say(f"button_{name}", language)
        return Offer(label, f'/{intent_of(name)}{{"case": "{due.row.number}"}}')


def _buttons(due: Due) -> list[str]:
    if due.clock is Clock.ACCEPT:
        return ["accept", "show"] if due.kind != "escalate" else ["accept", "dispatch", "show"]
    if due.kind == "escalate":
        return ["supervise", "show"]
    if due.clock in (Clock.CALLBACK, Clock.REVISIT):
        return ["call_back" if due.clock is Clock.CALLBACK else "revisit", "show"]
    if due.clock is Clock.EXTENSION:
        return ["grant", "deny", "show"]
    return ["answer" if due.clock in (Clock.RECTIFY, Clock.ANSWER) else "show"]
