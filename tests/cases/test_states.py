"""The declared table itself: no dead ends, nothing that can never happen, a sentence for everything.

That the service does what it says is in test_grid.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.cases.facts import Facts
from actions.cases.states import STATES, Actor, Clock, State, Transition, Verb, When
from actions.cases.transitions import OPEN, TRANSITIONS, rows_for, who_may
from actions.notices.notices import Wording
from bot.cli.documents import states
from tests.conftest import FrozenClock

DOCS = Path(__file__).parents[2] / "docs"
WORK = {Clock.VERIFY, Clock.RECTIFY, Clock.ANSWER}
SILENT = {(Verb.WARN, Actor.HOLDER)}  # said by the alarm itself: alarm_warn
TOLD = {(row.verb, audience) for row in TRANSITIONS for audience in row.tells}


def reached(start: State) -> set[State]:
    found, before = {start}, set[State]()
    while found != before:
        before = set(found)
        found |= {row.to for row in TRANSITIONS if row.to and row.sources & found}
    return found


def pairs() -> Iterator[tuple[Transition, Transition]]:
    """Two rows of one verb that share a state, in the table's order."""
    for number, first in enumerate(TRANSITIONS):
        for second in TRANSITIONS[number + 1 :]:
            if first.verb is second.verb and first.sources & second.sources:
                yield first, second


def test_every_state_can_be_reached() -> None:
    assert reached(State.SUBMITTED) == set(State)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_case_can_end(state: State) -> None:
    assert any(STATES[end].final for end in reached(state))


@pytest.mark.parametrize("state", sorted(OPEN - {State.SUBMITTED}))
def test_people_lead_out_of_every_open_state(state: State) -> None:
    """Not only the citizen, who may never come back, and not only the program."""
    ways = [row for row in TRANSITIONS if state in row.sources and row.to not in (None, state)]
    staff = set(Actor) - {Actor.CITIZEN, Actor.SYSTEM}
    assert any(row.who & staff for row in ways)


def test_nothing_at_all_happens_to_what_was_withdrawn() -> None:
    assert [row for row in TRANSITIONS if State.WITHDRAWN in row.sources] == []


def test_what_is_closed_comes_back_only_by_reopening() -> None:
    moved = {row.verb for row in TRANSITIONS if State.CLOSED in row.sources and row.to}
    assert moved == {Verb.REOPEN}


def test_no_row_is_hidden_by_one_before_it() -> None:
    hidden = [
        second.sentence
        for first, second in pairs()
        if first.when is None and first.who >= second.who and first.sources >= second.sources
    ]
    assert hidden == []


def test_two_rows_for_the_same_people_differ_in_their_condition() -> None:
    same = [b.sentence for a, b in pairs() if a.who & b.who and a.when == b.when]
    assert same == []


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.SUBMIT])
def test_every_verb_has_a_row_and_somebody_who_may(verb: Verb) -> None:
    assert any(rows_for(verb, state) for state in State)
    assert who_may(verb)


def test_everything_is_told_in_a_sentence() -> None:
    assert set(STATES) == set(State)
    for sentence in [*(s.sentence for s in STATES.values()), *(r.sentence for r in TRANSITIONS)]:
        assert sentence.endswith(".")
        assert sentence[0].isupper()


# --- the clocks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [r for r in TRANSITIONS if State.WAITING in r.sources and r.to])
def test_no_clock_stands_still_for_ever(row: Transition) -> None:
    """Whatever leads out of waiting lets the work's clocks run on, or ends them."""
    assert {*row.resumes, *row.stops} >= WORK
    assert Clock.CITIZEN in row.stops


@pytest.mark.parametrize("row", [r for r in TRANSITIONS if r.to and STATES[r.to].final])
def test_what_ends_leaves_no_clock_running(row: Transition) -> None:
    assert set(row.stops) == set(Clock)


@pytest.mark.parametrize("row", [r for r in TRANSITIONS if r.to is State.MERGED])
def test_a_merged_case_has_no_clock(row: Transition) -> None:
    assert set(row.stops) == set(Clock)
    assert row.starts == ()


@pytest.mark.parametrize("clock", Clock)
def test_every_clock_is_started_and_stopped_somewhere(clock: Clock) -> None:
    assert any(clock in row.starts for row in TRANSITIONS)
    assert any(clock in row.stops for row in TRANSITIONS)


# --- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("when", When)
def test_every_condition_can_hold_and_can_fail(when: When) -> None:
    now = FrozenClock()()
    most = Facts(
        now,
        grade="satisfied",
        reviewed=True,
        reopen_until=now,
        extension_asked=True,
        callback_open=True,
        visit_open=True,
        holder_gone=True,
    )
    least = Facts(
        now, grade="unsatisfied", disputed=True, disputes_are_reviewed=False, urges_left=0
    )
    asked = Facts(now, extensions_left=1)
    found = {facts.holds(when) for facts in (most, least, asked)}
    assert found == {True, False}


@pytest.mark.parametrize("when", When)
def test_a_condition_is_used_by_a_row(when: When) -> None:
    assert any(row.when is when for row in TRANSITIONS)


# --- what is said ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "audience"), sorted(TOLD - SILENT))
def test_whoever_is_told_is_told_in_a_sentence(verb: Verb, audience: Actor) -> None:
    assert Wording().knows(f"told_{verb}_{audience}")


def test_no_sentence_is_there_for_nobody() -> None:
    wording = Wording()
    everyone = {(verb, audience) for verb in Verb for audience in Actor}
    said = {(v, a) for v, a in everyone if wording.knows(f"told_{v}_{a}")}
    assert said == TOLD - SILENT


def test_the_drawing_is_of_this_table() -> None:
    assert (DOCS / "states.md").read_text("utf-8") == states()
