"""The demo page in a real browser: what is tapped goes over the real protocol."""

import re

from page_show import Show
from playwright.async_api import Locator, Page, expect

GREETING = re.compile("这次办得怎么样")


def seat(page: Page, role: str) -> Locator:
    return page.locator(f'[data-role="{role}"]')


async def say(page: Page, role: str, words: str) -> None:
    phone = seat(page, role)
    await phone.locator('input[name="words"]').fill(words)
    await phone.get_by_role("button", name="发送", exact=True).click()


async def test_a_rating_becomes_a_case_that_an_officer_accepts(show: Show) -> None:
    page = await show.open()
    citizen, officer = seat(page, "citizen"), seat(page, "officer")
    await officer.get_by_role("button", name="LI7K3M").click()
    await expect(officer.get_by_text("绑定好了")).to_be_visible()
    await page.get_by_role("button", name="户籍 2 号窗口").click()
    await expect(citizen.get_by_text("扫了码 · 明德里派出所 · 户籍 2 号窗口")).to_be_visible()
    await citizen.get_by_role("button", name="不满意", exact=True).click()
    await citizen.get_by_role("button", name="2 太慢").click()
    await expect(citizen.get_by_text("能说一句")).to_be_visible()
    await say(page, "citizen", "等了俩小时没人理")
    await expect(citizen.get_by_text("要回电话给您吗")).to_be_visible()
    await say(page, "citizen", "138 0000 0000")
    await expect(citizen.get_by_text("编号 Q26-0017")).to_be_visible()
    await officer.get_by_role("button", name="接单").click()
    await expect(officer.get_by_text("已接单 14:02")).to_be_visible()
    await expect(officer.get_by_role("button", name="接单")).to_have_count(0)
    await expect(citizen.get_by_text("李警官 14:02 接了您的事")).to_be_visible()
    assert {q["encrypt_type"] for q in show.gateway.queries} == {"aes"}


async def test_the_supervisor_asks_for_figures(show: Show) -> None:
    page = await show.open()
    supervisor = seat(page, "supervisor")
    await supervisor.get_by_role("button", name="ZH2N6P").click()
    await supervisor.get_by_role("button", name="/stats 今天").click()
    await supervisor.get_by_role("button", name="发送", exact=True).click()
    await expect(supervisor.get_by_text("满意率 92.9%")).to_be_visible()


async def test_people_take_turns_and_the_others_show_that_they_have_news(show: Show) -> None:
    page = await show.open()
    citizen = seat(page, "citizen")
    await citizen.get_by_role("button", name="周先生").click()
    await show.driver.wechat("陈女士").says("在吗")
    dotted = citizen.get_by_role("button", name="陈女士 · 有新消息")
    await expect(dotted).to_be_visible()
    await expect(citizen.get_by_text("您说：在吗")).to_have_count(0)
    await dotted.click()
    await expect(citizen.get_by_text("您说：在吗")).to_be_visible()
    await expect(dotted).to_have_count(0)


async def test_photo_voice_and_place_can_be_sent(show: Show) -> None:
    page = await show.open()
    citizen = seat(page, "citizen")
    attach = citizen.get_by_role("button", name="附件")
    await attach.click()
    await citizen.get_by_role("button", name="示例照片").click()
    await expect(citizen.locator(".bubble.image img")).to_be_visible()
    await attach.click()
    await citizen.get_by_role("button", name="位置").click()
    await expect(citizen.get_by_text("明德里 18 号院门口")).to_be_visible()
    await attach.click()
    await citizen.get_by_role("button", name="语音", exact=True).click()
    await citizen.get_by_label("语音里说的话").fill("没人理我")
    await citizen.get_by_role("button", name="发语音").click()
    await expect(citizen.locator(".bubble.voice").get_by_text("没人理我")).to_be_visible()
    await expect(citizen.locator(".row.mine.delivered")).to_have_count(3)
    kinds = [callback["MsgType"] for callback in show.gateway.callbacks]
    assert kinds == ["image", "location", "voice"]


async def test_the_fixed_menu_sends_its_key(show: Show) -> None:
    page = await show.open()
    citizen = seat(page, "citizen")
    await citizen.get_by_role("button", name="投诉", exact=True).click()
    await expect(citizen.get_by_text("点了菜单 · 投诉")).to_be_visible()
    await expect(citizen.get_by_text("您说：complain")).to_be_visible()


async def test_waiting_and_trouble_are_seen(show: Show) -> None:
    page = await show.open()
    citizen = seat(page, "citizen")
    show.gateway.hold = show.held()
    await say(page, "citizen", "在吗")
    await expect(citizen.get_by_text("对方正在输入…")).to_be_visible()
    show.gateway.answer = lambda fields: b"{}"
    show.gateway.hold.set()
    await expect(citizen.get_by_text("该公众号提供的服务出现故障")).to_be_visible()
    await expect(citizen.get_by_text("对方正在输入…")).to_have_count(0)


async def test_words_are_never_markup(show: Show) -> None:
    page = await show.open()
    attack = '<img src=x onerror="document.title=1"><a href="javascript:alert(1)">x</a>'
    await say(page, "citizen", attack)
    await expect(seat(page, "citizen").get_by_text(attack, exact=True)).to_be_visible()
    await expect(page.locator('a[href^="javascript"]')).to_have_count(0)
    await expect(page.locator(".bubble img")).to_have_count(0)


async def test_the_strip_tells_what_went_over_the_wire(show: Show) -> None:
    page = await show.open()
    await say(page, "citizen", "你好")
    latest = page.locator("#strip-latest")
    await expect(latest).to_have_text(re.compile(r"陈女士.*回调 AES · 200 · 被动回复 · \d+ ms"))
    await expect(page.locator("#strip-lines")).to_be_hidden()
    await page.locator("#strip-fold").click()
    await expect(page.locator("#strip-lines li").first).to_contain_text("被动回复")


async def test_the_page_speaks_english_and_remembers_it(show: Show) -> None:
    page = await show.open()
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="Citizen")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Above")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_a_reload_keeps_what_was_said(show: Show) -> None:
    page = await show.open()
    await say(page, "citizen", "你好")
    answer = seat(page, "citizen").get_by_text("您说：你好")
    await expect(answer).to_be_visible()
    await page.reload()
    await expect(answer).to_be_visible()
    await page.get_by_role("button", name="清空").click()
    await expect(answer).to_have_count(0)


async def test_on_a_small_screen_there_is_one_phone_at_a_time(show: Show) -> None:
    page = await show.open(390, 844, touch=True)
    await expect(seat(page, "officer")).to_be_hidden()
    await page.get_by_role("tab", name="码墙").click()
    await page.get_by_role("button", name="巡逻车").click()
    await expect(seat(page, "citizen").get_by_text(GREETING)).to_be_visible()
    await show.driver.telegram("李警官").types("/bind LI7K3M")
    await expect(page.locator(".tab.unread")).to_have_text("民警")
    await page.get_by_role("tab", name="民警").click()
    await expect(seat(page, "officer").get_by_text("绑定好了")).to_be_visible()
    await expect(page.locator(".tab.unread")).to_have_count(0)
    overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow == 0


async def test_nothing_is_fetched_from_elsewhere(show: Show) -> None:
    page = await show.open()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    await page.reload()
    await expect(page.locator(".code").first).to_be_visible()
    assert addresses
    assert all(address.startswith((show.url, "data:")) for address in addresses)
