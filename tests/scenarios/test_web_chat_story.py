"""A citizen without WeChat: scans with a plain camera, and the whole case goes through the browser.

Everything is real: gateway, worker, Rasa, action server; only the officer's platform is a fake.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar

from bot.demo.people import OFFICERS
from tests.scenarios.story import Story, telling

DESK = "mdl-hj2-cspc"


class Page:
    """The citizen's browser: posts what the page's script posts, reads what the page shows."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self.session, self.url = session, url
        self.number = 0
        self.after = 0
        self.seen: list[str] = []

    async def opens(self, path: str) -> str:
        async with self.session.get(self.url + path) as response:
            assert response.status == 200
            return await response.text()

    async def says(self, **fields: Any) -> None:
        self.number += 1
        body = {"id": f"story-{self.number:08d}", "after": self.after, **fields}
        headers = {"Origin": self.url}
        posted = self.session.post(f"{self.url}/chat/messages", json=body, headers=headers)
        async with posted as response:
            assert response.status == 200, await response.text()
            self._take((await response.json())["lines"])

    async def taps(self, label: str) -> None:
        tokens = [re.search(rf'value="([\w-]+)">{label}<', html) for html in self.seen]
        await self.says(token=next(found[1] for found in reversed(tokens) if found))

    async def hears(self, *words: str) -> str:
        """Waits until a line of ours holds the words; fails after a minute."""
        async with asyncio.timeout(60):
            while True:
                for html in self.seen:
                    if 'class="said theirs"' in html and all(word in html for word in words):
                        return html
                question = f"{self.url}/chat/messages?after={self.after}&wait=20"
                async with self.session.get(question) as response:
                    self._take((await response.json())["lines"])

    def _take(self, lines: list[dict[str, Any]]) -> None:
        self.after = max([self.after, *(line["change"] for line in lines)])
        self.seen += [line["html"] for line in lines]


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("default", "2026-11-20 14:05") as told:  # nobody is asleep
        yield told


@pytest.fixture
async def chen(story: Story) -> AsyncIterator[Page]:
    url = f"http://127.0.0.1:{story.stack.ports.gateway}"
    headers = {"Accept-Language": "zh-CN"}
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), headers=headers) as session:
        yield Page(session, url)


@contextlib.asynccontextmanager
async def another(story: Story) -> AsyncIterator[Page]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        yield Page(session, f"http://127.0.0.1:{story.stack.ports.gateway}")


async def test_a_case_by_browser_from_the_scan_to_the_result(story: Story, chen: Page) -> None:
    assert "户籍 2 号窗口" in await chen.opens(f"/s/{DESK}")
    await chen.says(scene=DESK, grade="unsatisfied")
    await chen.hears("主要是哪方面")
    await chen.taps("太慢")
    await chen.hears("一句话说说经过")
    await chen.says(text="网页上说的：等了俩小时没人理")
    await chen.hears("留个电话")
    await chen.says(text="不留")
    told = await chen.hears("编号", "凭码")
    number = re.search(r"Q\d{2}-\d{4,}", told)
    short = re.search(r"凭码 ?([0-9A-Z-]{4,})", told)
    assert number
    assert short
    li = story.officer(OFFICERS[0].name)
    await li.hears(number[0], "网页上说的", timeout=30)
    await li.types(f"/accept {number[0]}")
    await chen.hears(number[0], "已接手")
    await li.types(f"/answer {number[0]} 当天已增开一个窗口。")
    await chen.hears(number[0], "增开一个窗口")
    await chen.taps("满意")
    assert number[0] in await chen.opens("/chat")  # all of it is there after a reload
    async with another(story) as other:  # another device: nothing but the short code
        assert number[0] not in await other.opens("/chat")
        await other.says(text=short[1])
        await other.hears(number[0])


async def test_no_officer_and_no_figures_in_a_browser(chen: Page) -> None:
    await chen.opens("/chat")
    await chen.says(text="绑定 7K3M9X2D")
    await chen.hears("网页上不能绑定")
    await chen.says(text="/stats 今天")
    await chen.says(text="/accept Q26-0001")
    await chen.says(text="english")
    await chen.hears("English from now on")
    assert not [html for html in chen.seen if "满意率" in html or "接单成功" in html]
