"""A citizen without WeChat: scans with a plain camera, and the whole case goes through the browser.

Everything is real: gateway, worker, Rasa, action server; only the officer's platform is a fake.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.demo.people import OFFICERS
from tests.scenarios.browser import Page, browsing
from tests.scenarios.story import Story, telling

DESK = "mdl-hj2-cspc"


@pytest.fixture(scope="module")
async def story() -> AsyncIterator[Story]:
    async with telling("default", "2026-11-20 14:05") as told:  # nobody is asleep
        yield told


@pytest.fixture
async def chen(story: Story) -> AsyncIterator[Page]:
    async with browsing(story) as page:
        yield page


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
    async with browsing(story) as other:  # another device: nothing but the short code
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
