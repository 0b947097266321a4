"""A case as the rest of the program sees it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from actions.cases.kinds import CaseKind, Reason
from actions.cases.states import Clock, State, Verb


@dataclass(frozen=True, slots=True)
class Fed:
    """What a feed said of a case that it handed over: its own number and category, of whom.

    `known` is False for a category that its mapping file lacks. `name` is masked.
    """

    number: str
    category: str = ""
    known: bool = True
    urgent: bool = False
    do_not_contact: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What the citizen has told and confirmed. `attachments` are inbox ids of photos and such.

    `source` is the feed it came by, empty for the channel in which it is told; `fed` what a feed
    said of it, and `wanted_by` (aware, UTC) by when it wants the answer; `recorded_by` the officer
    (id) who wrote it down for the citizen.
    """

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
    source: str = ""
    fed: Fed | None = None
    wanted_by: datetime | None = None
    recorded_by: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the citizen gets for a submitted case.

    `call_by` is None where nobody will call; `certain` is False while the holidays of the year of
    `answer_by` are not known. Moments are aware, UTC.
    """

    number: str
    short_code: str
    unit_label: str
    answer_by: datetime
    certain: bool = True
    call_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class DueView:
    """A clock that runs: `at` is None while it stands still (aware, UTC)."""

    clock: str
    at: datetime | None
    certain: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as this person may see it: `phone` is masked unless they may see it in full.

    `may` holds the verbs possible for this person now; `due` the clocks that run, the earliest
    first; `question` what the citizen was asked and has not answered. Moments are aware, UTC.
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
    escrow: bool
    attachments: int
    answer: str
    question: str
    finding: str | None
    outcome: str | None
    result_grade: str | None
    accepted_by: str
    rounds: int
    merged_into: str
    links: int
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    answer_by: datetime
    due_at: datetime | None
    certain: bool  # false: some due time is of a year whose holidays are not known yet
    due: list[DueView]
    may: list[Verb]
    mine: bool  # this officer holds it
    calls: bool = False  # a call to the citizen waits for this officer
    source: str = ""
    fed: Fed | None = None  # for officers
    asked: Clock | None = None  # stayed or retaliation: a question that waits since the closing


@dataclass(frozen=True, slots=True)
class EventView:
    """A line of a case's history; `by` says who in a word that may be shown, `words` what was said.

    `at` is aware, UTC.
    """

    at: datetime
    verb: Verb
    by: str
    words: str


def gist(text: str, length: int = 60) -> str:
    """The first words of a matter, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
