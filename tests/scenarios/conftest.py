"""One whole installation, every part real, for all scenarios: started once, driven by phones."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.bootstrap import bootstrap
from actions.policy.load import load_policy
from bot.demo.acceptance import Play
from bot.demo.daytime import begin_by_day
from bot.demo.people import introduce
from bot.simulator.driver import Driver
from bot.stack.embedded import free_port
from bot.stack.stack import Ports, Stack


@pytest.fixture(scope="session")
async def stack() -> AsyncIterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="huiyin-scenarios-"))
    begin_by_day(folder / "clock", load_policy("default"))
    running = Stack(folder, Ports(*(free_port() for _ in range(5))))
    async with running.running():
        yield running
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def driver(stack: Stack) -> AsyncIterator[Driver]:
    async with Driver(f"http://127.0.0.1:{stack.ports.simulator}") as connected:
        services = bootstrap(stack.settings)
        await introduce(services, connected)
        await services.close()
        yield connected


@pytest.fixture(scope="session")
async def play(stack: Stack, driver: Driver) -> Play:
    return Play(driver, stack.children)
