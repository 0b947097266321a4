"""For everybody: no violation that axe knows of, large type, large buttons, in all appearances."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from chat_pages import ChatPages, heard, says
from playwright.async_api import Page, expect

from tests.web_house import DESK

LOOKS = [
    {"locale": "zh-CN", "color_scheme": "light"},
    {"locale": "zh-CN", "color_scheme": "dark"},
    {"locale": "en-GB", "color_scheme": "light"},
    {"locale": "en-GB", "color_scheme": "dark"},
    {"locale": "zh-CN", "color_scheme": "light", "contrast": "more"},
    {"locale": "zh-CN", "color_scheme": "dark", "contrast": "more"},
]
NAMES = [" ".join(look.values()) for look in LOOKS]
# What is read with an eye: the smallest type, and buttons narrower or lower than a thumb.
SIZES = """() => {
  const shown = (node) => node.offsetParent !== null && node.getClientRects().length
    && getComputedStyle(node).clip === "auto";
  const words = [...document.querySelectorAll("body *")].filter((node) => shown(node)
    && [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
  const buttons = [...document.querySelectorAll("button, .tool, .button, summary, textarea")];
  const rects = buttons.filter(shown).map((node) => node.getBoundingClientRect());
  return {
    type: Math.min(...words.map((node) => parseFloat(getComputedStyle(node).fontSize))),
    height: Math.min(...rects.map((rect) => rect.height)),
    width: Math.min(...rects.map((rect) => rect.width)),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}"""


async def examined(page: Page) -> None:
    """Fails with what axe found."""
    found = await Axe().run(page)
    violations: list[dict[str, Any]] = found.response["violations"]
    assert violations == [], found.generate_report()
    sizes = await page.evaluate(SIZES)
    assert sizes["type"] >= 18
    assert sizes["height"] >= 48
    assert sizes["width"] >= 48
    assert sizes["overflow"] <= 0


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
async def test_everybody_can_use_every_page(pages: ChatPages, look: dict[str, Any]) -> None:
    phone = await pages.phone(**look)
    page = await pages.open(f"/s/{DESK}", phone)
    await examined(page)
    await page.locator('button[value="unsatisfied"]').click()
    await heard(page, "主要是哪方面").get_by_role("button").nth(1).click()
    await expect(heard(page, "一句话说说经过")).to_be_visible()
    await says(page, "等了俩小时没人理，" * 12)
    await expect(heard(page, "听到")).to_be_visible()
    await page.locator("#attach").click()
    await page.locator("#end summary").click()
    await phone.set_offline(True)
    await says(page, "没网")
    await expect(page.locator("#line")).not_to_be_empty()
    await examined(page)
    await phone.set_offline(False)
    await expect(heard(page, "听到：没网")).to_be_visible()
    for path in ("/chat", "/s/nowhere-1234"):
        await page.goto(pages.house.url + path)
        await examined(page)
    await page.locator("#end summary").click()
    await page.locator("#end button").click()
    await page.get_by_role("link").wait_for()
    await examined(page)


@pytest.mark.parametrize("look", LOOKS[:4], ids=NAMES[:4])
async def test_the_page_inside_wechat(pages: ChatPages, look: dict[str, Any]) -> None:
    class Account:
        async def code_url(self, scene: str) -> str | None:
            return f"http://weixin.qq.com/q/{scene}"

    object.__setattr__(pages.house.channel.parts, "account", Account())
    phone = await pages.phone(user_agent="Mozilla/5.0 MicroMessenger/8.0.50", **look)
    page = await phone.new_page()
    await page.goto(f"{pages.house.url}/s/{DESK}")
    await expect(page.locator(".code")).to_be_visible()
    await examined(page)
    await page.get_by_role("link").click()
    await expect(page.locator('button[value="satisfied"]')).to_be_visible()


async def test_new_lines_are_read_out_and_the_language_is_named(pages: ChatPages) -> None:
    page = await pages.open()
    log = page.get_by_role("log", name="对话")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    await expect(page.get_by_role("button", name="English")).to_have_attribute("lang", "en")
    await page.get_by_role("button", name="满意", exact=True).click()
    await expect(log.get_by_text("谢谢，记下了：满意")).to_be_visible()
    assert await log.locator("li .who").first.text_content() == "我："
