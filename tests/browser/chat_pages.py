"""A citizen's phone on the web chat."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page

from tests.web_house import DESK, WebHouse

PHONE = {"width": 360, "height": 740}


@dataclass
class ChatPages:
    house: WebHouse
    browser: Browser
    stack: AsyncExitStack
    errors: list[str] = field(default_factory=list)

    async def phone(self, **settings: Any) -> BrowserContext:
        """A phone of its own: cookies, storage, network."""
        given = {"viewport": PHONE, "has_touch": True, "locale": "zh-CN", **settings}
        context = await self.browser.new_context(**given)
        self.stack.push_async_callback(context.close)
        return context

    async def open(
        self, path: str = f"/s/{DESK}", phone: BrowserContext | None = None, **settings: Any
    ) -> Page:
        """The page, drawn, its script running."""
        page = await (phone or await self.phone(**settings)).new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.goto(self.house.url + path)
        await page.locator("body.ready").wait_for()
        return page


async def says(page: Page, words: str) -> None:
    await page.locator("#words").fill(words)
    await page.locator("#send").click()


def heard(page: Page, words: str) -> Locator:
    """A line of ours with these words."""
    return page.locator("li.theirs", has_text=words)


def pending(page: Page) -> Locator:
    """What is written and not sent yet."""
    return page.locator("#pending > li")
