"""An installation that asks after services, a feed, and phones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Servers, installation
from tests.invitations.asking import Counter
from tests.policies import written

ASKING: dict[str, Any] = {
    "after": {
        "police_call": "7 days",
        "case": "1 day",
        "counter": "0 minutes",
        "visit": None,
        "enterprise": "0 minutes",
    },
    "share": 1,
    "hours": "09:00-21:00",
    "by": "account_first",
    "reminder": "3 days",
    "expires": "7 days",
    "contact": {"at_most": 1, "within": "30 days"},
    "oldest": "15 days",
    "aspects": False,
    "hotline": False,
}


async def counter_under(
    servers: Servers, folder: Path, changes: dict[str, Any], aspects: Sequence[str] = ()
) -> AsyncIterator[Counter]:
    """A counter that reports what it does, under a policy whose invitations are changed so."""
    lines = {"invitations": {**ASKING, **changes}, "aspects": list(aspects)}
    async with installation(servers, policy=written(folder, "default", lines)) as services:
        yield await Counter.opened(services)


@pytest.fixture
async def counter(databases: Servers, tmp_path: Path, frozen: object) -> AsyncIterator[Counter]:
    async for each in counter_under(databases, tmp_path, {}):
        yield each


@pytest.fixture
async def marking(databases: Servers, tmp_path: Path, frozen: object) -> AsyncIterator[Counter]:
    """The same, where the five aspects are asked after the grade."""
    five = ["arrival", "attitude", "result", "equipment", "appearance"]
    async for each in counter_under(databases, tmp_path, {"aspects": True}, five):
        yield each
