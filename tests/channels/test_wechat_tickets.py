"""The official account's own codes: made once, kept, and what happens when it refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import select
from wechat_platform import APP_ID, WeChatPlatform

from actions.bootstrap import Services
from actions.store.tables import code_tickets
from bot import tickets
from bot.channels.wechat import WeChatChannel
from bot.tickets import Ticketed, make_tickets
from tests.installation import Servers, installation

CREATE = "qrcode/create"
type Make = Callable[..., WeChatChannel]


@pytest.fixture
async def services(databases: Servers) -> AsyncIterator[Services]:
    async with installation(databases) as wired:
        yield wired


async def make(
    services: Services, channel: WeChatChannel, below: str = "YZ-QX-NZ", app_id: str = APP_ID
) -> Ticketed:
    codes = await services.codes.listed(below, ["station", "desk", "car"])
    return await make_tickets(services.engine, channel.api, app_id, codes)


def scenes(platform: WeChatPlatform) -> list[str]:
    return [
        seen.body["action_info"]["scene"]["scene_str"]
        for seen in platform.seen
        if seen.call == CREATE
    ]


async def test_each_code_is_made_once_for_ever(
    services: Services, make_wechat: Make, wechat_platform: WeChatPlatform
) -> None:
    channel = make_wechat()
    assert await make(services, channel) == Ticketed(4, 0, "")
    assert await make(services, channel) == Ticketed(0, 4, "")
    assert scenes(wechat_platform) == ["nz-92gt", "nz-hj1-gvxq", "nz-ba-rd45", "nz-xl1-p54c"]
    bodies = [seen.body for seen in wechat_platform.seen if seen.call == CREATE]
    assert {body["action_name"] for body in bodies} == {"QR_LIMIT_STR_SCENE"}
    found = await services.org.code("nz-92gt")
    assert found is not None
    assert found.wechat is not None
    assert (found.wechat.app_id, found.wechat.url) == (APP_ID, "http://weixin/q/1")


async def test_another_account_has_codes_of_its_own(services: Services, make_wechat: Make) -> None:
    await make(services, make_wechat())
    assert await make(services, make_wechat(), app_id="wx-other") == Ticketed(4, 0, "")


async def test_what_was_made_before_the_quota_ended_is_kept(
    services: Services, make_wechat: Make, wechat_platform: WeChatPlatform
) -> None:
    good: dict[str, Any] = {"ticket": "t", "url": "http://weixin/q/2"}
    wechat_platform.replies[CREATE] = [good, good, {"errcode": 45009, "errmsg": "reach max"}]
    done = await make(services, make_wechat())
    assert (done.made, done.stood) == (2, 0)
    assert done.ended == "qrcode/create: the day's quota of this call is used up (45009)"
    assert await make(services, make_wechat()) == Ticketed(2, 2, "")


async def test_an_account_without_the_right_says_so(
    services: Services, make_wechat: Make, wechat_platform: WeChatPlatform
) -> None:
    wechat_platform.replies[CREATE] = [{"errcode": 48001, "errmsg": "api unauthorized"}]
    done = await make(services, make_wechat())
    assert done.ended == "qrcode/create: the account has no permission for this call (48001)"
    async with services.engine.connect() as connection:
        assert (await connection.execute(select(code_tickets))).all() == []


async def test_an_account_that_is_full_is_not_asked(
    services: Services,
    make_wechat: Make,
    wechat_platform: WeChatPlatform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tickets, "LIMIT", 3)
    assert await make(services, make_wechat()) == Ticketed(
        3, 0, "the account has all of its 3 codes"
    )
    assert len(scenes(wechat_platform)) == 3
