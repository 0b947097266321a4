"""An installation with rules about units, whose months are written by the tests."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.accountability.house import House
from tests.cast import gather_cast
from tests.conftest import Databases, FrozenClock
from tests.installation import installation
from tests.policies import changed, written

STATIONS: dict[str, Any] = {
    "name": "last_station",
    "title": {"zh": "派出所末位", "en": "Last station"},
    "compare": "station",
    "figure": "satisfaction",
    "place": "bottom",
    "count": 1,
    "months": 1,
    "counted": "running",
    "minimum": 30,
    "proposal": {"zh": "约谈所长", "en": "The head of the station is talked to"},
    "to": "sub_centre",
}


def rules() -> dict[str, Any]:
    """Yuxi's rules, a rule for stations, and zhumadian's about cases."""
    lines: dict[str, Any] = copy.deepcopy(changed("yuxi")["unit_rules"])
    lines["rules"] += [STATIONS, *copy.deepcopy(changed("zhumadian")["unit_rules"]["rules"])]
    return lines


@pytest.fixture
def policy_file(tmp_path: Path) -> str:
    return written(tmp_path, "default", {"name": "ruled", "unit_rules": rules()})


@pytest.fixture
async def house(
    databases: Databases, policy_file: str, frozen: FrozenClock
) -> AsyncIterator[House]:
    async with installation(databases, policy=policy_file) as services:
        yield House(services, await gather_cast(services), frozen)
