"""The life of a case as one declared table.

Everything else reads this table: the service that moves cases, the verbs a person is offered, the
drawing in docs/states.md, and the test that walks every state × verb × actor. A new verb is a new
row here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a case stands, with a sentence each in `STATES`."""

    SUBMITTED = "submitted"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Actor(StrEnum):
    """In what capacity someone acts on this case, decided by the database."""

    CITIZEN = "citizen"  # who opened it
    OFFICER = "officer"  # holds a post at its unit or above, and is not the officer it is about
    SYSTEM = "system"


class Verb(StrEnum):
    SUBMIT = "submit"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    ANSWER = "answer"
    RATE_RESULT = "rate_result"
    ADD_FACTS = "add_facts"
    URGE = "urge"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class StateInfo:
    sentence: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """`to` is None where the verb leaves the case in the state it is in.

    `needs` names what must be given; `tells` names who hears of it.
    """

    verb: Verb
    sources: frozenset[State]
    to: State | None
    who: frozenset[Actor]
    sentence: str
    needs: tuple[str, ...] = ()
    tells: tuple[Actor, ...] = ()


STATES: dict[State, StateInfo] = {
    State.SUBMITTED: StateInfo("The citizen has confirmed it and holds its number."),
    State.DISPATCHED: StateInfo("A unit is responsible and its officers have been told."),
    State.ACCEPTED: StateInfo("One officer works on it; nobody else may answer it."),
    State.ANSWERED: StateInfo("The citizen has the answer and is asked to rate it."),
    State.CLOSED: StateInfo("The citizen has rated the result.", final=True),
    State.WITHDRAWN: StateInfo("The citizen took it back.", final=True),
}

_OPEN = frozenset(state for state, info in STATES.items() if not info.final)


def _row(
    verb: Verb,
    sources: Collection[State],
    to: State | None,
    who: Actor,
    sentence: str,
    needs: tuple[str, ...] = (),
    tells: tuple[Actor, ...] = (),
) -> Transition:
    return Transition(verb, frozenset(sources), to, frozenset({who}), sentence, needs, tells)


TRANSITIONS: tuple[Transition, ...] = (
    _row(
        Verb.DISPATCH,
        {State.SUBMITTED},
        State.DISPATCHED,
        Actor.SYSTEM,
        "The case goes to the unit named by code, by the citizen, or to the centre.",
        tells=(Actor.OFFICER,),
    ),
    _row(
        Verb.ACCEPT,
        {State.DISPATCHED},
        State.ACCEPTED,
        Actor.OFFICER,
        "The first officer to press takes it; the next is told who was faster.",
        tells=(Actor.CITIZEN,),
    ),
    _row(
        Verb.ANSWER,
        {State.ACCEPTED},
        State.ANSWERED,
        Actor.OFFICER,
        "The officer who accepted it tells the citizen what was done.",
        needs=("text",),
        tells=(Actor.CITIZEN,),
    ),
    _row(
        Verb.RATE_RESULT,
        {State.ANSWERED},
        State.CLOSED,
        Actor.CITIZEN,
        "The citizen rates the result, which closes the case.",
        needs=("grade",),
        tells=(Actor.OFFICER,),
    ),
    _row(
        Verb.ADD_FACTS,
        _OPEN,
        None,
        Actor.CITIZEN,
        "The citizen adds words or attachments.",
        needs=("text",),
        tells=(Actor.OFFICER,),
    ),
    _row(
        Verb.URGE,
        _OPEN - {State.ANSWERED},
        None,
        Actor.CITIZEN,
        "The citizen asks for speed.",
        tells=(Actor.OFFICER,),
    ),
    _row(
        Verb.WITHDRAW,
        _OPEN,
        State.WITHDRAWN,
        Actor.CITIZEN,
        "The citizen takes the case back.",
        tells=(Actor.OFFICER,),
    ),
)


def transition(verb: Verb, state: State) -> Transition | None:
    """The row for this verb in this state, or None when the verb is not possible there."""
    return next((row for row in TRANSITIONS if row.verb is verb and state in row.sources), None)


def who_may(verb: Verb) -> frozenset[Actor]:
    """The capacities in which the verb can be used at all, in whatever state."""
    return frozenset(actor for row in TRANSITIONS if row.verb is verb for actor in row.who)


def possible(state: State, actors: Collection[Actor]) -> list[Verb]:
    """The verbs that someone acting in these capacities may use now, in the table's order."""
    return [row.verb for row in TRANSITIONS if state in row.sources and row.who & set(actors)]
