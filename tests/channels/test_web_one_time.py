"""An officer's one-time code on the page: the grades, the officer sees none of it, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from actions import clock
from actions.store.tables import one_time_codes
from bot.channels.web.parse import SCENE
from tests.cast import officer
from tests.web_house import Browser, WebHouse

type Visit = Callable[..., Browser]
ID = "a1b2c3d4e5f607{:02d}"
LABEL = "桥西分局明德里派出所 · 李警官"
MINE = "选哪一档，民警看不到"


@pytest.fixture
async def scene(house: WebHouse) -> str:
    """A code that officer Li has just asked for."""
    li = await officer(house.services, "明德里派出所", "officer")
    handed = await house.services.invitations.one_time.ask(li.turn())
    assert SCENE.fullmatch(handed.scenes[0])
    return handed.scenes[0]


async def becomes(house: WebHouse, **values: object) -> None:
    async with house.services.engine.begin() as connection:
        await connection.execute(update(one_time_codes).values(**values))


async def used(house: WebHouse) -> None:
    await becomes(house, used_at=clock.now(), used_by=clock.new_id())


async def test_the_page_offers_the_grades_at_once(
    house: WebHouse, visit: Visit, scene: str
) -> None:
    for agent in ("Mozilla/5.0", "Mozilla/5.0 MicroMessenger/8.0"):  # no detour inside WeChat
        status, html = await visit(**{"User-Agent": agent}).get(f"/s/{scene}")
        assert status == 200
        assert LABEL in html
        assert MINE in html
        assert html.count('name="grade"') == 3


async def test_in_english(visit: Visit, scene: str) -> None:
    _, html = await visit(**{"Accept-Language": "en"}).get(f"/s/{scene}")
    assert "The officer does not see which grade you choose." in html


async def test_a_sticker_says_nothing_of_it(visit: Visit) -> None:
    _, html = await visit().get("/s/mdl-hj2-cspc")
    assert MINE not in html


async def test_a_used_code_is_used_from_one_look_to_the_next(
    house: WebHouse, visit: Visit, scene: str
) -> None:
    await visit().get(f"/s/{scene}")
    await used(house)
    status, html = await visit().get(f"/s/{scene}")
    assert status == 200
    assert "这张邀码已经评过了，一张只评一次" in html
    assert 'name="grade"' not in html
    assert 'name="menu" value="rate"' in html  # the way on


async def test_an_expired_code_says_what_to_do(house: WebHouse, visit: Visit, scene: str) -> None:
    now = clock.now()
    await becomes(
        house,
        made_at=now - timedelta(hours=1),
        expires_at=now - timedelta(minutes=30),
        counts_until=now - timedelta(minutes=20),
    )
    _, html = await visit().get(f"/s/{scene}")
    assert "这张邀码过了时间" in html
    assert "请民警再给一张" in html
    assert 'name="grade"' not in html


async def test_who_taps_second_is_told_so_and_nothing_more_is_asked(
    house: WebHouse, visit: Visit, scene: str
) -> None:
    """Both had the page in front of them; the answer to the scan is the dialogue's."""
    second = visit()
    await second.get(f"/s/{scene}")
    await used(house)
    await second.says(id=ID.format(1), scene=scene, grade="satisfied")
    assert house.rasa.words == ["scan"]  # the grade goes nowhere
