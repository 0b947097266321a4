"""The table of the work fits the table of transitions, and each row has its wording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.cases.intents import intent_of
from actions.cases.states import Actor, Verb
from actions.cases.transitions import TRANSITIONS, who_may
from actions.conversation.work_help import _SECTIONS
from actions.conversation.work_table import (
    INTENTS,
    WORK,
    About,
    Question,
    Read,
    complete,
    in_order,
    questions,
    verb_of,
)
from actions.policy.load import load_policy

ROOT = Path(__file__).parents[2]
OFFICERS = frozenset(Actor) - {Actor.CITIZEN, Actor.SYSTEM}
DOMAIN: list[dict[str, Any]] = [
    yaml.safe_load(file.read_text("utf-8")) for file in (ROOT / "domain").glob("*.yml")
]
RESPONSES = {name for part in DOMAIN for name in part.get("responses", {})}
UNSATISFIED = About("unsatisfied", "accepted")


def test_each_verb_of_an_officer_is_worked_in_chat() -> None:
    assert {verb for verb in Verb if who_may(verb) & OFFICERS} == WORK.keys()


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.who & OFFICERS], ids=str)
def test_what_a_verb_needs_is_asked(row: Any) -> None:
    assert set(row.needs) <= {question.name for question in WORK[row.verb]}


@pytest.mark.parametrize("verb", WORK)
def test_each_verb_has_its_words(verb: Verb) -> None:
    done = ("_yes", "_no") if verb is Verb.CALL_BACK else ("",)
    wanted = {f"part_do_{verb}", f"part_example_{verb}", *(f"done_{verb}{end}" for end in done)}
    wanted |= {question.wording for question in WORK[verb]}
    assert {f"utter_{key}" for key in wanted} <= RESPONSES


@pytest.mark.parametrize("verb", WORK)
def test_the_intent_leads_back_to_the_verb(verb: Verb) -> None:
    meant = {verb_of(intent_of(verb)), verb}
    assert len(meant - {Verb.ANSWER, Verb.HAND_IN}) <= 1


def test_each_intent_is_known() -> None:
    known = {intent for part in DOMAIN for intent in part.get("intents", ())}
    assert known >= INTENTS


def test_the_help_names_each_verb_but_what_a_citizen_does_as_well() -> None:
    told = {verb for verbs in _SECTIONS.values() for verb in verbs}
    assert told == WORK.keys() - {Verb.HAND_IN, Verb.CONFIRM_VISIT}


@pytest.mark.parametrize("read", Read)
def test_what_was_not_understood_is_said(read: Read) -> None:
    whatever = {Read.WORDS, Read.PHOTOS, Read.BADGE, Read.CODE}  # the service judges these
    assert read in whatever or f"utter_part_unread_{read}" in RESPONSES


# --- what is asked ---------------------------------------------------------------------------------


def asked(verb: Verb, preset: str, about: About = UNSATISFIED, **given: Any) -> list[str]:
    return [q.name for q in questions(verb, given, about, load_policy(preset))]


def test_a_call_that_reached_nobody_asks_no_more() -> None:
    assert asked(Verb.CALL_BACK, "zhangjiakou", reached="no") == []


def test_a_call_asks_what_the_form_has() -> None:
    form = ["text", "reason", "wish", "result"]
    assert asked(Verb.CALL_BACK, "zhangjiakou", reached="yes") == form
    assert asked(Verb.CALL_BACK, "zhangjiakou", About("help", "accepted"), reached="yes") == [
        "text"
    ]


def test_a_call_asks_the_aspects_where_the_policy_has_them() -> None:
    left = asked(Verb.CALL_BACK, "callbacks2014", reached="yes", text="…", reason="", wish="")
    assert left == [
        "result",
        *(f"score:{a}" for a in ("arrival", "attitude", "result", "equipment", "appearance")),
    ]


@pytest.mark.parametrize("kind", ["suggestion", "unsatisfied"])
def test_a_spot_check_asks_the_aspects_only(kind: str) -> None:
    closed = About(kind, "closed")
    assert asked(Verb.CALL_BACK, "callbacks2014", closed, reached="yes", text="…") == [
        f"score:{a}" for a in ("arrival", "attitude", "result", "equipment", "appearance")
    ]


def test_photos_are_asked_where_they_are_wanted() -> None:
    policies = {name: load_policy(name) for name in ("default", "yuxi", "handan", "callbacks2014")}
    for name, policy in policies.items():
        wanted = policy.before_answer.photos
        missing = asked(Verb.RECTIFY, name, text="…")
        assert missing == (["photos"] if wanted else [])
        assert asked(Verb.RECTIFY, name, text="…", attachments=["id"] * wanted) == []


def test_the_scores_go_in_one() -> None:
    given = {"reached": "yes", "score:attitude": "2", "score:arrival": "", "photos": ""}
    assert complete(given) == {"reached": "yes", "aspects": {"attitude": 2}}


def test_buttons_stand_in_one_order() -> None:
    assert in_order(["transfer", "urge", "accept"]) == [Verb.ACCEPT, Verb.TRANSFER]


def test_a_question_is_called_after_its_answer_unless_it_says_otherwise() -> None:
    assert Question("span", Read.SPAN).wording == "ask_work_span"
    assert Question("text", Read.WORDS, "grounds").wording == "ask_work_grounds"
