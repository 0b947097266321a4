"""Handan: the 12345 hotline hands a matter over, and hears what became of it.

The matter comes by the gateway's own API; the results go to a fake hotline that checks signatures
and is out of order for a while. Working days by hand: 8 May 2026 is a Friday, Saturday 9 is worked.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from actions import clock
from actions.feeds.case_feeds import Tells
from actions.feeds.sources import Source
from actions.store.tables import cases, deliveries
from bot.simulator.hotline import Hotline, file, seen
from tests.scenarios.phones import labels
from tests.scenarios.story import Story, telling

GD = "YZ12345-20260508-0031"
MATTER: dict[str, object] = {
    "number": GD,
    "category": "服务态度",
    "title": "反映明德里派出所窗口态度",
    "words": "5 月 7 日上午去办身份证，窗口民警说话很凶，材料也没讲清。",
    "unit": "明德里派出所",
    "name": "陈女士",
    "phone": "139 0000 0007",
    "filed_at": "2026-05-08 08:58",
    "until": "2026-05-12 12:00",
}


@dataclass(frozen=True, slots=True)
class Hall:
    """The story, the hotline's own server, and its key here."""

    story: Story
    hotline: Hotline
    key: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.story.stack.ports.gateway}"


@pytest.fixture(scope="module")
async def hall() -> AsyncIterator[Hall]:
    async with telling("handan", begins="2026-05-08 08:50") as story:
        hotline = Hotline(now=lambda: clock.now().timestamp())
        async with TestServer(hotline.app()) as server:
            keys = await story.services.elsewhere.feeds.add(
                "yz12345",
                Source.HOTLINE_12345,
                "12345",
                Tells.FEED,
                str(server.make_url("/results")),
            )
            hotline.secrets = [keys.secret]
            yield Hall(story, hotline, keys.key)


async def test_from_the_hotline_and_back(hall: Hall) -> None:
    story, hotline = hall.story, hall.hotline
    centre, li = story.officer("沈警官"), story.officer("李警官")

    # --- Friday 8 May: everything comes to the centre first, with where it came from.
    await story.at("2026-05-08 09:00")
    answer = await file(hall.url, hall.key, [MATTER])
    assert (answer["status"], answer["opened"]) == (200, 1)
    number = answer["cases"][0]["case"]
    assert len(answer["cases"][0]["code"]) == 6, "the hotline can tell its caller"
    card = await centre.hears(f"新件 {number} 投诉", "云州市公安局", "涉及：明德里派出所")
    assert f"来自12345 热线，原编号 {GD}。" in card.text
    assert "原类别：服务态度。" in card.text
    assert "电话 陈某某 139****0007" in card.text
    # Ours would be the 14th, the hotline wants it on the 12th.
    assert "5 月 12 日（周二）12:00 前答复" in card.text

    # --- Dispatched, accepted: the hotline hears of it, although it is out of order at first.
    hotline.fails(500, times=2)
    await centre.types(f"分派 {number}")
    asked = await centre.hears("派给哪个单位")
    assert labels(asked)[0] == "桥西分局明德里派出所"
    await centre.presses("桥西分局明德里派出所")
    await centre.hears(number, "已分派给桥西分局明德里派出所")
    await li.hears(f"新件 {number} 投诉", "来自12345 热线")
    await li.presses("接单")
    await li.hears("接单成功")
    accepted = await hotline.told(GD, "accepted")
    assert accepted["case"] == number
    assert accepted["text"] == f"{number} 已有民警接手，5 月 12 日（周二）12:00 前答复。"
    assert hotline.calls == 3, "twice out of order, then taken"

    # --- /case shows where it came from.
    await li.types(number)
    await li.hears(f"来源：12345 热线 {GD}", "原类别：服务态度", "陈某某 13900000007")

    # --- Mended, handed in, reviewed: the result arrives signed.
    await li.types(f"整改 {number} 已批评教育，窗口挂出材料清单")
    await li.hears(f"整改记下了：{number}")
    await li.types(f"答复 {number} 已向您当面道歉，窗口已挂出材料清单。")
    await li.hears(number, "已交复核")
    await centre.hears(number, "等您复核")
    await centre.presses("通过")
    result = await hotline.told(GD, "answered")
    assert result["text"] == "已向您当面道歉，窗口已挂出材料清单。"
    assert [each["seq"] for each in hotline.results] == [1, 2]
    assert "李" not in str(hotline.results), "no name of the staff"
    assert hotline.refused == []

    shown = await seen(hall.url, hall.key, GD)
    assert (shown["case"], shown["state"]) == (number, "answered")
    assert shown["answer"] == result["text"]

    # --- The centre asks her again by phone, and the hotline hears how it ended.
    await centre.types(f"复访 {number} 满意 陈女士表示认可")
    await centre.hears(number, "复访，群众满意", "已办结")
    closed = await hotline.told(GD, "closed")
    assert (closed["grade"], closed["closed_as"]) == ("satisfied", "revisited")
    assert closed["text"] == f"{number} 已办结，群众评价：满意。"
    assert "表示认可" not in str(hotline.results), "what she said on the phone stays here"


async def test_the_whole_history_again_changes_nothing(hall: Hall) -> None:
    story = hall.story
    query = select(
        select(func.count()).select_from(cases).scalar_subquery(),
        select(func.count()).select_from(deliveries).scalar_subquery(),
    )
    async with story.services.engine.connect() as connection:
        before = (await connection.execute(query)).one()
    answer = await file(hall.url, hall.key, [MATTER])
    assert (answer["known"], answer["opened"]) == (1, 0)
    async with story.services.engine.connect() as connection:
        assert (await connection.execute(query)).one() == before
    assert hall.hotline.calls == 5


async def test_the_caller_is_told_by_the_hotline_alone(hall: Hall) -> None:
    """No SMS went to the number that the hotline gave."""
    query = select(func.count()).select_from(deliveries).where(deliveries.c.via.like("%sms%"))
    async with hall.story.services.engine.connect() as connection:
        assert (await connection.execute(query)).scalar_one() == 0
