"""Fixtures of the watch's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.delivering import Installation


@pytest.fixture
async def there(environ: dict[str, str]) -> AsyncIterator[Installation]:
    """Workers, a queue and a scripted platform on this test's database."""
    installation = Installation(environ)
    yield installation
    await installation.services.redis.flushdb()
    await installation.bot.close()
