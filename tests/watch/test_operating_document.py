"""docs/operating.md names numbers, commands and settings that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.bootstrap import Services
from bot.cli.commands import COMMANDS
from bot.settings import BotSettings

TEXT = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
LINES = TEXT.splitlines()


def told(services: Services) -> set[str]:
    """The names of all numbers, as they are read."""
    names: set[str] = set()
    for family in services.metrics.registry.collect():
        ends = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
        names |= {family.name + end for end in ("", *ends.get(family.type, ()))}
    return names


async def test_every_number_is_one_that_is_told(services: Services) -> None:
    named = set(re.findall(r"\b(?:huiyin|process)_\w+(?=[\[{`) ])", TEXT))
    assert len(named) > 10
    assert named <= told(services) | {"process_resident_memory_bytes"}


def test_every_command_is_one() -> None:
    named = set(re.findall(r"\./huiyin ([a-z]+)", TEXT))
    assert "backup" in named
    assert named <= {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)[`=]", TEXT))))
def test_every_setting_is_one(name: str) -> None:
    assert name.lower() in BotSettings.model_fields


def test_every_file_it_points_to_is_there() -> None:
    root = Path(__file__).parents[2]
    for path in re.findall(r"`((?:tests|docs|bench)/[\w./]+)`", TEXT):
        assert (root / path).exists(), path
