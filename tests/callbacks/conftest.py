"""Installations that live by a policy of the test's own."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.callbacks.town import Town
from tests.cast import gather_cast
from tests.conftest import Databases, FrozenClock
from tests.installation import installation
from tests.policies import written

type Found = Callable[..., Any]


@pytest.fixture
async def found(databases: Databases, tmp_path: Path, frozen: FrozenClock) -> AsyncIterator[Found]:
    """Founds a town under a policy: `await found("default", **{"callback": …})`."""
    async with contextlib.AsyncExitStack() as stack:

        async def town(base: str = "default", **changes: Any) -> Town:
            policy = written(tmp_path, base, changes)
            services = await stack.enter_async_context(installation(databases, policy=policy))
            return Town(services, await gather_cast(services), frozen)

        yield town
