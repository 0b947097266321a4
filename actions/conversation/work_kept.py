"""What is remembered of a verb between its questions: one slot, so that all of it goes at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rasa_sdk.events import SlotSet

from actions.bootstrap import services
from actions.cases.case import CaseView
from actions.cases.states import Verb
from actions.conversation.talk import Event, Talk
from actions.conversation.work_table import About, Question, questions

SLOT = "work"


@dataclass(frozen=True, slots=True)
class Kept:
    """A verb under way on a case. `ready` names the message that answered the last question."""

    verb: Verb
    number: str
    kind: str
    state: str
    unit: str
    given: dict[str, Any] = field(default_factory=dict)
    ready: str = ""

    @classmethod
    def of(cls, verb: Verb, case: CaseView, given: Mapping[str, Any]) -> Kept:
        return cls(verb, case.number, case.kind, case.state, case.unit_label, dict(given))

    @classmethod
    def from_slot(cls, talk: Talk) -> Kept | None:
        kept = talk.slot(SLOT)
        return cls(**{**kept, "verb": Verb(kept["verb"])}) if kept else None

    def remembered(self) -> dict[str, Any]:
        """As the slot keeps it."""
        return asdict(self)

    def slot(self) -> Event:
        event: Event = SlotSet(SLOT, self.remembered())
        return event

    def with_answers(self, answers: Mapping[str, Any]) -> Kept:
        """What is known already stays, but for what was answered now."""
        return replace(self, given={**self.given, **answers})

    def without(self, name: str) -> Kept:
        return replace(self, given={n: v for n, v in self.given.items() if n != name})

    def ready_by(self, message: str) -> Kept:
        return replace(self, ready=message)

    @property
    def attachments(self) -> list[str]:
        return list(self.given.get("attachments", ()))

    def questions(self) -> list[Question]:
        """What is still to be asked, in order."""
        about = About(self.kind, self.state)
        return questions(self.verb, self.given, about, services().policy)
