"""What the other side hears of a case, from the verb that was done. Pure.

Only what the citizen is told, too: nothing of what officers do among themselves.
"""

from __future__ import annotations

from actions.cases.states import Actor, State, Transition, Verb

HAPPENED: dict[Verb, str] = {
    Verb.ACCEPT: "accepted",
    Verb.ASK: "asked",
    Verb.MESSAGE: "message",
    Verb.ANSWER: "answered",
    Verb.REVIEW: "answered",
    Verb.SEND_BACK: "returned",
    Verb.GRANT: "extended",
    Verb.MERGE: "merged",
    Verb.RATE_RESULT: "rated",
    Verb.REVISIT: "rated",
    Verb.CLOSE: "closed",
    Verb.WITHDRAW: "withdrawn",
    Verb.REOPEN: "reopened",
}

WORDS: dict[str, str] = {
    "accepted": "An officer has taken the case; answer_by says until when there is an answer.",
    "asked": "The officer asks the citizen; send the reply as the record again, with other words.",
    "message": "A word of the officer to the citizen in between.",
    "answered": "The result, as the citizen is told it.",
    "returned": "The answer was not good enough; there will be a better one.",
    "extended": "More time was granted; answer_by is the new date.",
    "merged": "It is the same matter as another case and gets that one's answer.",
    "rated": "The citizen has rated the result; grade says how.",
    "closed": "The case is over; closed_as says how.",
    "withdrawn": "The citizen took the case back.",
    "reopened": "It was not settled after all.",
}
"""A sentence for each; see docs/feeds.md."""


def happened(step: Transition) -> str | None:
    """What to report of a verb; None for what is nobody's business outside."""
    found = HAPPENED.get(step.verb)
    if step.verb is Verb.SEND_BACK and Actor.CITIZEN not in step.tells:
        return None  # no answer has gone out yet
    return "closed" if found is not None and step.to is State.CLOSED else found
