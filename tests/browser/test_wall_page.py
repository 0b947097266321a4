"""The wall in a real browser: numbers move by themselves, all is large enough and fits, nothing comes
from elsewhere, and what is wrong is said.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Route, expect
from sqlalchemy import insert, select, text

from actions import clock
from actions.bootstrap import Services
from actions.cases.states import Verb
from actions.store.tables import units
from actions.wall import board
from actions.wall.snapshot import Topic
from bot.web.wall import stream
from tests.cast import Cast, gather_cast
from tests.wall_data import due, grades, opens, rate, rate_all
from tests.web_house import WebHouse

HD, UHD = {"width": 1920, "height": 1080}, {"width": 3840, "height": 2160}
MINGDELI, NANZHAN = "明德里派出所", "南站派出所"

# What is too small, cut off, or beyond its panel. A panel may end a name with dots.
MEASURE = """() => {
  const wrong = [], u = Math.min(innerHeight / 100, innerWidth * 0.5625 / 100);
  const root = document.documentElement, screen = root.getBoundingClientRect();
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) wrong.push("it scrolls");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim(), of = walker.currentNode.parentElement;
    if (!words || !of.checkVisibility() || ["SCRIPT", "NOSCRIPT"].includes(of.tagName)) continue;
    const style = getComputedStyle(of), size = parseFloat(style.fontSize);
    if (size < 2.4 * u - 0.01) wrong.push(`${words}: ${size}px`);
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    const frame = of.closest("section")?.getBoundingClientRect() || screen;
    const dotted = style.textOverflow === "ellipsis";
    if (box.bottom > frame.bottom + 1 || box.top < frame.top - 1) wrong.push(`${words}: too low`);
    if (!dotted && box.right > frame.right + 1) wrong.push(`${words}: too far right`);
    const cut = of.clientWidth && of.scrollWidth > of.clientWidth + 1;
    if (!dotted && cut) wrong.push(`${words}: cut`);
  }
  for (const row of document.querySelectorAll(".way, .tile, .fire, .topic, dl div")) {
    const box = row.getBoundingClientRect();
    const frame = row.closest("section").getBoundingClientRect();
    if (box.bottom > frame.bottom || box.right > frame.right) wrong.push(`row: ${row.textContent}`);
    for (const part of row.children) {
      const { right, bottom } = part.getBoundingClientRect();
      if (right > box.right + 1 || bottom > box.bottom + 2) wrong.push(`part: ${row.textContent}`);
    }
  }
  return wrong;
}"""


class Walls:
    """The wall on screens of the cast. A script error fails the test."""

    def __init__(self, house: WebHouse, people: Cast, browser: Browser) -> None:
        self.house, self.people, self._browser = house, people, browser
        self.stack, self.errors, self.hosts = AsyncExitStack(), list[str](), set[str]()

    @property
    def services(self) -> Services:
        return self.house.services

    async def page(self, size: dict[str, int] = HD, **settings: Any) -> Page:
        context = await self._browser.new_context(viewport=size, locale="zh-CN", **settings)
        self.stack.push_async_callback(context.close)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        return page

    async def enters(self, page: Page, name: str = "chief", words: str = "") -> Page:
        """Somebody of the cast opens a screen of their unit, or of the one named."""
        token, _ = await self.services.screens.link(getattr(self.people, name).turn(), words)
        await page.goto(f"{self.house.url}/login/{token}?to=wall")
        await page.get_by_role("button", name="进入").click()
        await expect(page.locator("main")).to_be_visible()
        return page


@pytest.fixture
async def walls(
    house: WebHouse, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Walls]:
    monkeypatch.setattr(stream, "EVERY", 0.2)
    monkeypatch.setattr(board, "FRESH", 0.1)
    opened = Walls(house, await gather_cast(house.services), browser)
    async with opened.stack:
        yield opened
    assert opened.errors == []
    assert {host for host in opened.hosts if host} == {urlsplit(house.url).netloc}


async def much(walls: Walls) -> None:
    """Sixty days of ratings by seven ways, cases of all ages, long names, topics."""
    services, pick, now = walls.services, random.Random(5), clock.now()
    midnight = clock.beijing(now).replace(hour=0, minute=0, second=0, microsecond=0)
    ways = [
        ("wechat", "scan"), ("wechat", "invited_by_officer"), ("sms", "invited"), ("web", "scan"),
        ("desk", "hotline"), ("telegram", "typed"), ("desk", "door_visit"),
    ]  # fmt: skip
    await rate_all(
        services,
        [
            (unit, midnight - timedelta(days=back), came, grades(pick, 40 - 5 * place, share))
            for back in range(0, 60, 3)
            for unit, share in ((MINGDELI, 0.97), (NANZHAN, 0.8 if back < 25 else 0.98))
            for place, came in enumerate(ways)
        ],
    )
    for minutes in (-90_000, -3_000, -200, -20, 15, 90, 119, 600):
        number = await opens(walls.people.chen, pick.choice([MINGDELI, NANZHAN, "槐荫路派出所"]))
        await due(services, number, now + timedelta(minutes=minutes))

    async def topics(*_: object) -> list[Topic]:
        return [
            Topic("户籍窗口排队时间太长没人管", 1_042, 17),
            Topic("夜间施工", 31, 35),
            Topic("停车", 9),
        ]

    services.boards._wall._topics_of = topics  # type: ignore[assignment]


async def many_units(services: Services, count: int) -> None:
    async with services.engine.begin() as connection:
        parent = (await connection.execute(select(units).where(units.c.name == "桥西分局"))).one()
        for n in range(count):
            new = insert(units).values(
                code=f"YZ-QX-{n}", name=f"第 {n + 1} 街道办事处派出所", short_name=f"{n + 1} 街所",
                kind="station", parent_id=parent.id, path="",
            )  # fmt: skip
            of = (await connection.execute(new.returning(units.c.id))).scalar_one()
            given = {"path": f"{parent.path}{of}/", "id": of}
            await connection.execute(text("UPDATE units SET path = :path WHERE id = :id"), given)


# --- figures --------------------------------------------------------------------------------------


async def test_numbers_move_without_a_reload(walls: Walls) -> None:
    services, people = walls.services, walls.people
    page = await walls.enters(await walls.page())
    await page.evaluate("window.untouched = true")
    await expect(page.locator("#unit")).to_have_text("桥西分局")
    await expect(page.locator("#way-rows")).to_have_text("近来还没有人评价")
    await expect(page.locator("#n-opened")).to_have_text("0")
    await rate(services, MINGDELI, clock.now(), satisfied=29)
    scan = page.locator('[data-way="wechat/scan"]')
    await expect(scan.locator(".rate").first).to_have_text("样本不足29 条")
    await rate(services, MINGDELI, clock.now(), satisfied=10, unsatisfied=1)
    # 39 of 40: 97.5 %; Wilson: 87.1–99.6 %, rounded outwards
    today = scan.locator(".rate").first
    await expect(today.locator("strong")).to_have_text("97.5%")
    await expect(today.locator(".interval")).to_have_text("87.1–99.6%")
    await expect(scan.locator(".rate").last).to_have_text("—")  # the month is up to yesterday
    await expect(page.locator(".tile").first).to_contain_text("—")
    await rate(services, NANZHAN, clock.now(), ("sms", "invited"), satisfied=20, unsatisfied=20)
    sms = page.locator('[data-way="sms/invited"]')
    await expect(sms.locator("strong").first).to_have_text("50.0%")
    await expect(scan.locator("strong").first).to_have_text("97.5%")
    first, second = await opens(people.chen, MINGDELI), await opens(people.zhou, NANZHAN)
    await due(services, second, clock.now() + timedelta(days=1))  # whatever the hour, no fire
    for where in ("opened", "new"):
        await expect(page.locator(f"#n-{where}")).to_have_text("2")
    await services.cases.act(people.li.turn(), first, Verb.ACCEPT)
    await expect(page.locator("#n-accepted")).to_have_text("1")
    await expect(page.locator("#n-new")).to_have_text("1")
    await due(services, first, clock.now() - timedelta(hours=3, minutes=20, seconds=5))
    fire = page.locator(".fire")
    await expect(fire).to_have_count(1)
    await expect(fire).to_contain_text(first)
    await expect(fire).to_contain_text("明德里所")
    await expect(fire).to_contain_text("超 3小时20分")
    await expect(page.locator("#n-late")).to_have_text("1")
    assert await page.evaluate("window.untouched") is True


async def test_no_figure_tells_what_one_citizen_said(walls: Walls) -> None:
    services = walls.services
    await rate(services, MINGDELI, clock.now(), satisfied=60)
    page = await walls.enters(await walls.page())
    strong = page.locator(".way strong").first
    await expect(strong).to_have_text("100%")
    await rate(services, MINGDELI, clock.now(), unsatisfied=1)
    await opens(walls.people.chen, MINGDELI)  # the wall has seen both when it shows this one
    await expect(page.locator("#n-opened")).to_have_text("1")
    await expect(strong).to_have_text("100%")
    await rate(services, MINGDELI, clock.now(), unsatisfied=4)
    await expect(strong).to_have_text("92.3%")  # 60 of 65


async def test_words_from_outside_are_words(walls: Walls) -> None:
    async def topics(*_: object) -> list[Topic]:
        return [Topic("<img src=x onerror=alert(1)>", 3, 1)]

    walls.services.boards._wall._topics_of = topics  # type: ignore[assignment]
    page = await walls.enters(await walls.page())
    await expect(page.locator(".topic span")).to_have_text("<img src=x onerror=alert(1)>")
    assert await page.locator(".topic img").count() == 0


# --- seen from five metres ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "size", [HD, UHD, {"width": 1366, "height": 768}, {"width": 1920, "height": 1200}]
)
async def test_all_is_large_and_nothing_is_cut(walls: Walls, size: dict[str, int]) -> None:
    await much(walls)
    for name in ("chief", "centre", "head"):
        page = await walls.enters(await walls.page(size), name)
        await expect(page.locator("#chart path").first).to_be_visible()
        await expect(page.locator(".topic")).to_have_count(3)
        assert await page.evaluate(MEASURE) == []


async def test_in_english_too(walls: Walls) -> None:
    await walls.services.people.set_language(walls.people.chief.turn(), "en")
    await much(walls)
    page = await walls.enters(await walls.page())
    await expect(page.locator("h2").first).to_contain_text("Satisfied")
    await expect(page.locator(".topic")).to_have_count(3)
    assert await page.evaluate(MEASURE) == []


async def test_more_units_than_fit_are_shown_in_turn(walls: Walls) -> None:
    await many_units(walls.services, 40)
    await much(walls)
    page = await walls.page()
    await page.clock.install()
    await walls.enters(page)
    assert await page.evaluate(MEASURE) == []
    seen = set(await page.locator(".tile b").all_inner_texts())
    for turn in ("2/3", "3/3"):
        await page.clock.run_for(15_000)
        await expect(page.locator("#below-page")).to_have_text(turn)
        seen |= set(await page.locator(".tile b").all_inner_texts())
    assert len(seen) == 43


async def test_a_unit_with_nothing_below_it(walls: Walls) -> None:
    await much(walls)
    page = await walls.enters(await walls.page(), "centre", "明德里派出所户籍 2 号窗口")
    await expect(page.locator("#middle")).to_be_hidden()
    assert await page.evaluate(MEASURE) == []


async def test_it_can_be_told_apart_by_everybody(walls: Walls) -> None:
    await much(walls)
    page = await walls.enters(await walls.page())
    await expect(page.locator("#chart path").first).to_be_visible()
    found = await Axe().run(page)
    assert found.response["violations"] == [], found.generate_report()


# --- what goes wrong ------------------------------------------------------------------------------


async def test_a_lost_connection_is_shown_and_mends_itself(
    walls: Walls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "EVERY", 3600.0)  # after the first beat it falls silent
    await rate(walls.services, MINGDELI, clock.now(), satisfied=40)
    page = await walls.page()
    await page.clock.install()
    await walls.enters(page)
    await expect(page.locator("#as-of")).to_contain_text("数据截至")

    async def refused(route: Route) -> None:
        await route.fulfill(status=502, body="the gateway is down")

    await page.route("**/wall/events", refused)
    state = page.locator("#state")
    await page.clock.run_for(13_000)
    await expect(state).to_contain_text("起断线，下面是断线前的数字")
    await expect(page.locator("body")).to_have_class("lost")
    await expect(page.locator(".way strong").first).to_have_text("100%")
    assert await page.locator("main").evaluate("e => getComputedStyle(e).filter") == "grayscale(1)"
    await page.clock.run_for(60_000)  # it tries again and again, in vain
    await expect(page.locator("body")).to_have_class("lost")
    await page.unroute("**/wall/events")
    monkeypatch.setattr(stream, "EVERY", 0.2)
    await page.clock.run_for(31_000)
    await expect(page.locator("body")).not_to_have_class("lost")
    await expect(state).to_have_text("")


async def test_figures_that_stand_still_are_said_to(
    walls: Walls, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await walls.enters(await walls.page())

    async def fails(*_: object) -> None:
        raise OSError("broken by the test")

    monkeypatch.setattr(walls.services.boards, "look", fails)
    later = clock.now() + timedelta(minutes=2)
    clock.freeze(lambda: later)
    await expect(page.locator("#state")).to_contain_text("数据停在")
    clock.freeze(None)


async def test_a_screen_that_is_taken_down_shows_nothing_more(walls: Walls) -> None:
    await much(walls)
    page = await walls.enters(await walls.page())
    await expect(page.locator(".fire").first).to_be_visible()
    await walls.services.screens.off(walls.people.chief.turn())
    await expect(page.locator("#over")).to_be_visible()
    await expect(page.locator("#over")).to_contain_text("发“大屏”")
    assert await page.locator("main").count() == 0
    assert "Q26-" not in await page.inner_text("body")
    await page.reload()
    await expect(page.locator("#over")).to_contain_text("大屏已结束")
    assert await page.evaluate(MEASURE) == []
    await walls.enters(page)


async def test_it_says_when_it_will_end(walls: Walls) -> None:
    page = await walls.enters(await walls.page())
    await expect(page.locator("#until")).to_contain_text("本屏到")
    later = clock.now() + timedelta(days=28)
    clock.freeze(lambda: later)
    await expect(page.locator("#until")).to_contain_text("续挂请在聊天里发“大屏”")
    clock.freeze(None)


async def test_the_time_is_the_servers(walls: Walls) -> None:
    moment = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)
    clock.freeze(lambda: moment)
    page = await walls.enters(await walls.page(timezone_id="America/New_York"))
    await expect(page.locator("#time")).to_have_text("14:05")
    await expect(page.locator("#day")).to_have_text("11 月 20 日 星期五")
    clock.freeze(None)


async def test_a_newer_page_is_loaded_once(walls: Walls, monkeypatch: pytest.MonkeyPatch) -> None:
    page = await walls.enters(await walls.page())
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    made = stream.Streams._beat
    monkeypatch.setattr(
        stream.Streams, "_beat", lambda *given: {**made(*given), "version": "newer"}
    )
    async with page.expect_event("load"):
        pass
    await rate(walls.services, MINGDELI, clock.now(), satisfied=40)
    await expect(page.locator(".way strong").first).to_have_text("100%")
    assert len(loads) == 1
