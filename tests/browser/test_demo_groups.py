"""A unit's group on the demo page: one window, several senders, alerts for one of them."""

from page_show import Show
from playwright.async_api import expect
from scripted_gateway import CARD, KEYS

TITLE = "明德里值班群"


async def test_an_officer_claims_a_card_in_the_group(show: Show) -> None:
    page = await show.open()
    group = await show.driver.group(TITLE, ["李警官", "王警官"])
    officer = page.locator('[data-role="officer"]')
    await officer.get_by_role("button", name=TITLE).click()
    await expect(officer.get_by_text("机器人进了群")).to_be_visible()
    await show.gateway.bot(
        "sendMessage",
        chat_id=await group.identity(),
        text=CARD,
        parse_mode="HTML",
        reply_markup=KEYS,
    )
    await group.text("李警官", "谁有空？")
    await expect(officer.locator(".row.mine")).to_have_count(1)
    await officer.get_by_role("button", name="王警官", exact=True).last.click()
    await expect(officer.locator(".row.mine")).to_have_count(0)
    await expect(officer.locator(".author")).to_have_text("李警官")
    await officer.get_by_role("button", name="接单", exact=True).click()
    query = show.gateway.updates[-1]
    await expect(officer.get_by_text("王警官点了 · 接单")).to_be_visible()
    await expect(officer.get_by_role("status")).to_have_text("接单成功")
    await expect(officer.get_by_text("接单成功（只有本人看到：王警官）")).to_be_visible()
    await expect(officer.get_by_text("已接单 14:02")).to_be_visible()
    await expect(officer.get_by_role("button", name="接单", exact=True)).to_have_count(0)
    assert query["callback_query"]["from"]["first_name"] == "王警官"
    await expect(officer.get_by_role("button", name="附件")).to_be_hidden()


async def test_a_reload_keeps_the_group(show: Show) -> None:
    await show.driver.group(TITLE, ["李警官"])
    page = await show.open()
    officer = page.locator('[data-role="officer"]')
    await officer.get_by_role("button", name=TITLE).click()
    await page.reload()
    await expect(officer.get_by_text("发言的人：")).to_be_visible()
    await expect(officer.locator(".chat-name b")).to_have_text(TITLE)
