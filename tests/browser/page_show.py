"""What a test of the demo page has around it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page
from scripted_gateway import ScriptedGateway

from bot.simulator.driver import Driver


@dataclass
class Show:
    """The simulator, what stands behind it, and a way to open its page."""

    url: str
    gateway: ScriptedGateway
    driver: Driver
    browser: Browser
    stack: AsyncExitStack
    errors: list[str] = field(default_factory=list)

    def held(self) -> asyncio.Event:
        """An event that is set at the latest when the test ends."""
        event = asyncio.Event()
        self.stack.callback(event.set)
        return event

    async def open(self, width: int = 1440, height: int = 900, *, touch: bool = False) -> Page:
        """A new visitor's page, drawn and connected. A script error fails the test."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": height}, has_touch=touch, locale="zh-CN"
        )
        self.stack.push_async_callback(context.close)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.goto(f"{self.url}/demo")
        await page.locator("body.ready").wait_for()
        return page
