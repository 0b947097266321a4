"""The gateway's whole application on a port, and a feed with its key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.bootstrap import Services
from actions.invitations.kinds import EventKind
from actions.org.csv_files import load_city
from actions.org.loading import load
from actions.settings import read
from bot.app import build, create_app
from bot.settings import BotSettings

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


@dataclass(frozen=True, slots=True)
class Api:
    client: TestClient[Any, Any]
    services: Services
    key: str

    @property
    def url(self) -> str:
        return str(self.client.make_url("/"))

    async def post(self, *events: Any, key: str | None = None, **more: Any) -> tuple[int, Any]:
        """Status and JSON of the answer; the feed's own key unless another is given."""
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        given = more or {"json": {"events": list(events)}}
        given["headers"] = headers | given.pop("headers", {})
        async with self.client.post("/api/events", **given) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def api(environ: dict[str, str]) -> AsyncIterator[Api]:
    bot = build(read(BotSettings, environ))
    await load(bot.services.engine, bot.services.vault, load_city(SAMPLE))
    key = await bot.services.invitations.feeds.add("hall", [kind.value for kind in EventKind])
    async with TestClient(TestServer(create_app(bot))) as client:
        yield Api(client, bot.services, key)
        await bot.services.redis.flushdb()
