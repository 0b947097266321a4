"""The wording in domain/: complete, in both languages, with buttons that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.cases.kinds import CaseKind
from actions.cases.states import State
from actions.ratings.rating import Grade, Way
from bot.choices import parse_payload

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "domain").glob("*.yml"))
DOMAIN: list[dict[str, Any]] = [yaml.safe_load(file.read_text("utf-8")) for file in FILES]
RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: variants for part in DOMAIN for name, variants in part.get("responses", {}).items()
}
INTENTS = {intent for part in DOMAIN for intent in part.get("intents", ())}
WITHOUT_WORDS = {
    "utter_bulletin",
    "utter_receipt",
    "utter_part_channel_telegram",
}  # nothing to translate
_NAMES = re.compile(r"(?<!{){(\w+)}")


def test_no_response_stands_twice() -> None:
    names = [name for part in DOMAIN for name in part.get("responses", {})]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(set(RESPONSES) - WITHOUT_WORDS))
def test_each_response_is_there_in_english(name: str) -> None:
    """With the same values filled in, and as many buttons."""
    variants = RESPONSES[name]
    english = [v for v in variants if _language(v) == "en"]
    chinese = [v for v in variants if _language(v) is None]
    assert english
    assert chinese
    filled = {frozenset(_NAMES.findall(v["text"])) for v in variants}
    assert len(filled) == 1
    payloads = {tuple(b["payload"] for b in v.get("buttons", ())) for v in variants}
    assert len(payloads) == 1


def test_each_button_is_an_intent_of_ours() -> None:
    payloads = {b["payload"] for vs in RESPONSES.values() for v in vs for b in v.get("buttons", ())}
    for payload in payloads:
        assert parse_payload(payload.replace("{{", "{").replace("}}", "}")).name in INTENTS


def test_each_refusal_has_its_sentence() -> None:
    """But those that are only told on the command line."""
    source = "\n".join(p.read_text("utf-8") for p in (ROOT / "actions").rglob("*.py"))
    keys = set(re.findall(r'Refusal\(\s*"(\w+)"', source)) | {"case_over", "verb_not_now"}
    assert {f"utter_refused_{key}" for key in keys - {"badge_unknown"}} <= set(RESPONSES)


def test_each_thing_said_is_there() -> None:
    """Every sentence that an action names by a constant, and those named by kind or state."""
    source = "\n".join(p.read_text("utf-8") for p in (ROOT / "actions/conversation").glob("*.py"))
    said = set(re.findall(r'(?:\.say|\.wording)\(\s*"(\w+)"', source))
    said |= set(re.findall(r'"(part_\w+)"', source))
    said |= {f"progress_{state}" for state in State} | {f"part_state_{state}" for state in State}
    said |= {f"receipt_{kind}" for kind in CaseKind} | {f"part_way_{way}" for way in Way}
    said |= {f"rated_{grade}" for grade in Grade if grade is not Grade.UNSATISFIED}
    assert {f"utter_{key}" for key in said} <= set(RESPONSES)


def _language(variant: dict[str, Any]) -> str | None:
    conditions = variant.get("condition", ())
    return next((c["value"] for c in conditions if c["name"] == "language"), None)
