"""The words in which the life of a case is told: states, actors, verbs, clocks, conditions.

The life itself is the table in `actions/cases/transitions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a case stands, with a sentence each in `STATES`."""

    SUBMITTED = "submitted"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    REVIEWING = "reviewing"
    ANSWERED = "answered"
    MERGED = "merged"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


HELD = frozenset({State.ACCEPTED, State.WAITING})
"""Somebody works on it; where its holder has left, a colleague may take it."""


class Actor(StrEnum):
    """In what capacity someone acts on this case, or hears of it; decided by the database.

    Whom the case is about, and their direct leader, have none of them.
    """

    CITIZEN = "citizen"  # who opened it, or follows it by its short code
    OFFICER = "officer"  # holds a post that handles cases at its unit or above
    HOLDER = "holder"  # the officer who accepted it
    LEAD = "lead"  # heads its unit, or a unit above
    CALLER = "caller"  # whom the policy has call the citizen back
    REVIEWER = "reviewer"  # sub-centre, centre or inspector above, but not who did the work
    EXAMINER = "examiner"  # decides on a result: the reviewer whom the policy names, or one above
    REVISITOR = (
        "revisitor"  # asks the citizen again: the reviewer whom the policy names, or one above
    )
    APPROVER = "approver"  # decides on more time: whom the policy names, or one above
    SYSTEM = "system"


class Verb(StrEnum):
    SUBMIT = "submit"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    TRANSFER = "transfer"
    HAND_OVER = "hand_over"
    NAME_SUBJECT = "name_subject"
    CALL_BACK = "call_back"
    ASK = "ask"
    REPLY = "reply"
    CONTINUE = "continue"
    MESSAGE = "message"
    VISIT = "visit"
    CONFIRM_VISIT = "confirm_visit"
    VERIFY = "verify"
    RECTIFY = "rectify"
    EXPLAIN = "explain"
    HAND_IN = "hand_in"
    ANSWER = "answer"
    REVIEW = "review"
    SEND_BACK = "send_back"
    REVISIT = "revisit"
    RATE_RESULT = "rate_result"
    CLOSE = "close"
    REOPEN = "reopen"
    ADD_FACTS = "add_facts"
    URGE = "urge"
    WITHDRAW = "withdraw"
    CONFIRM_SOLVED = "confirm_solved"
    REPORT_TREATMENT = "report_treatment"
    MERGE = "merge"
    EXTEND = "extend"
    GRANT = "grant"
    DENY = "deny"
    WARN = "warn"
    SUPERVISE = "supervise"
    ESCALATE = "escalate"


class Clock(StrEnum):
    """What runs against a case; how long each may run is the policy's."""

    ACCEPT = "accept"
    CALLBACK = "callback"
    VERIFY = "verify"
    RECTIFY = "rectify"
    ANSWER = "answer"  # what the citizen was promised
    CITIZEN = "citizen"  # for the citizen's reply; the work goes on without it
    REVIEW = "review"
    REVISIT = "revisit"
    EXTENSION = "extension"  # for the decision on one
    SILENCE = "silence"  # answered, and the citizen says nothing: closed, and counted as silent
    STAYED = "stayed"  # closed; then the citizen is asked whether it stayed solved
    RETALIATION = "retaliation"  # closed; then the citizen is asked how they have been treated


class When(StrEnum):
    """What must hold besides the state; `actions.cases.facts.Facts` decides, from case and policy."""

    REVIEWED = "the policy wants a review"
    UNREVIEWED = "the policy wants no review"
    CONTENT_SETTLES = "the citizen is content, and that settles it"
    CONTENT = "the citizen is content"
    DISPUTED = "the citizen is not content"
    DISPUTED_CLOSES = "the citizen is not content, and the policy closes all the same"
    FRESH = "nobody has disputed the answer"
    MAY_REOPEN = "the window for reopening is open"
    EXTENSION_FREE = "no extension is asked for, and one is left"
    EXTENSION_ASKED = "an extension is asked for"
    CALLBACK_OPEN = "a callback is to be made"
    UNCONFIRMED_VISIT = "a visit waits for the citizen's confirmation"
    HOLDER_GONE = "nobody holds it any more"
    URGES_LEFT = "the citizen has not urged too often today"


@dataclass(frozen=True, slots=True)
class StateInfo:
    sentence: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table. `to` is None where the verb leaves the case in the state it is in.

    `needs` names what must be given, `before` what must have been done already, where the policy
    asks for it; `tells` names who hears of it. The clocks: `starts` those that the policy has and
    that do not run yet, `pauses`, `resumes`, `stops` those that run.
    """

    verb: Verb
    sources: frozenset[State]
    to: State | None
    who: frozenset[Actor]
    sentence: str
    when: When | None = None
    needs: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    tells: tuple[Actor, ...] = ()
    starts: tuple[Clock, ...] = ()
    stops: tuple[Clock, ...] = ()
    pauses: tuple[Clock, ...] = ()
    resumes: tuple[Clock, ...] = ()


STATES: dict[State, StateInfo] = {
    State.SUBMITTED: StateInfo("The citizen has confirmed it and holds its number."),
    State.DISPATCHED: StateInfo("A unit is responsible and its officers have been told."),
    State.ACCEPTED: StateInfo("One officer, its holder, works on it."),
    State.WAITING: StateInfo("The holder has asked the citizen something; the clocks stand still."),
    State.REVIEWING: StateInfo("The level above looks at the result, or at why it is disputed."),
    State.ANSWERED: StateInfo("The citizen has the answer and is asked to rate it."),
    State.MERGED: StateInfo("It is the same matter as another case and gets that one's answer."),
    State.CLOSED: StateInfo("It is settled; the citizen may reopen it for a while.", final=True),
    State.WITHDRAWN: StateInfo("The citizen took it back.", final=True),
}
