"""A case as the rest of the program sees it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from actions.cases.kinds import CaseKind, Reason
from actions.cases.states import State


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What the citizen has told and confirmed. `attachments` are inbox ids of photos and such."""

    kind: CaseKind
    what: str
    when: str = ""
    where: str = ""
    who: str = ""
    unit_id: int | None = None
    officer_id: int | None = None
    phone: str = ""
    anonymous: bool = False
    rating_id: uuid.UUID | None = None
    reason: Reason | None = None
    attachments: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the citizen gets for a submitted case."""

    number: str
    short_code: str
    unit_label: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as this person may see it: `phone` is masked for all but the officer who accepted it.

    `may` holds the verbs possible for this person now. Moments are aware, UTC.
    """

    number: str
    kind: CaseKind
    state: State
    unit_label: str
    gist: str
    what: str
    when: str
    where: str
    who: str
    reason: Reason | None
    phone: str
    anonymous: bool
    attachments: int
    answer: str
    result_grade: str | None
    accepted_by: str
    created_at: datetime
    updated_at: datetime
    answer_by: datetime
    may: list[str]


def gist(text: str, length: int = 60) -> str:
    """The first words of a matter, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
