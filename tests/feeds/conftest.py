"""The gateway's application on a port, a feed of 12345 with its key, and a worker's round."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.feeds.office import Office
from tests.installation import Servers, installation
from tests.policies import written


@pytest.fixture
async def office(databases: Servers, frozen: object) -> AsyncIterator[Office]:
    """Under the default policy."""
    async with installation(databases) as services:
        yield await Office.opened(services)


@pytest.fixture
async def reviewed(databases: Servers, tmp_path: Path, frozen: object) -> AsyncIterator[Office]:
    """Where complaints are reviewed before the citizen has the answer."""
    review = {"review": {"by": "sub_centre", "kinds": ["complaint"]}}
    async with installation(databases, policy=written(tmp_path, "default", review)) as services:
        yield await Office.opened(services)
