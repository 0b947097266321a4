"""A feed's mapping file is checked when it is read: every mistake with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.cases.kinds import CaseKind, Reason
from actions.errors import ConfigurationError
from actions.feeds.mapping import Priority, read_mapping
from actions.feeds.mappings import SHIPPED, Mappings
from actions.feeds.sources import Source
from actions.notices.notices import Wording

GOOD = """name: 热线
source: "12345"
default: {kind: help}
categories:
  服务 态度: {kind: complaint, reason: attitude, priority: urgent}
  举报: {kind: complaint, unit: centre}
"""


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yml")), ids=lambda path: path.stem)
def test_the_shipped_ones_can_be_read(path: Path) -> None:
    mapping = Mappings().load(path.stem)
    assert mapping.source in Source
    assert mapping.categories
    assert not mapping.units(), "a shipped file names no unit of a sample city"


def test_there_are_sixteen_sources_and_each_has_a_name() -> None:
    wording = Wording()
    assert len(Source) == 16
    for source in Source:
        assert wording.say(f"source_{source}", "zh") != wording.say(f"source_{source}", "en")


def test_a_category_is_found_however_it_is_spaced() -> None:
    mapping = read_mapping(GOOD, "x.yml")
    found = mapping.meaning("服务态度 ")
    assert found is not None
    assert (found.kind, found.reason) == (CaseKind.COMPLAINT, Reason.ATTITUDE)
    assert found.priority is Priority.URGENT
    assert mapping.meaning("") == mapping.default
    assert mapping.meaning("没听过") is None


WRONG = [
    ("", "x.yml:1: holds no mapping; begin with name: and copy a shipped one."),
    (
        GOOD.replace("kind: help", "kind: unsatisfied"),
        'x.yml:3: kind is "unsatisfied"; write one of complaint, suggestion, help, praise.',
    ),
    (GOOD.replace("priority", "priorty"), "x.yml:5: priorty is not known; did you mean priority?"),
    (
        GOOD.replace('"12345"', "12345"),
        "x.yml:2: source is 12345 without quotes; write one of 12345, ",
    ),
    (GOOD.replace("unit: centre", "unit: 7"), "x.yml:6: unit is 7; write a unit's code."),
    (GOOD.replace("{kind: help}", "help"), 'x.yml:3: default is "help"; write {kind: help}.'),
    (GOOD.replace("kind: complaint, unit", "unit"), "x.yml:6: kind is missing; write one of "),
    (GOOD + "  服务态度: {kind: help}\n", "x.yml:7: 服务态度 stands twice; it is 服务 态度."),
    (GOOD.replace("name: 热线\n", ""), "x.yml:1: name is null; write a name in quotes."),
]


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_a_mistake_is_a_sentence_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_mapping(text, "x.yml")
    [told] = str(caught.value).splitlines()
    assert told.startswith(sentence)


def test_all_mistakes_at_once() -> None:
    text = GOOD.replace("help", "aid").replace("attitude", "tone").replace("centre", "[]")
    with pytest.raises(ConfigurationError) as caught:
        read_mapping(text, "x.yml")
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["3", "5", "6"]


def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path, mappings = tmp_path / "own.yml", Mappings()
    path.write_text(GOOD, "utf-8")
    assert mappings.load(str(path)).meaning("咨询") is None
    path.write_text(GOOD + "  咨询: {kind: help}\n", "utf-8")
    assert mappings.load(str(path)).meaning("咨询") is not None


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(
        ConfigurationError, match="no such mapping file; name a file, or one of 12345"
    ):
        Mappings().load("nowhere")
