"""An officer with WeCom on the demo page: a card with buttons, a tap, and the card replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page
from wecom_world import WeComWorld, wecom_world

from bot.message import Choice, Outgoing

OFFICER = "郑警官"
CASE = Outgoing(
    "Q26-0017 不满意\n户籍 2 号窗口 · 太慢\n“等了俩小时没人理”\n今天 18:00 前回电",
    (Choice("接单", "v1"), Choice("看详情", "v2"), Choice("转派", "v3")),
)
DONE = Outgoing("Q26-0017 不满意\n户籍 2 号窗口 · 太慢\n郑警官 14:05 接单")


@asynccontextmanager
async def opened(
    browser: Browser, width: int = 1440, height: int = 900
) -> AsyncIterator[tuple[WeComWorld, Page]]:
    """A visitor's page; a script error fails the test."""
    errors: list[str] = []
    async with wecom_world() as world:
        context = await browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN"
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{world.url}/demo")
        await page.locator("body.ready").wait_for()
        yield world, page
        await context.close()
    assert errors == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
async def test_a_card_is_shown_tapped_and_replaced(
    browser: Browser, width: int, height: int
) -> None:
    async with opened(browser, width, height) as (world, page):
        if width < 900:
            await page.get_by_role("tab", name="民警").click()
        seat = page.locator("[data-role=officer]")
        await seat.get_by_role("button", name=OFFICER).click()
        await seat.get_by_text("企业微信 · 应用").wait_for()
        userid = await world.userid(OFFICER)
        sent = await world.channel.send(userid, CASE)
        card = seat.locator(".bubble.template")
        assert await card.locator(".key").all_inner_texts() == ["接单", "看详情", "转派"]
        await card.get_by_role("button", name="接单").click()
        await seat.get_by_text("点了 · 接单").wait_for()
        assert [incoming.token for incoming in world.gateway.received] == ["v1"]
        await world.channel.revise(userid, sent.platform_id, DONE)
        grey = card.get_by_role("button", name="郑警官 14:05 接单")
        await grey.wait_for()
        assert await grey.is_disabled()
        assert await card.locator(".key").count() == 1
        box = await card.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


async def test_what_is_typed_goes_to_the_app_and_the_others_keep_theirs(browser: Browser) -> None:
    async with opened(browser) as (world, page):
        seat = page.locator("[data-role=supervisor]")
        await seat.get_by_role("button", name="何督察").click()
        await seat.locator("input[name=words]").fill("本月满意率怎么样")
        await seat.get_by_role("button", name="发送").click()
        await seat.locator(".row.mine.delivered").wait_for()
        assert [incoming.text for incoming in world.gateway.received] == ["本月满意率怎么样"]
        await seat.get_by_role("button", name="赵督察").click()
        await seat.get_by_text("机器人才能给您发消息").wait_for()
        assert await seat.locator(".phone.telegram").count() == 1
        assert await page.locator("[data-role=officer] .phone.telegram").count() == 1
