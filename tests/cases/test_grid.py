"""The whole grid: every verb, in every state, by every one of the cast, under two policies.

What the service does is compared with the declared table and with what tests/cases/situations.py
says of the person and the case. Every attempt is undone.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from actions import clock
from actions.cases import rows, standing
from actions.cases.states import STATES, Actor, State, Transition, Verb
from actions.cases.transitions import TRANSITIONS, possible, transition, who_may
from actions.errors import Refusal
from actions.ratings.rating import Grade
from tests.cases.situations import (
    CAPACITIES,
    NOBODY,
    SITUATIONS,
    Situation,
    World,
    attempts,
    make_world,
)
from tests.cases.steps import refused, undone
from tests.conftest import FrozenClock
from tests.installation import Servers, installation
from tests.policies import FULL, written

BY_NAME = {situation.name: situation for situation in SITUATIONS}
SPECIAL = {
    Verb.URGE: "urged_enough",
    Verb.REOPEN: "reopen_over",
    Verb.EXTEND: "extension_none",
    Verb.GRANT: "extension_not_asked",
    Verb.DENY: "extension_not_asked",
    Verb.REVIEW: "review_disputed",
    Verb.CONFIRM_VISIT: "visit_none",
}


@dataclass(slots=True)
class Grid:
    """The two installations, and the cases brought into their situations so far."""

    worlds: dict[str, World]
    numbers: dict[str, str]

    async def at(self, situation: Situation) -> tuple[World, str]:
        world = self.worlds[situation.policy]
        if situation.name not in self.numbers:
            self.numbers[situation.name] = await situation.bring(world)
        return world, self.numbers[situation.name]


@pytest.fixture(scope="module", autouse=True)
def stopped_clock() -> Iterator[None]:
    clock.freeze(FrozenClock())
    yield
    clock.freeze(None)


@pytest.fixture(scope="module")
async def grid(databases: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Grid]:
    folder: Path = tmp_path_factory.mktemp("policies")
    full = written(folder, changes=FULL)
    async with installation(databases) as one, installation(databases, policy=full) as two:
        yield Grid({"default": await make_world(one), "full": await make_world(two)}, {})


# --- what is declared -----------------------------------------------------------------------------


def row_for(situation: Situation, who: frozenset[Actor], verb: Verb, grade: Any) -> Any:
    return transition(verb, situation.state, who, lambda when: situation.condition(when, grade))


def open_to(situation: Situation, who: frozenset[Actor]) -> list[Verb]:
    return possible(situation.state, who, lambda when: situation.condition(when, None))


def declared(situation: Situation, name: str, verb: Verb, grade: Any) -> str:
    """The state the verb leads to, or the key of the refusal."""
    who = situation.capacities(name)
    row: Transition | None = row_for(situation, who, verb, grade)
    if row is not None:
        return row.to or situation.state
    return refusal(situation, name, who, verb)


def refusal(situation: Situation, name: str, who: frozenset[Actor], verb: Verb) -> str:
    """Why not; the first of these that is so."""
    final = STATES[situation.state].final
    has_holder = (situation.held or situation.li_is_gone) and not final
    officer = Actor.OFFICER in who
    anothers = has_holder and Actor.HOLDER not in who
    now = {a for r in TRANSITIONS if r.verb is verb and situation.state in r.sources for a in r.who}
    could = now or who_may(verb)
    the_holders = Actor.HOLDER in could and not who & could
    if officer and anothers and (the_holders or verb is Verb.ACCEPT):
        return "case_taken"
    if verb is Verb.ACCEPT and has_holder and Actor.HOLDER in who:
        return "case_yours"
    dispatched = situation.state is State.DISPATCHED
    if officer and dispatched and Actor.HOLDER in who_may(verb):
        return "accept_first"
    as_holder = who | {Actor.HOLDER} if officer else who
    if not who_may(verb) & as_holder:
        return "verb_not_yours"
    if verb in SPECIAL and now:
        return SPECIAL[verb]
    return "case_over" if final else "verb_not_now"


# --- what the service does ------------------------------------------------------------------------


async def attempt(
    world: World,
    connection: AsyncConnection,
    name: str,
    case: Any,
    verb: Verb,
    given: dict[str, Any],
) -> tuple[str, list[str]]:
    """The state it led to, or the key of the refusal and the verbs named instead."""
    row, person, who = case
    turn = world.person(name).turn()
    savepoint = await connection.begin_nested()
    try:
        done = await world.services.cases._work.do(
            connection, turn, row, person, who, verb, dict(given)
        )
        unheard = await told_to_nobody(world, connection, done, verb, row)
        return unheard or done.state, []
    except Refusal as no:
        return no.key, list(no.may)
    finally:
        await savepoint.rollback()


async def told_to_nobody(
    world: World, connection: AsyncConnection, after: Any, verb: Verb, before: Any
) -> str:
    """Those whom the row tells, but behind whom nobody is; empty when everyone hears of it."""
    steps = [r for r in TRANSITIONS if r.verb is verb and before.state in r.sources]
    step = next(r for r in steps if (r.to or before.state) == after.state)
    policy = world.services.policy
    asked = {policy.callback is not None, policy.revisit is not None} == {True}
    audiences = [a for a in step.tells if asked or a is not Actor.CALLER]
    notices = world.services.cases._work._notices
    found = {a: await notices.audience(connection, after, a, verb) for a in audiences}
    return ", ".join(f"nobody behind {a}" for a, readers in found.items() if not readers)


@pytest.mark.parametrize("name", BY_NAME)
async def test_every_verb_by_everyone_does_what_the_table_says(grid: Grid, name: str) -> None:
    situation = BY_NAME[name]
    world, number = await grid.at(situation)
    wrong = []
    async with undone(world.services.engine) as connection:
        await connection.execute(text(situation.meanwhile or "SELECT 1"))
        for who in CAPACITIES:
            row = await rows.by_number(connection, number, lock=True)
            assert row is not None
            assert row.state == situation.state
            person = await world.services.people.person(connection, world.person(who).conversation)
            actors = await standing.actors(connection, row, person, world.services.policy)
            assert actors == situation.capacities(who), who
            if not actors:
                continue
            may = [str(verb) for verb in open_to(situation, frozenset(actors))]
            for verb, given in attempts(world, number):
                case = (row, person, actors)
                found, instead = await attempt(world, connection, who, case, verb, given)
                wanted = declared(situation, who, verb, given.get("grade"))
                if found != wanted:
                    wrong.append(f"{who} {verb}: {found}, declared {wanted}")
                if instead and instead != may:
                    wrong.append(f"{who} {verb}: offers {instead}, declared {may}")
    assert wrong == []


@pytest.mark.parametrize("name", [n for n, s in BY_NAME.items() if not s.meanwhile])
async def test_the_offered_verbs_are_the_possible_ones(grid: Grid, name: str) -> None:
    situation = BY_NAME[name]
    world, number = await grid.at(situation)
    for who in CAPACITIES:
        capacities = situation.capacities(who)
        if capacities:
            view = await world.services.cases.find(world.person(who).turn(), number)
            assert view.may == open_to(situation, capacities), who
            assert view.mine is (Actor.HOLDER in capacities)


@pytest.mark.parametrize("name", ["dispatched", "accepted", "answered", "closed"])
async def test_it_does_not_exist_for_whoever_has_no_part_in_it(grid: Grid, name: str) -> None:
    """But who sees the figures of its unit may look at it, and do nothing."""
    world, number = await grid.at(BY_NAME[name])
    cases = world.services.cases
    for who in NOBODY:
        turn = world.person(who).turn()
        for verb, given in attempts(world, number):
            no = await refused(cases.act(turn, number, verb, **given))
            assert (no.key, no.may) == ("case_not_found", ()), (who, verb)
        looks = (
            (cases.links,)
            if who == "chief"
            else (cases.find, cases.history, cases.clocks, cases.links)
        )
        for look in looks:
            assert (await refused(look(turn, number))).key == "case_not_found"
        assert number not in [case.number for case in await cases.mine(turn)]
    seen = await cases.find(world.person("chief").turn(), number)
    assert (seen.may, seen.mine, seen.calls) == ([], False, False)
    await world.services.redis.flushdb()  # the wrong guesses


@pytest.mark.parametrize("name", BY_NAME)
async def test_whom_it_is_about_and_their_leader_have_no_part_in_it(grid: Grid, name: str) -> None:
    """WANG is the subject: moved to the station after the case had come there."""
    situation = BY_NAME[name]
    world, number = await grid.at(situation)
    async with undone(world.services.engine) as connection:
        await connection.execute(text(situation.meanwhile or "SELECT 1"))
        statement = text("UPDATE cases SET subject_id = :wang WHERE number = :number")
        await connection.execute(statement, {"wang": world.wang, "number": number})
        row = await rows.by_number(connection, number)
        for who in CAPACITIES:
            person = await world.services.people.person(connection, world.person(who).conversation)
            actors = await standing.actors(connection, row, person, world.services.policy)
            expected = frozenset() if who in ("wang", "head") else situation.capacities(who)
            assert actors == expected, who


# --- the program's own rows -----------------------------------------------------------------------


BY_THE_PROGRAM = [(verb, None) for verb in Verb if verb is not Verb.REVISIT] + [
    (Verb.REVISIT, grade)
    for grade in Grade  # a recorded voice asks for one
]


@pytest.mark.parametrize("name", BY_NAME)
async def test_the_program_does_only_what_the_table_gives_it(grid: Grid, name: str) -> None:
    situation = BY_NAME[name]
    world, number = await grid.at(situation)
    wrong = []
    async with undone(world.services.engine) as connection:
        await connection.execute(text(situation.meanwhile or "SELECT 1"))
        row = await rows.by_number(connection, number, lock=True)
        for verb, grade in BY_THE_PROGRAM:
            step = row_for(situation, frozenset({Actor.SYSTEM}), verb, grade)
            savepoint = await connection.begin_nested()
            given = {"text": "好了", "unit_id": world.nanzhan, "unit": "南站", "grade": grade}
            done = await world.services.cases._work.by_system(
                connection, row, verb, uuid.uuid4(), given
            )
            await savepoint.rollback()
            found = done.state if done is not None else None
            wanted = None if step is None else step.to or situation.state
            if found != wanted:
                wrong.append(f"{verb} {grade}: {found}, declared {wanted}")
    assert wrong == []


def test_the_grid_walks_every_row_of_the_table(grid: Grid) -> None:
    walked = set()
    for situation in SITUATIONS:
        everyone = [situation.capacities(name) for name in CAPACITIES]
        for who in [*everyone, frozenset({Actor.SYSTEM})]:
            for verb, given in attempts(grid.worlds[situation.policy], ""):
                row = row_for(situation, who, verb, given.get("grade"))
                if row is not None:
                    walked.add(row)
    assert [row.sentence for row in TRANSITIONS if row not in walked] == []
    assert {situation.state for situation in SITUATIONS} == set(State)
