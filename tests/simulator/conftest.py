"""A simulator and a stub gateway on free ports, new for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer, unused_port
from simulated_world import Build, World
from stub_gateway import StubGateway

from bot.simulator import FakeTelegramConfig, FakeWeChatConfig, SimulatorConfig, build_simulator
from bot.simulator.app import STAGE
from bot.simulator.driver import Driver


@pytest.fixture
async def build() -> AsyncIterator[Build]:
    """Builds worlds. Keywords change the WeChat account; `telegram`, `config` the rest."""
    async with AsyncExitStack() as stack:

        async def make(
            telegram: dict[str, Any] | None = None,
            config: dict[str, Any] | None = None,
            **wechat: Any,
        ) -> World:
            account = replace(FakeWeChatConfig(answer_within=5.0, resend_after=0.0), **wechat)
            gateway = StubGateway(account)
            server = TestServer(gateway.application(), host="127.0.0.1")
            await server.start_server()
            stack.push_async_callback(server.close)
            gateway_url = str(server.make_url("")).rstrip("/")
            whole = SimulatorConfig(
                port=unused_port(),
                gateway_url=gateway_url,
                wechat=account,
                telegram=replace(FakeTelegramConfig(retry_after=0.0), **(telegram or {})),
            )
            whole = replace(whole, **(config or {}))
            app = build_simulator(whole)
            simulator = TestServer(app, host="127.0.0.1", port=whole.port)
            await simulator.start_server()
            stack.push_async_callback(simulator.close)
            url = str(simulator.make_url("")).rstrip("/")
            driver = await stack.enter_async_context(Driver(url))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            return World(url, whole, app[STAGE], gateway, gateway_url, driver, session)

        yield make


@pytest.fixture
async def world(build: Build) -> World:
    return await build()
