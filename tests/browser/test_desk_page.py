"""The entry page in a browser: in by the link, by keyboard alone, without a script, once only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import func, select, update

from actions.store.tables import cases, desk_entries, officers, ratings
from tests.cast import Cast, gather_cast
from tests.web_house import WebHouse

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": WIDE},
    "narrow": {"viewport": NARROW},
    "wide dark": {"viewport": WIDE, "color_scheme": "dark"},
    "narrow dark": {"viewport": NARROW, "color_scheme": "dark"},
}


class Desk:
    """The page in browsers of the cast."""

    def __init__(self, house: WebHouse, people: Cast, browser: Browser) -> None:
        self.house, self.people, self._browser = house, people, browser
        self.stack, self.errors = AsyncExitStack(), list[str]()

    async def context(self, **settings: Any) -> BrowserContext:
        given = {"viewport": WIDE, "locale": "zh-CN", **settings}
        context = await self._browser.new_context(**given)
        self.stack.push_async_callback(context.close)
        return context

    async def enters(self, name: str = "sub", **settings: Any) -> Page:
        """Somebody of the cast comes in by a link of their own."""
        context = await self.context(**settings)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.goto(await self.link(name))
        await page.get_by_role("button", name="进入").click()
        await expect(page.locator("form.entry")).to_be_visible()
        return page

    async def link(self, name: str = "sub") -> str:
        token = await self.house.services.sessions.link(getattr(self.people, name).turn())
        return f"{self.house.url}/login/{token}"

    async def count(self, table: Any) -> int:
        async with self.house.services.engine.connect() as connection:
            query = select(func.count()).select_from(table)
            return int((await connection.execute(query)).scalar_one())


@pytest.fixture
async def desk(house: WebHouse, browser: Browser) -> AsyncIterator[Desk]:
    opened = Desk(house, await gather_cast(house.services), browser)
    async with opened.stack:
        yield opened
    assert opened.errors == []


async def fill(page: Page, **more: str) -> None:
    """A complaint as it is typed."""
    await page.get_by_label("投诉").check()
    await page.locator("#what").fill(more.get("what", "户籍窗口等了两个小时没人理"))
    await page.locator("#unit").fill(more.get("unit", "桥西分局明德里派出所"))
    await page.locator("#phone").fill(more.get("phone", "139 0000 0000"))


async def test_by_keyboard_alone(desk: Desk) -> None:
    page = await desk.enters()
    keys = page.keyboard
    await page.locator("input[name=source]").first.focus()
    await keys.press("Tab")
    await keys.press("Space")  # the first kind: a complaint
    await keys.press("Tab")
    await keys.type("户籍窗口等了两个小时没人理")
    await keys.press("Tab")
    await keys.type("明德里派出")
    await expect(page.get_by_role("option").first).to_have_text("桥西分局明德里派出所")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator("#unit")).to_have_value("桥西分局明德里派出所")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.type("139 0000 0000")
    await keys.press("Tab")
    await keys.press("Space")
    await keys.press("Control+Enter")
    await expect(page.get_by_role("heading", name="记好了")).to_be_visible()
    await expect(page.locator(".big dd").first).to_have_text("Q26-0001")
    code = await page.locator(".big dd").nth(1).inner_text()
    await expect(page.get_by_text("也发短信给对方了")).to_be_visible()
    found = await desk.house.services.cases.find(desk.people.chen.turn(), code)
    assert found.number == "Q26-0001"
    await expect(page.get_by_role("link", name="再记一件")).to_be_focused()
    await keys.press("Enter")
    await expect(page.locator("#what")).to_have_value("")
    await expect(page.locator(".today li")).to_have_count(1)


async def test_without_a_script(desk: Desk) -> None:
    page = await desk.enters(java_script_enabled=False)
    await fill(page, unit="派出所", phone="12345")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator("#wrong-phone")).to_contain_text("号码看着不对")
    await expect(page.locator("#what")).to_have_value("户籍窗口等了两个小时没人理")
    await page.locator("#phone").fill("")
    await page.locator("#unit").fill("明德里派出所")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".big dd").first).to_have_text("Q26-0001")


async def test_a_unit_that_is_not_clear_is_chosen(desk: Desk) -> None:
    page = await desk.enters(java_script_enabled=False)
    await fill(page, unit="派出所 户籍窗口")
    await page.get_by_role("button", name="提交").click()
    if await page.locator("#wrong-unit").count():
        await page.locator("[name=unit_id]").last.check()
        await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".big dd").first).to_have_text("Q26-0001")


async def test_sent_twice_it_is_one_case(desk: Desk) -> None:
    page = await desk.enters()
    await fill(page)
    await page.evaluate("document.querySelector('form.entry').submit()")
    await expect(page.locator(".big")).to_be_visible()
    await page.reload()
    await expect(page.locator(".big dd").first).to_have_text("Q26-0001")
    assert await desk.count(cases) == await desk.count(desk_entries) == 1


async def test_a_number_with_an_open_case_is_named_first(desk: Desk) -> None:
    page = await desk.enters("centre")
    await fill(page)
    await page.get_by_role("button", name="提交").click()
    await page.get_by_role("link", name="再记一件").click()
    await fill(page, what="另外一件事，路灯坏了")
    await page.locator("#when").focus()
    await expect(page.locator("#known")).to_contain_text("在办的件：Q26-0001")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".big dd").first).to_have_text("Q26-0002")


async def test_and_without_a_script_too(desk: Desk) -> None:
    page = await desk.enters("centre", java_script_enabled=False)
    for number, times in (("Q26-0001", 1), ("Q26-0002", 2)):
        await page.goto(f"{desk.house.url}/desk")
        await fill(page, what=f"第 {times} 件事，路灯坏了")
        for _ in range(times):
            await page.get_by_role("button", name="提交").click()
        await expect(page.locator(".big dd").first).to_have_text(number)


async def test_a_reload_keeps_the_draft_and_sending_forgets_it(desk: Desk) -> None:
    page = await desk.enters()
    await fill(page)
    await expect(page.locator("#live")).to_contain_text("已暂存")
    await page.reload()
    await expect(page.locator("#what")).to_have_value("户籍窗口等了两个小时没人理")
    await expect(page.get_by_label("投诉")).to_be_checked()
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".big")).to_be_visible()
    await page.goto(f"{desk.house.url}/desk")
    await expect(page.locator("#what")).to_have_value("")


async def test_offline_nothing_is_lost(desk: Desk) -> None:
    page = await desk.enters()
    await fill(page)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator("#live")).to_contain_text("没有网络")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".big dd").first).to_have_text("Q26-0001")


async def test_a_rating_asks_for_its_grade(desk: Desk) -> None:
    page = await desk.enters()
    await expect(page.locator(".graded")).to_be_hidden()
    await page.keyboard.press("Tab")
    await page.get_by_label("评价").check()
    await page.locator("#unit").fill("明德里派出所")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator("#wrong-grade")).to_be_visible()
    await page.get_by_label("满意", exact=True).check()
    await page.get_by_role("button", name="提交").click()
    await expect(page.get_by_text("单独统计")).to_be_visible()
    assert await desk.count(ratings) == 1


async def test_an_officer_writes_down_visits_and_no_grades(desk: Desk) -> None:
    page = await desk.enters("li")
    await expect(page.get_by_label("热线来电")).to_have_count(0)
    await expect(page.get_by_label("评价")).to_have_count(0)
    await page.get_by_label("求助").check()
    await page.locator("#what").fill("老人走失，家里人着急")
    await page.locator("#badge").fill("X99999")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator("#wrong-badge")).to_contain_text("没有这个警号")
    await page.locator("#badge").fill(desk.people.li.badge)
    await page.get_by_role("button", name="提交").click()
    await expect(page.get_by_text("涉及您本人")).to_be_visible()
    await expect(page.locator(".big dd")).to_have_count(1)


async def test_danger_is_told_at_once(desk: Desk) -> None:
    page = await desk.enters()
    await fill(page, what="他拿着刀要砍人", phone="123")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".danger")).to_contain_text("110")
    await page.locator("#phone").fill("")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".danger")).to_contain_text("110")
    await expect(page.locator(".big")).to_be_visible()


async def test_the_script_of_a_call(desk: Desk) -> None:
    page = await desk.enters()
    await fill(page)
    await page.get_by_role("button", name="提交").click()
    await page.get_by_role("link", name="再记一件").click()
    await page.locator("#number").fill("q26 0001")
    await page.get_by_role("button", name="看话术").click()
    await expect(page.get_by_text("先认人")).to_be_visible()
    await expect(page.get_by_text("户籍窗口等了")).to_have_count(0)
    await page.goto(f"{desk.house.url}/desk/script?number=Q26-0999")
    await expect(page.get_by_role("status")).to_contain_text("没查到这个编号")


# --- in and out -----------------------------------------------------------------------------------


async def test_looking_at_a_link_does_not_use_it_up(desk: Desk) -> None:
    link = await desk.link()
    for _ in range(2):
        page = await (await desk.context()).new_page()
        await page.goto(link)
    await page.get_by_role("button", name="进入").click()
    await expect(page.locator("form.entry")).to_be_visible()
    again = await (await desk.context()).new_page()
    await again.goto(link)
    await again.get_by_role("button", name="进入").click()
    await expect(again.get_by_role("status")).to_contain_text("用过了")
    await again.goto(f"{desk.house.url}/desk")
    await expect(again.get_by_role("status")).to_contain_text("还没登录")


async def test_the_cookie_is_kept_from_scripts_and_other_sites(desk: Desk) -> None:
    page = await desk.enters()
    (cookie,) = await page.context.cookies()
    assert cookie["httpOnly"] is True
    assert cookie["sameSite"] == "Strict"
    assert await page.evaluate("document.cookie") == ""


async def test_out_by_the_button(desk: Desk) -> None:
    page = await desk.enters()
    await page.get_by_role("button", name="退出").click()
    await expect(page.get_by_role("status")).to_contain_text("已退出")
    await page.goto(f"{desk.house.url}/desk")
    await expect(page.get_by_role("status")).to_contain_text("还没登录")


async def test_who_leaves_is_out_and_the_draft_stays_in_the_tab(desk: Desk) -> None:
    page = await desk.enters()
    await fill(page)
    async with desk.house.services.engine.begin() as connection:
        gone = update(officers).where(officers.c.badge == desk.people.sub.badge)
        await connection.execute(gone.values(active=False))
    await page.get_by_role("button", name="提交").click()
    await expect(page.get_by_role("status")).to_contain_text("还没登录")
    assert await desk.count(cases) == 0
    assert "两个小时" in await page.evaluate("sessionStorage.getItem('huiyin-desk')")


async def test_a_form_from_elsewhere_does_nothing(desk: Desk) -> None:
    page = await desk.enters()
    form = {"source": "hotline", "kind": "complaint", "what": "等了两个小时"}
    foreign = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    proof = await page.locator("form.entry [name=proof]").input_value()
    for headers, fields in (({}, form), (foreign, {**form, "proof": proof})):
        answer = await page.context.request.post(
            f"{desk.house.url}/desk", form=fields, headers=headers
        )
        assert answer.status == 403
    answer = await page.context.request.post(
        f"{desk.house.url}/desk/phone", form={"phone": "13900000000"}
    )
    assert answer.status == 403
    assert await desk.count(cases) == 0


# --- for everybody --------------------------------------------------------------------------------


@pytest.mark.parametrize("look", LOOKS)
async def test_nothing_is_in_anybodys_way(desk: Desk, look: str) -> None:
    page = await desk.enters("centre", **LOOKS[look])
    await _examined(page)
    await page.get_by_label("评价").check()
    await page.locator("#unit").fill("明德里派")
    await expect(page.get_by_role("option").first).to_be_visible()
    await _examined(page)
    await page.locator("#phone").fill("1")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator("#wrong-phone")).to_be_visible()
    await _examined(page)
    await page.goto(f"{desk.house.url}/desk")
    await page.evaluate("sessionStorage.clear()")
    await page.reload()
    await fill(page)
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".big")).to_be_visible()
    await _examined(page)
    await page.goto(f"{desk.house.url}/desk/script?number=Q26-0001")
    await _examined(page)
    await page.get_by_role("button", name="退出").click()
    await _examined(page)
    await page.goto(await desk.link())
    await _examined(page)


async def _examined(page: Page) -> None:
    """Fails with what axe found, or where the page is wider than the screen."""
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(wider) <= 0


async def test_the_form_is_in_one_view(desk: Desk) -> None:
    page = await desk.enters("centre")
    box = await page.get_by_role("button", name="提交").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= WIDE["height"]
