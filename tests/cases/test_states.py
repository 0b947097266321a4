"""The declared table against the service: every verb, in every state, by every one of the cast."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import select, update

from actions.bootstrap import Services
from actions.cases.case import CaseDraft
from actions.cases.kinds import CaseKind
from actions.cases.service import Cases
from actions.cases.states import (
    STATES,
    TRANSITIONS,
    Actor,
    State,
    Verb,
    possible,
    transition,
    who_may,
)
from actions.errors import Refusal
from actions.store.tables import cases, units
from tests.cast import Cast, Someone, gather_cast
from tests.installation import Servers, installation

PERSONAL = [verb for verb in Verb if verb not in {Verb.SUBMIT, Verb.DISPATCH}]

# In what capacity each of the cast acts on a case that CHEN opened at Mingdeli station.
CAPACITY: dict[str, Actor | None] = {
    "chen": Actor.CITIZEN,
    "zhou": None,
    "li": Actor.OFFICER,
    "wang": Actor.OFFICER,
    "liu": None,
    "chief": None,
    "other": None,
    "centre": Actor.OFFICER,
}
HELD_BY_LI = {State.ACCEPTED, State.ANSWERED, State.CLOSED}


def declared(state: State, verb: Verb, name: str) -> State | str:
    """The state the table leads to, or the key of the refusal."""
    capacity = CAPACITY[name]
    row = transition(verb, state)
    if capacity is None:
        return "case_not_found"
    if capacity not in who_may(verb):
        return "verb_not_yours"
    if verb in {Verb.ACCEPT, Verb.ANSWER} and state in HELD_BY_LI and name != "li":
        return "case_taken"
    if row is not None:
        return row.to or state
    if verb is Verb.ACCEPT and state in HELD_BY_LI:
        return "case_yours"
    if STATES[state].final:
        return "case_over"
    if verb is Verb.ANSWER and state is State.DISPATCHED:
        return "accept_first"
    return "verb_not_now"


# --- the service ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


@pytest.fixture(scope="module")
async def cast(services: Services) -> Cast:
    return await gather_cast(services)


async def case_in(services: Services, cast: Cast, state: State) -> str:
    """The number of a new case of CHEN's at Mingdeli, brought to this state by the cast."""
    async with services.engine.connect() as connection:
        query = select(units.c.id).where(units.c.name == "明德里派出所")
        unit_id = (await connection.execute(query)).scalar_one()
    draft = CaseDraft(CaseKind.COMPLAINT, "等了两个小时", unit_id=unit_id)
    number = (await services.cases.submit(cast.chen.turn(), draft)).number
    if state is State.SUBMITTED:  # between two steps of one transaction; nobody ever meets it
        async with services.engine.begin() as connection:
            values = {"state": State.SUBMITTED}
            await connection.execute(update(cases).where(cases.c.number == number).values(values))
    if state is State.WITHDRAWN:
        await services.cases.withdraw(cast.chen.turn(), number)
    if state in HELD_BY_LI:
        await services.cases.accept(cast.li.turn(), number)
    if state in {State.ANSWERED, State.CLOSED}:
        await services.cases.answer(cast.li.turn(), number, "可以来取了")
    if state is State.CLOSED:
        await services.cases.rate_result(cast.chen.turn(), number, "satisfied")
    assert await state_of(services, number) is state
    return number


async def state_of(services: Services, number: str) -> State:
    async with services.engine.connect() as connection:
        query = select(cases.c.state).where(cases.c.number == number)
        return State((await connection.execute(query)).scalar_one())


async def use(services: Services, someone: Someone, verb: Verb, number: str) -> State | str:
    """The state the verb led to, or the key of the refusal."""
    method: Callable[..., Awaitable[object]] = getattr(services.cases, verb)
    given = {Verb.ANSWER: ["好了"], Verb.ADD_FACTS: ["补充"], Verb.RATE_RESULT: ["basically"]}
    try:
        await method(someone.turn(), number, *given.get(verb, []))
    except Refusal as refusal:
        return refusal.key
    return await state_of(services, number)


@pytest.mark.parametrize("name", CAPACITY)
@pytest.mark.parametrize("state", State)
async def test_every_verb_does_what_the_table_says(
    services: Services, cast: Cast, state: State, name: str
) -> None:
    number = await case_in(services, cast, state)
    for verb in PERSONAL:
        outcome = declared(state, verb, name)
        assert await use(services, getattr(cast, name), verb, number) == outcome, verb
        if isinstance(outcome, State) and outcome is not state:
            number = await case_in(services, cast, state)
        assert await state_of(services, number) is state, verb


@pytest.mark.parametrize("name", [name for name, capacity in CAPACITY.items() if capacity])
@pytest.mark.parametrize("state", State)
async def test_the_offered_verbs_are_those_that_work(
    services: Services, cast: Cast, state: State, name: str
) -> None:
    number = await case_in(services, cast, state)
    view = await services.cases.find(getattr(cast, name).turn(), number)
    works = [verb for verb in PERSONAL if isinstance(declared(state, verb, name), State)]
    assert sorted(view.may) == sorted(works)


# --- the table itself -----------------------------------------------------------------------------


def test_every_state_can_be_reached() -> None:
    reached, before = {State.SUBMITTED}, set[State]()
    while reached != before:
        before = set(reached)
        reached |= {row.to for row in TRANSITIONS if row.to and row.sources & reached}
    assert reached == set(State)


@pytest.mark.parametrize("state", [state for state, info in STATES.items() if not info.final])
def test_every_open_case_can_end(state: State) -> None:
    ends, before = {state}, set[State]()
    while ends != before:
        before = set(ends)
        ends |= {row.to for row in TRANSITIONS if row.to and row.sources & ends}
    assert any(STATES[end].final for end in ends)


@pytest.mark.parametrize("state", [state for state, info in STATES.items() if info.final])
def test_nothing_happens_to_what_has_ended(state: State) -> None:
    assert possible(state, set(Actor)) == []


@pytest.mark.parametrize("state", State)
def test_a_verb_means_one_thing_in_a_state(state: State) -> None:
    verbs = [row.verb for row in TRANSITIONS if state in row.sources]
    assert len(verbs) == len(set(verbs))


def test_every_state_and_verb_is_told_in_a_sentence() -> None:
    assert set(STATES) == set(State)
    assert {row.verb for row in TRANSITIONS} == set(Verb) - {Verb.SUBMIT}
    for sentence in [*(s.sentence for s in STATES.values()), *(r.sentence for r in TRANSITIONS)]:
        assert sentence.endswith(".")


@pytest.mark.parametrize("verb", PERSONAL)
def test_the_service_has_a_call_for_every_verb_that_takes_what_it_needs(verb: Verb) -> None:
    given = list(inspect.signature(getattr(Cases, verb)).parameters)
    assert given[:3] == ["self", "turn", "number"]
    needs = {need for row in TRANSITIONS if row.verb is verb for need in row.needs}
    assert needs <= set(given[3:])
