"""Chromium on the demo page, with the simulator and a scripted gateway behind it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer, unused_port
from playwright.async_api import Browser, async_playwright

from bot.simulator import SimulatorConfig, build_simulator
from bot.simulator.driver import Driver

sys.path.append(str(Path(__file__).parent.parent / "simulator"))  # the stub gateway lives there

from chat_pages import ChatPages
from page_show import Show
from scripted_gateway import ScriptedGateway

from tests.web_house import WebHouse, web_house, with_city

CHROMIUM = Path("/usr/bin/chromium")
MISSING = not CHROMIUM.exists()
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",
]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if MISSING:
        pytest.skip(f"no Chromium on this machine ({CHROMIUM})")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        await running.close()


@pytest.fixture
async def show(browser: Browser) -> AsyncIterator[Show]:
    async with AsyncExitStack() as stack:
        config = SimulatorConfig(port=unused_port())
        gateway = ScriptedGateway(config)
        behind = TestServer(gateway.application(), host="127.0.0.1")
        await behind.start_server()
        stack.push_async_callback(behind.close)
        gateway_url = str(behind.make_url("")).rstrip("/")
        config = SimulatorConfig(port=config.port, gateway_url=gateway_url)
        simulator = TestServer(build_simulator(config), host="127.0.0.1", port=config.port)
        await simulator.start_server()
        stack.push_async_callback(simulator.close)
        driver = await stack.enter_async_context(Driver(gateway.simulator_url))
        await gateway.start(f"{gateway_url}/telegram")
        stack.push_async_callback(gateway.stop)
        opened = Show(gateway.simulator_url, gateway, driver, browser, stack)
        yield opened
        assert opened.errors == []


@pytest.fixture
async def house(environ: dict[str, str]) -> AsyncIterator[WebHouse]:
    """A gateway with the web chat over the sample city."""
    await with_city(environ)
    async with web_house(environ) as running:
        yield running


@pytest.fixture
async def pages(house: WebHouse, browser: Browser) -> AsyncIterator[ChatPages]:
    """Opens the web chat on phones. A script error fails the test."""
    async with AsyncExitStack() as stack:
        opened = ChatPages(house, browser, stack)
        yield opened
        assert opened.errors == []
