"""What a part says of itself: alive, ready, its numbers; to whom, and without anybody's data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from cryptography.fernet import Fernet
from sqlalchemy import text

from actions import server
from actions.bootstrap import Services, bootstrap
from actions.settings import Settings, read
from actions.store.migrate import revisions
from actions.watch.metrics import FOREIGN, Metrics
from bot.app import build, create_app
from bot.channels.base import TransportError
from bot.settings import BotSettings
from bot.stack.embedded import free_port
from bot.watch import gateway_readiness, watched, worker_readiness
from bot.worker import work
from tests.bot.delivering import HURRIED, Installation

type Part = TestClient[Any, Any]
NOBODY = "postgresql://nobody@127.0.0.1:9/none"


@asynccontextmanager
async def action_server(environ: dict[str, str], **more: str) -> AsyncIterator[Part]:
    settings = read(Settings, {**environ, **more})
    wired = bootstrap(settings)
    async with TestClient(TestServer(server.create_app(settings, wired))) as client:
        yield client
    await wired.close()


async def ready(client: Part) -> tuple[int, dict[str, Any]]:
    answer = await client.get("/readyz")
    return answer.status, await answer.json()


async def numbers(client: Part | ClientSession, address: str = "/metrics") -> dict[str, float]:
    """Every sample by its name and labels, as Prometheus would read it."""
    async with client.get(address) as answer:
        assert answer.status == 200
        lines = (await answer.text()).splitlines()
    samples = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in samples}


# Ready


async def test_a_part_with_all_it_needs_is_ready(environ: dict[str, str]) -> None:
    async with action_server(environ) as part:
        assert await ready(part) == (200, {"status": "ready", "missing": [], "limited": []})
        assert (await part.get("/healthz")).status == 200


async def test_without_its_database_it_lives_but_is_not_ready(environ: dict[str, str]) -> None:
    async with action_server(environ, DATABASE_URL=NOBODY) as part:
        status, told = await ready(part)
        assert (status, told["status"]) == (503, "not ready")
        assert told["missing"] == ["The database cannot be reached; check DATABASE_URL."]
        assert (await part.get("/healthz")).status == 200
        assert (await numbers(part))["huiyin_database_up"] == 0


async def test_without_redis_it_goes_on_with_less(environ: dict[str, str]) -> None:
    async with action_server(environ, REDIS_URL="redis://:geheim@127.0.0.1:9/0") as part:
        status, told = await ready(part)
    assert (status, told["status"]) == (200, "limited")
    assert told["limited"] == ["Redis cannot be reached; check REDIS_URL."]
    assert "geheim" not in str(told)


async def test_keys_that_open_nothing_are_told(services: Services, environ: dict[str, str]) -> None:
    async with action_server(environ, DATA_KEYS=Fernet.generate_key().decode()) as part:
        status, told = await ready(part)
    assert status == 503
    assert told["missing"][0].startswith("DATA_KEYS holds no key that opens the data")


@pytest.mark.parametrize(
    ("version", "is_ready"),
    [(revisions()[0], False), (revisions()[-2], False), (revisions()[-1], True), ("9999", True)],
)
async def test_an_older_schema_is_missing_a_newer_one_serves(
    environ: dict[str, str], version: str, is_ready: bool
) -> None:
    """While an upgrade runs, the version before goes on serving on the new schema."""
    wired = bootstrap(read(Settings, environ))
    async with wired.engine.begin() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :v"), {"v": version}
        )
    await wired.close()
    async with action_server(environ) as part:
        status, told = await ready(part)
    assert (status == 200) == is_ready
    assert (not told["missing"]) == is_ready


async def test_the_gateway_takes_messages_without_rasa(environ: dict[str, str]) -> None:
    """What it wants and lacks is told, but a balancer goes on sending: messages are stored."""
    away = {"NLU_URL": "http://127.0.0.1:9", "ACTIONS_URL": "http://127.0.0.1:9"}
    bot = build(read(BotSettings, {**environ, **away}))
    found = await gateway_readiness(bot).look()
    await bot.close()
    assert found.ready
    assert [sentence.split()[0] for sentence in found.limited] == ["Rasa", "The"]


async def test_a_check_that_hangs_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from actions.watch import readiness

    monkeypatch.setattr(readiness, "PATIENCE", 0.01)

    async def database() -> str:
        await asyncio.Event().wait()
        return ""

    found = await readiness.Readiness([database]).look()
    assert found.missing == ("Nothing was heard of database within 0 seconds.",)


# Who may read the numbers


async def test_the_numbers_are_for_this_machine_only(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with action_server(environ) as part:
        assert (await part.get("/metrics")).status == 200
        monkeypatch.setattr("aiohttp.web.Request.remote", "192.0.2.7")
        assert (await part.get("/metrics")).status == 401


async def test_a_part_may_be_served_again(environ: dict[str, str]) -> None:
    """The numbers are the services' own, however often a server is put on them."""
    settings = read(Settings, environ)
    wired = bootstrap(settings)
    for _ in range(2):
        async with TestClient(TestServer(server.create_app(settings, wired))) as part:
            assert (await numbers(part))["huiyin_database_up"] == 1
    await wired.close()


