"""Messages that the account sends, and when the fake refuses them."""

import asyncio
from typing import Any

import aiohttp
import pytest
from simulated_world import Build, World

SEND = "/cgi-bin/message/custom/send"
MENU = {
    "head_content": "这次办得怎么样？",
    "list": [{"id": "t1", "content": "满意"}, {"id": "t2", "content": "不满意"}],
    "tail_content": "也可以直接写",
}


async def test_a_message_shows_on_the_phone(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    assert await world.send(await citizen.identity(), "收到") == 0
    heard = await citizen.hears("收到")
    assert (heard.via, heard.direction) == ("customer", "received")


async def test_nobody_and_non_followers_are_refused(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    assert await world.send("oNobody") == 40003
    assert await world.send(await citizen.identity()) == 43004
    await citizen.follows()
    assert await world.send(await citizen.identity()) == 0
    await citizen.unfollows()
    assert await world.send(await citizen.identity()) == 43004


async def test_after_a_message_five_may_be_sent(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    openid = await citizen.identity()
    assert [await world.send(openid) for _ in range(6)] == [0] * 5 + [45047]
    await citizen.says("在吗")
    assert await world.send(openid) == 0
    await world.driver.advances(48 * 3600)
    assert await world.send(openid) == 45015


@pytest.mark.parametrize("touch", ["scan", "click", "follow"])
async def test_after_a_touch_three_may_be_sent_within_a_minute(world: World, touch: str) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.does(touch, scene="s", key="rate")
    openid = await citizen.identity()
    assert [await world.send(openid) for _ in range(4)] == [0] * 3 + [45047]
    await citizen.does(touch, scene="s", key="rate")
    await world.driver.advances(61)
    assert await world.send(openid) == 45015


async def test_a_tap_on_a_menu_message_opens_only_the_short_window(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    openid = await citizen.identity()
    await world.call(SEND, {"touser": openid, "msgtype": "msgmenu", "msgmenu": MENU})
    await world.driver.advances(48 * 3600)
    await citizen.taps("满意")
    assert await world.send(openid) == 0
    await world.driver.advances(61)
    assert await world.send(openid) == 45015


async def test_a_menu_message_is_tapped_and_comes_back_as_text(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    body = {"touser": await citizen.identity(), "msgtype": "msgmenu", "msgmenu": MENU}
    assert (await world.call(SEND, body))["errcode"] == 0
    heard = await citizen.hears("这次办得怎么样")
    assert [c.label for c in heard.choices] == ["满意", "不满意"]
    assert heard.tail == "也可以直接写"
    await citizen.taps("不满意")
    tapped = world.gateway.callbacks[-1]
    assert (tapped["MsgType"], tapped["Content"], tapped["bizmsgmenuid"]) == (
        "text",
        "不满意",
        "t2",
    )


async def test_menu_links_in_the_words_can_be_tapped_too(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    words = (
        '请选：<a href="weixin://bizmsgmenu?msgmenucontent=%E6%BB%A1%E6%84%8F&amp;msgmenuid=t9">'
        '1 满意</a> <a href="https://example.org/x">看说明</a>'
    )
    await world.send(await citizen.identity(), words)
    heard = await citizen.hears("请选：1 满意 看说明")
    assert [part.get("href") for part in heard.parts if "href" in part] == ["https://example.org/x"]
    await citizen.taps("满意")
    assert world.gateway.callbacks[-1]["bizmsgmenuid"] == "t9"


async def test_a_subscription_account_has_no_menu_messages_codes_or_templates(
    build: Build,
) -> None:
    world = await build(account="subscription")
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    openid = await citizen.identity()
    menu = {"touser": openid, "msgtype": "msgmenu", "msgmenu": MENU}
    assert (await world.call(SEND, menu))["errcode"] == 40200
    code = {"action_name": "QR_STR_SCENE"}
    assert (await world.call("/cgi-bin/qrcode/create", code))["errcode"] == 48001
    card = {"touser": openid, "template_id": "t", "data": {}}
    assert (await world.call("/cgi-bin/message/template/send", card))["errcode"] == 48001


async def test_what_cannot_be_shown_is_refused_and_not_counted(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    openid = await citizen.identity()

    async def code(kind: str, content: Any) -> int:
        body = {"touser": openid, "msgtype": kind, kind: content}
        return int((await world.call(SEND, body))["errcode"])

    assert await code("text", {"content": " "}) == 44004
    assert await code("text", {"content": "好" * 683}) == 45002
    assert await code("image", {"media_id": "none"}) == 40007
    assert await code("image", {}) == 41006
    assert await code("msgmenu", {"list": []}) == 40035
    assert await code("hologram", {}) == 40008
    assert await code("text", "words") == 40008
    assert await code("text", {"content": "好" * 682}) == 0
    assert [await world.send(openid) for _ in range(5)] == [0] * 4 + [45047]


async def test_a_body_that_is_no_object_is_refused(world: World) -> None:
    url = f"{world.url}/wechat{SEND}?access_token={await world.token()}"
    for body, code in ((b"", 44002), (b"{", 47001), (b"[1]", 47001)):
        async with world.session.post(url, data=body) as response:
            assert (await response.json())["errcode"] == code


async def test_a_template_message_of_the_same_key_is_shown_once(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.follows()
    card = {"touser": await citizen.identity(), "template_id": "T", "client_msg_id": "d1"}
    card["data"] = {"number": {"value": "Q26-0017"}}
    for _ in range(2):
        assert (await world.call("/cgi-bin/message/template/send", card))["errcode"] == 0
    shown = [entry for entry in await citizen.transcript() if entry.via == "template"]
    assert len(shown) == 1


async def test_a_template_message_is_reported_afterwards(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.follows()
    world.gateway.arrived.clear()
    body = {
        "touser": await citizen.identity(),
        "template_id": "TPL",
        "url": "https://example.org/case",
        "data": {"number": {"value": "Q26-0017"}, "state": {"value": "已答复"}},
    }
    answer = await world.call("/cgi-bin/message/template/send", body)
    assert answer["errcode"] == 0
    assert (await citizen.hears("Q26-0017", "已答复")).via == "template"
    await asyncio.wait_for(world.gateway.arrived.wait(), 5)
    report = world.gateway.callbacks[-1]
    assert report["Event"] == "TEMPLATESENDJOBFINISH"
    assert (report["MsgID"], report["Status"]) == (str(answer["msgid"]), "success")
    assert "MsgId" not in report


async def test_a_notice_needs_consent_each_time(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    body = {
        "touser": await citizen.identity(),
        "template_id": "TPL",
        "data": {"thing1": {"value": "已答复"}},
    }
    path = "/cgi-bin/message/subscribe/bizsend"
    assert (await world.call(path, body))["errcode"] == 43101
    await citizen.accepts_notice("TPL")
    assert (await world.call(path, body))["errcode"] == 0
    assert (await citizen.hears("已答复")).via == "subscribe"
    assert (await world.call(path, body))["errcode"] == 43101


async def test_a_notice_takes_no_more_than_its_fields_hold(world: World) -> None:
    """And does not count then."""
    citizen = world.driver.wechat("陈女士")
    body = {"touser": await citizen.identity(), "template_id": "TPL"}
    await citizen.accepts_notice("TPL")
    path, codes = "/cgi-bin/message/subscribe/bizsend", []
    for length in (21, 20):
        data = {"thing1": {"value": "长" * length}, "remark": {"value": "长" * 99}}
        codes.append((await world.call(path, {**body, "data": data}))["errcode"])
    assert codes == [47003, 0]


async def test_faults_come_as_ordered_and_end(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    openid = await citizen.identity()
    await world.driver.breaks(SEND, errcode=-1, times=2)
    assert [await world.send(openid) for _ in range(3)] == [-1, -1, 0]
    await world.driver.breaks("custom/send", status=502)
    url = f"{world.url}/wechat{SEND}"
    async with world.session.post(url, json={}) as response:
        assert response.status == 502
    await world.driver.breaks(SEND, errcode=45011)
    await world.driver.mends()
    assert await world.send(openid) == 0
    with pytest.raises(AssertionError, match="unexpected"):
        await world.driver.breaks(SEND, colour="red")


async def test_user_info_tells_followers_from_others(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    openid = await citizen.identity()
    path = "/cgi-bin/user/info"
    assert await world.call(path, openid=openid) == {"subscribe": 0, "openid": openid}
    await citizen.scan("desk-1")
    known = await world.call(path, openid=openid)
    assert (known["subscribe"], known["qr_scene_str"]) == (1, "desk-1")
    assert (await world.call(path, openid="oNobody"))["errcode"] == 40003


async def test_the_fixed_menu_can_be_made(world: World) -> None:
    buttons = [{"type": "click", "name": "评一评", "key": "rate"}]
    answer = await world.call("/cgi-bin/menu/create", {"button": buttons})
    assert answer["errcode"] == 0
    assert await world.call("/cgi-bin/menu/get") == {"menu": {"button": buttons}}
    assert (await world.call("/cgi-bin/menu/create", {"button": []}))["errcode"] == 40035


async def upload(world: World, data: bytes, kind: str, content_type: str) -> dict[str, Any]:
    form = aiohttp.FormData()
    form.add_field("media", data, filename="x", content_type=content_type)
    url = f"{world.url}/wechat/cgi-bin/media/upload"
    query = {"access_token": await world.token(), "type": kind}
    async with world.session.post(url, params=query, data=form) as response:
        return dict(await response.json())


async def test_media_live_three_days(world: World) -> None:
    made = await upload(world, b"picture", "image", "image/png")
    url = f"{world.url}/wechat/cgi-bin/media/get"

    async def get() -> aiohttp.ClientResponse:
        query = {"access_token": await world.token(), "media_id": made["media_id"]}
        return await world.session.get(url, params=query)

    async with await get() as response:
        assert response.content_type == "image/png"
        assert await response.read() == b"picture"
    await world.driver.advances(3 * 86_400)
    async with await get() as response:
        assert (await response.json())["errcode"] == 40007


async def test_a_picture_can_be_sent_and_a_video_is_an_address(world: World) -> None:
    citizen = world.driver.wechat("陈女士")
    await citizen.says("你好")
    made = await upload(world, b"picture", "image", "image/png")
    body = {
        "touser": await citizen.identity(),
        "msgtype": "image",
        "image": {"media_id": made["media_id"]},
    }
    assert (await world.call(SEND, body))["errcode"] == 0
    await citizen.sends_video(b"film")
    key = world.gateway.callbacks[-1]["MediaId"]
    address = (await world.call("/cgi-bin/media/get", media_id=key))["video_url"]
    async with world.session.get(address) as response:
        assert await response.read() == b"film"


@pytest.mark.parametrize(
    ("kind", "size", "code"), [("poster", 1, 40004), ("image", 0, 41005), ("thumb", 65_537, 45001)]
)
async def test_media_that_do_not_fit_are_refused(
    world: World, kind: str, size: int, code: int
) -> None:
    assert (await upload(world, b"x" * size, kind, "image/png"))["errcode"] == code
