"""The sentences: the same ones in each language, with the same gaps, and one for every refusal."""

from __future__ import annotations

import ast
import re
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from actions import clock
from actions.cases.kinds import CaseKind, Reason
from actions.notices.dates import say_date
from actions.notices.notices import Wording
from actions.ratings.rating import Grade
from tests.conftest import FrozenClock

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "actions" / "notices" / "wording"


def sentences(language: str) -> dict[str, str]:
    files = sorted((FOLDER / language).glob("*.yml"))
    return {k: v for f in files for k, v in (yaml.safe_load(f.read_text("utf-8")) or {}).items()}


ZH, EN = sentences("zh"), sentences("en")
AT_THE_DESK = {"badge_unknown"}  # told by the command line, never in a chat


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_sentences() -> None:
    assert list(ZH) == list(EN)


@pytest.mark.parametrize("key", [key for key in ZH if key != "date_day"])
def test_with_the_same_gaps(key: str) -> None:
    assert gaps(ZH[key]) == gaps(EN[key])


@pytest.mark.parametrize("key", ZH)
def test_and_nothing_is_empty_or_half_translated(key: str) -> None:
    assert ZH[key].strip()
    assert EN[key].strip()
    assert not re.search("[\u4e00-\u9fff]", EN[key])


def test_every_kind_reason_and_grade_has_its_word() -> None:
    wording = Wording()
    names = [f"kind_{kind}" for kind in CaseKind]
    names += [f"reason_{reason}" for reason in Reason] + [f"grade_{grade}" for grade in Grade]
    for name in names:
        assert wording.say(name, "zh") != wording.say(name, "en")


def test_an_unknown_language_is_chinese() -> None:
    assert Wording().say("unclear", "fr") == Wording().say("unclear", "zh")


def test_what_people_wrote_is_never_taken_for_a_gap() -> None:
    said = Wording().say(
        "told_add_facts_holder", "zh", number="Q26-0001", text="{number} {0} {{}} %s"
    )
    assert "{number} {0} {{}} %s" in said


def said_keys() -> set[str]:
    """Every key that the code asks for literally, in `say("…")` and `_say("…")`."""
    found = set()
    for path in [*(ROOT / "actions").rglob("*.py"), *(ROOT / "bot").glob("*.py")]:
        if "conversation" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                first = node.args[0] if node.args else None
                literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
                if node.func.attr in {"say", "_say", "_sentence"} and literal:
                    found.add(first.value)  # type: ignore[union-attr]
    return found


def test_every_sentence_that_is_said_exists() -> None:
    assert said_keys() <= ZH.keys() | {""}


# --- refusals -------------------------------------------------------------------------------------


def refusal_keys() -> set[str]:
    """Every key that a Refusal is raised with, anywhere in actions/."""
    found = set()
    for path in (ROOT / "actions").rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Refusal":
                        found |= _constants(call.args[0], function)
    return found


def _constants(argument: ast.expr, function: ast.AST) -> set[str]:
    """The strings that the argument may be: itself, or what the function assigns to its name."""
    values = [argument]
    if isinstance(argument, ast.Name):
        values = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and any(getattr(target, "id", "") == argument.id for target in node.targets)
        ]
    return {
        node.value
        for value in values
        for node in ast.walk(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def responses() -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for path in (ROOT / "domain").glob("*.yml"):
        found |= yaml.safe_load(path.read_text("utf-8")).get("responses") or {}
    return found


def test_refusals_are_found_in_the_code() -> None:
    known = {"case_taken", "case_over", "verb_not_now", "accept_first", "binding_code_wrong"}
    assert known | {"not_yours", "own_rating"} <= refusal_keys()


@pytest.mark.parametrize("key", sorted(refusal_keys() - AT_THE_DESK))
def test_every_refusal_has_its_sentence_in_both_languages(key: str) -> None:
    variants = responses().get(f"utter_refused_{key}", [])
    languages = {
        str(condition["value"])
        for variant in variants
        for condition in variant.get("condition", [])  # type: ignore[attr-defined]
        if condition["name"] == "language"
    }
    assert variants, f"domain/ has no utter_refused_{key}"
    assert any(not variant.get("condition") for variant in variants)  # Chinese, for everybody
    assert "en" in languages


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ("2026-11-20T10:00", "今天 18:00", "today 18:00"),
        ("2026-11-20T15:59", "今天 23:59", "today 23:59"),
        ("2026-11-20T16:00", "明天 00:00", "tomorrow 00:00"),
        ("2026-11-25T10:00", "11 月 25 日（周三）18:00", "Wed 25/11 18:00"),
        ("2026-11-19T10:00", "11 月 19 日（周四）18:00", "Thu 19/11 18:00"),
        ("2027-01-03T10:00", "1 月 3 日（周日）18:00", "Sun 3/1 18:00"),
    ],
)
def test_a_date_is_named_by_its_distance(
    frozen: FrozenClock, moment: str, zh: str, en: str
) -> None:
    """Now is Friday 20 November 2026, 14:05 in Beijing."""
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert clock.beijing(clock.now()).day == 20
    assert say_date(Wording(), at, "zh") == zh
    assert say_date(Wording(), at, "en") == en
