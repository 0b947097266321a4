"""The files of bulletins in a browser: in by a link from the chat, and only what is one's own."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import openpyxl
import pytest

from bot.bulletins.routes import _FETCHES
from tests.bulletins.asking import ask_for_bulletin
from tests.cast import Cast, Someone, gather_cast
from tests.conftest import FrozenClock
from tests.web_house import Browser, WebHouse, web_house, with_city


@dataclass
class Reading:
    house: WebHouse
    cast: Cast
    stack: AsyncExitStack

    async def enters(self, who: Someone) -> Browser:
        """Opens the link and presses the button."""
        browser = Browser(self.house)
        self.stack.push_async_callback(browser.session.close)
        token = await self.house.services.sessions.link(who.turn())
        await browser.get(f"/login/{token}?to=bulletins")
        response = await browser.post(f"/login/{token}?to=bulletins", allow_redirects=False)
        assert (response.status, response.headers["Location"]) == (303, "/bulletins")
        return browser


@pytest.fixture
async def reading(environ: dict[str, str], frozen: FrozenClock) -> AsyncIterator[Reading]:
    await with_city(environ)
    async with web_house(environ) as house, AsyncExitStack() as stack:
        yield Reading(house, await gather_cast(house.services), stack)


async def asks(reading: Reading, who: Someone, words: str = "上周") -> str:
    return (await ask_for_bulletin(reading.house.services, who.turn(), words)).number


async def test_the_page_lists_them_and_the_files_are_what_they_say(reading: Reading) -> None:
    number = await asks(reading, reading.cast.chief)
    browser = await reading.enters(reading.cast.chief)
    status, page = await browser.get("/bulletins")
    assert status == 200
    assert "桥西分局" in page
    assert f'href="/bulletins/{number}.xlsx"' in page
    for form, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        url = f"{reading.house.url}/bulletins/{number}.{form}"
        async with browser.session.get(url) as response:
            content = await response.read()
            assert response.status == 200
            assert response.headers["Cache-Control"] == "private, no-store"
            assert f'filename="{number}.{form}"' in response.headers["Content-Disposition"]
        assert content.startswith(begins)
        if form == "xlsx":
            assert "总览" in openpyxl.load_workbook(io.BytesIO(content)).sheetnames


async def test_without_a_login_nothing_is_told(reading: Reading) -> None:
    number = await asks(reading, reading.cast.chief)
    browser = Browser(reading.house)
    for path in ("/bulletins", f"/bulletins/{number}.pdf"):
        status, page = await browser.get(path)
        assert status == 401
        assert "桥西" not in page
    await browser.session.close()


@pytest.mark.parametrize("who", ["other", "li", "centre"])
async def test_others_do_not_learn_whether_it_exists(reading: Reading, who: str) -> None:
    """Not the other county, not an officer; what one asked for privately is not the centre's."""
    number = await asks(reading, reading.cast.chief)
    browser = await reading.enters(getattr(reading.cast, who))
    theirs = await browser.get(f"/bulletins/{number}.pdf")
    unknown = await browser.get("/bulletins/B26-9999.pdf")
    assert theirs == unknown
    assert theirs[0] == 404
    assert number not in (await browser.get("/bulletins"))[1]


@pytest.mark.parametrize(
    "path", ["B26-0001.exe", "../desk.pdf", "B26-1.pdf", "B26-0001.pdf/x", "%2e%2e.pdf"]
)
async def test_other_names_are_no_files(reading: Reading, path: str) -> None:
    browser = await reading.enters(reading.cast.chief)
    assert (await browser.get(f"/bulletins/{path}"))[0] == 404


async def test_files_are_not_fetched_without_end(reading: Reading) -> None:
    browser = await reading.enters(reading.cast.chief)
    for _ in range(_FETCHES):
        assert (await browser.get("/bulletins/B26-9999.pdf"))[0] == 404
    assert (await browser.get("/bulletins/B26-9999.pdf"))[0] == 429


async def test_an_empty_list_says_so(reading: Reading) -> None:
    browser = await reading.enters(reading.cast.other)
    assert "还没有您能看的简报" in (await browser.get("/bulletins"))[1]
