"""The wall over real HTTP: in by the link, the stream's events, its end, too many of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientResponse
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from actions import clock
from actions.store.tables import officers
from bot.web.wall import stream
from tests.cast import Cast, Someone
from tests.wall_data import opens, rate
from tests.web_house import Browser, WebHouse

PATIENCE = 20.0  # seconds, never waited for by a test that passes


class Wall(Browser):
    """A browser behind a wall."""

    async def enters(self, someone: Someone, words: str = "") -> Any:
        token, _ = await self.house.services.screens.link(someone.turn(), words)
        return await self.post(f"/login/{token}?to=wall")

    @asynccontextmanager
    async def stream(self) -> AsyncIterator[Stream]:
        async with self.session.get(f"{self.house.url}/wall/events") as response:
            yield Stream(response)


class Stream:
    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self.retry = 0

    async def event(self) -> tuple[str, Any]:
        """The next event, its data read. Raises EOFError at the end."""
        name, data = "", ""
        async with asyncio.timeout(PATIENCE):
            while True:
                line = (await self.response.content.readline()).decode()
                if not line:
                    raise EOFError
                key, _, value = line.rstrip("\n").partition(": ")
                match key:
                    case "event":
                        name = value
                    case "data":
                        data = value
                    case "retry":
                        self.retry = int(value)
                    case "" if name:
                        return name, json.loads(data)

    async def until(self, name: str) -> Any:
        """The data of the next event of that name."""
        while True:
            found, data = await self.event()
            if found == name:
                return data


@pytest.fixture
async def wall(house: WebHouse) -> AsyncIterator[Wall]:
    browser = Wall(house)
    yield browser
    await browser.session.close()


async def test_a_snapshot_then_beats(wall: Wall, people: Cast) -> None:
    await wall.enters(people.chief)
    async with wall.stream() as events:
        headers = events.response.headers
        assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert headers["X-Accel-Buffering"] == "no"
        assert "no-store" in headers["Cache-Control"]
        name, board = await events.event()
        assert name == "board"
        assert board["unit"] == "桥西分局"
        assert [tile["label"] for tile in board["below"]] == [
            "明德里派出所", "南站派出所", "槐荫路派出所",
        ]  # fmt: skip
        assert 2_000 <= events.retry <= 8_000
        for _ in range(3):  # nothing has changed, and nothing is sent again
            name, beat = await events.event()
            assert name == "beat"
            assert set(beat) == {"now", "as_of", "until", "version"}
            assert datetime.fromisoformat(beat["as_of"]) <= datetime.fromisoformat(beat["now"])


async def test_what_happens_reaches_the_wall(wall: Wall, people: Cast) -> None:
    await wall.enters(people.chief)
    async with wall.stream() as events:
        assert (await events.until("board"))["ways"] == []
        await rate(wall.house.services, "明德里派出所", clock.now(), satisfied=40)
        board = await events.until("board")
        assert board["ways"][0]["today"]["percent"] == "100%"
        assert board["ways"][0]["month"]["n"] == 0  # up to yesterday
        await opens(people.chen, "南站派出所")
        board = await events.until("board")
        assert board["cases"]["opened"] == 1
        await rate(wall.house.services, "望江门派出所", clock.now(), satisfied=40)
        for _ in range(3):  # another county's
            assert (await events.event())[0] == "beat"


@pytest.mark.parametrize("end", ["off", "leaves"])
async def test_it_goes_dark_while_it_hangs(wall: Wall, people: Cast, end: str) -> None:
    services = wall.house.services
    await wall.enters(people.chief)
    async with wall.stream() as events:
        await events.until("beat")
        if end == "off":
            await services.screens.off(people.chief.turn())
        else:
            async with services.engine.begin() as connection:
                gone = update(officers).where(officers.c.badge == people.chief.badge)
                await connection.execute(gone.values(active=False))
        assert await events.until("over") == {}
        with pytest.raises(EOFError):
            await events.event()
    status, page = await wall.get("/wall")
    assert status == 401
    assert "大屏已结束" in page


async def test_without_a_screen_there_is_nothing(wall: Wall, people: Cast) -> None:
    assert (await wall.get("/wall"))[0] == 401
    async with wall.stream() as events:
        assert await events.event() == ("over", {})
    async with wall.session.get(
        f"{wall.house.url}/wall/events", headers={"Cookie": f"huiyin_wall={'x' * 5000}"}
    ) as response:
        assert "over" in await response.text()


async def test_a_screen_is_no_way_to_the_desk(wall: Wall, people: Cast) -> None:
    services = wall.house.services
    token, _ = await services.screens.link(people.sub.turn())
    entered = await wall.post(f"/login/{token}", allow_redirects=False)  # the end cut off
    assert entered.headers["Location"] == "/wall"
    assert (await wall.get("/desk"))[0] == 401
    (cookie,) = list(wall.session.cookie_jar)
    wall.session.cookie_jar.update_cookies({"huiyin_staff": cookie.value})
    assert (await wall.get("/desk"))[0] == 401
    desk = Wall(wall.house)
    await desk.post(f"/login/{await services.sessions.link(people.sub.turn())}?to=wall")
    assert (await desk.get("/wall"))[0] == 401
    assert (await desk.get("/desk"))[0] == 200
    await desk.session.close()


async def test_the_link_works_once_and_says_whose_it_is(wall: Wall, people: Cast) -> None:
    token, _ = await wall.house.services.screens.link(people.chief.turn())
    for _ in range(2):  # chats look at links
        status, page = await wall.get(f"/login/{token}?to=wall")
        assert status == 200
        assert "打开大屏" in page
    entered = await wall.post(f"/login/{token}?to=wall", allow_redirects=False)
    assert (entered.status, entered.headers["Location"]) == (303, "/wall")
    assert "Max-Age=2592000" in entered.headers["Set-Cookie"]
    assert "HttpOnly" in entered.headers["Set-Cookie"]
    again = await wall.post(f"/login/{token}?to=wall")
    assert again.status == 410
    assert "请在聊天里发“大屏”" in await again.text()


async def test_pages_and_files_load_nothing_from_elsewhere(wall: Wall, people: Cast) -> None:
    await wall.enters(people.chief)
    status, page = await wall.get("/wall")
    assert status == 200
    assert "http://" not in page
    assert "https://" not in page
    for part in page.split('"'):
        if part.startswith("/wall/static/"):
            async with wall.session.get(wall.house.url + part) as response:
                assert response.status == 200
                assert "immutable" in response.headers["Cache-Control"]
                assert "default-src 'none'" in response.headers["Content-Security-Policy"]
                assert "https://" not in await response.text()
    assert (await wall.get("/wall/static/none.js"))[0] == 404


async def test_one_screen_opens_a_few_streams_and_the_gateway_so_many(
    wall: Wall, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "MOST_OF_ONE", 1)
    await wall.enters(people.chief)
    async with wall.stream() as events:
        await events.until("beat")
        async with wall.stream() as second:
            assert await second.event() == ("full", {})
            assert second.retry == stream.RETRY_FULL
            with pytest.raises(EOFError):
                await second.event()
        monkeypatch.setattr(stream, "MOST", 1)
        other = Wall(wall.house)
        await other.enters(people.other)
        async with other.stream() as third:
            assert await third.event() == ("full", {})
        await other.session.close()
        assert await events.until("beat")
    async with asyncio.timeout(PATIENCE):  # the place is free again once the gateway has noticed
        while True:
            async with wall.stream() as events:
                if (await events.event())[0] == "board":
                    return


async def test_without_the_database_the_screen_stays_and_shows_how_old_it_is(
    wall: Wall, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = wall.house.services
    await wall.enters(people.chief)
    async with wall.stream() as events:
        before = await events.until("beat")

        async def fails(*_: object) -> None:
            raise OperationalError("broken by the test", {}, OSError())

        with monkeypatch.context() as broken:
            broken.setattr(services.screens, "who", fails)
            broken.setattr(services.boards, "look", fails)
            for _ in range(3):
                name, beat = await events.event()
                assert name == "beat"
            assert beat["as_of"] >= before["as_of"]
            status, page = await wall.get("/wall")
        assert status == 503
        assert "wall.js" in page  # switched on just now, it waits by itself
        await rate(services, "明德里派出所", clock.now(), satisfied=40)
        assert (await events.until("board"))["ways"]


async def test_the_gateway_stops_while_walls_hang(
    wall: Wall, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "EVERY", 3600.0)  # no beat would end it
    await wall.enters(people.chief)
    async with wall.stream() as events:
        await events.until("beat")
        await wall.house.app.shutdown()
        with pytest.raises(EOFError):
            await events.event()