@pytest.mark.parametrize(
    ("given", "status"), [("", 401), ("Bearer wrong", 401), ("Bearer ü", 401), ("Bearer t0k", 200)]
)
async def test_with_a_token_whoever_brings_it(
    environ: dict[str, str], given: str, status: int
) -> None:
    async with action_server(environ, METRICS_TOKEN="t0k") as part:
        answer = await part.get("/metrics", headers={"Authorization": given})
        assert answer.status == status


async def test_the_public_port_shows_life_and_nothing_else(environ: dict[str, str]) -> None:
    async with TestClient(TestServer(create_app(build(read(BotSettings, environ))))) as public:
        assert (await public.get("/healthz")).status == 200
        assert (await public.get("/readyz")).status == 404
        assert (await public.get("/metrics")).status == 404


# The numbers


async def test_every_answer_is_counted_by_route_never_by_what_stands_in_it(
    environ: dict[str, str],
) -> None:
    bot = build(read(BotSettings, environ))
    async with TestClient(TestServer(create_app(bot))) as public:
        for path in ("/login/a-secret-link", "/login/another", "/nowhere/13900000000"):
            await public.get(path)
        port = free_port()
        async with watched(bot, port, gateway_readiness(bot)), ClientSession() as session:
            told = await numbers(session, f"http://127.0.0.1:{port}/metrics")
    routes = {name: value for name, value in told.items() if "http_responses_total" in name}
    assert sum(value for name, value in routes.items() if 'route="/login/{token}"' in name) == 2
    assert routes['huiyin_http_responses_total{route="none",status="404"}'] == 1
    assert not any("secret" in name or "139" in name for name in told)


async def test_a_platforms_codes_cannot_fill_the_memory() -> None:
    metrics = Metrics()
    labels = {metrics.bounded("code", str(number)) for number in range(1000)}
    assert len(labels) == FOREIGN + 1
    assert "other" in labels
    assert metrics.bounded("code", "1") == "1"


async def test_the_worker_tells_what_it_did_and_what_waits(there: Installation) -> None:
    """Two deliveries go out, one is refused for good; the numbers say so, and name nobody."""
    there.platform.script = [TransportError("refused", permanent=True, code="43004")]
    person = await there.meet("openid-chen")
    await there.tell(person, "一", "二", "三")
    bot, port = there.make(), free_port()
    address = f"http://127.0.0.1:{port}"
    async with ClientSession() as session:
        async with watched(there.bot, port, gateway_readiness(there.bot)):
            before = await numbers(session, f"{address}/metrics")
        working = asyncio.create_task(work(bot, HURRIED, signals=False, port=port))
        try:
            await there.until("failed", "sent", "sent")
            async with session.get(f"{address}/readyz") as answer:
                assert answer.status == 200
            told = await numbers(session, f"{address}/metrics")
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
    assert before['huiyin_waiting{what="deliveries"}'] == 3
    assert before['huiyin_waiting{what="jobs"}'] == 3
    assert before['huiyin_waiting_oldest_seconds{what="jobs"}'] >= 0
    deliveries = 'huiyin_deliveries_total{channel="wechat",result="%s",via="%s"}'
    assert told[deliveries % ("sent", "customer")] == 2
    assert told[deliveries % ("failed", "")] == 1
    assert told['huiyin_delivery_errors_total{channel="wechat",code="43004"}'] == 1
    assert told['huiyin_jobs_total{result="done",task="deliver"}'] == 3
    assert not any("chen" in name or person.hex in name for name in told)


async def test_a_worker_without_its_queue_is_not_ready(environ: dict[str, str]) -> None:
    bot = build(read(BotSettings, environ))
    assert (await worker_readiness(bot, lambda: True).look()).ready
    found = await worker_readiness(bot, lambda: False).look()
    assert "takes no jobs" in found.missing[0]
    await bot.close()
